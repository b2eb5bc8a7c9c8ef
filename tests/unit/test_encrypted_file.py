"""Secrets in a file encrypted with a passphrase: what is kept comes back, Debian's `age` opens it, and what cannot."""

import json
import subprocess
import sys

import pytest

from tests.unit.age import need_age, opened_by_age, quick_age, sealed_by_age  # noqa: F401 - one is a fixture
from wizard.plan.secret import Secret
from wizard.storage import age_text, age_writer
from wizard.storage.age_text import SealError, WrongPassphraseError, seal, unseal
from wizard.storage.secret_store import SecretStoreError
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore, file_of

PASSPHRASE = Secret("correct horse é漢")
VALUE = "pass word'\"\\$`#é漢\nsecond line"


@pytest.fixture
def secret_store(tmp_path) -> EncryptedFileStore:
    return EncryptedFileStore(PASSPHRASE, tmp_path / "secrets")


@pytest.mark.usefixtures("quick_age")
def test_what_was_kept_comes_back_and_the_last_value_takes_the_file_along(secret_store, tmp_path):
    secret_store.change("c1", {"a": Secret(VALUE), "b": Secret("")})
    path = file_of("c1", tmp_path / "secrets")
    assert secret_store.all("c1") == {"a": Secret(VALUE), "b": Secret("")}
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "pass word" not in path.read_text()
    secret_store.delete("c1", "a")
    assert secret_store.names("c1") == ["b"]
    secret_store.delete("c1", "b")
    assert not path.exists()


@need_age
def test_debians_age_opens_the_file_and_what_age_wrote_is_opened(secret_store, tmp_path):
    secret_store.set("c1", "a", Secret(VALUE))
    path = file_of("c1", tmp_path / "secrets")
    assert json.loads(opened_by_age(path, PASSPHRASE.reveal())) == {"schema": 1, "secrets": {"a": VALUE}}
    path.unlink()
    sealed_by_age(path, json.dumps({"schema": 1, "secrets": {"a": "from age"}}), PASSPHRASE.reveal())
    assert secret_store.get("c1", "a") == Secret("from age")


@pytest.mark.usefixtures("quick_age")
def test_a_wrong_passphrase_is_told_and_nothing_is_overwritten_by_it(secret_store, tmp_path):
    secret_store.set("c1", "a", Secret(VALUE))
    path = file_of("c1", tmp_path / "secrets")
    before = path.read_bytes()
    with pytest.raises(WrongPassphraseError, match="The passphrase is wrong, or the encrypted file is damaged"):
        EncryptedFileStore(Secret("another"), tmp_path / "secrets").set("c1", "a", Secret("x"))
    assert path.read_bytes() == before


def _armoured(header: bytes) -> bytes:
    import base64

    letters = base64.encodebytes(header).decode()
    return f"-----BEGIN AGE ENCRYPTED FILE-----\n{letters}-----END AGE ENCRYPTED FILE-----\n".encode()


HEADER = (
    b"age-encryption.org/v1\n-> scrypt QeQdSwlqWPwsLiRLdVQyVg %s\nZn2zET+RihIQWWAZHI+edUtoKq76DK30ek5MPmufvn8\n--- x\n"
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no file that was encrypted with a passphrase"),
        (b"APP_KEY=x\n", "no file that was encrypted with a passphrase"),
        (b"age-encryption.org/v1\n-> X25519 abc\n", "no file that was encrypted with a passphrase"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n!!!!\n", "no file that was encrypted with a passphrase"),
        (HEADER % b"19", "too much memory: its work factor is 19, and 18 is the most. “age -d” opens it."),
        (_armoured(HEADER % b"63"), "too much memory: its work factor is 63"),
    ],
    ids=["empty", "plain", "to-a-key", "no-armour", "heavy", "heavy-armoured"],
)
def test_what_is_no_such_file_or_costs_too_much_is_refused_before_it_is_opened(data, words):
    with pytest.raises(SealError, match=words):
        unseal(data, PASSPHRASE)


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 131072, 200_000])
@pytest.mark.usefixtures("quick_age")
def test_a_text_of_any_length_comes_back(size):
    text = "".join(chr(33 + number % 90) for number in range(size))
    assert unseal(seal(text, PASSPHRASE).encode(), PASSPHRASE) == text


@pytest.mark.usefixtures("quick_age")
def test_a_changed_letter_anywhere_is_noticed():
    lines = seal("x" * 100, PASSPHRASE).splitlines(keepends=True)
    for number, line in enumerate(lines[1:-1], start=1):
        changed = ("B" if line[7] == "A" else "A").join((line[:7], line[8:]))
        with pytest.raises(SealError):
            unseal("".join([*lines[:number], changed, *lines[number + 1 :]]).encode(), PASSPHRASE)


MEASURED = """
from pathlib import Path
from wizard.cli import main
from wizard.plan.secret import Secret
from wizard.storage import age_text, age_writer
from wizard.storage.age_text import seal, unseal
assert unseal(seal("x", Secret("p")).encode(), Secret("p")) == "x"
[peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(int(peak) << 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells peak memory")
def test_encrypting_and_opening_take_no_more_memory_than_any_reader():
    done = subprocess.run([sys.executable, "-c", MEASURED], check=True, capture_output=True)
    assert 128 << 20 < int(done.stdout) < 300_000_000


def test_a_file_of_a_former_version_needs_the_memory_that_its_factor_takes(secret_store, tmp_path, monkeypatch):
    path = file_of("c1", tmp_path / "secrets")
    path.parent.mkdir()
    monkeypatch.setattr(age_text, "_free_memory", lambda: 1000 << 20)
    path.write_bytes(HEADER % b"20")
    with pytest.raises(SealError, match="Opening it takes 1024 MiB of memory, and 1000 MiB are free"):
        secret_store.names("c1")
    path.write_bytes(HEADER % b"21")
    with pytest.raises(SealError, match="its work factor is 21, and 20 is the most"):
        secret_store.names("c1")


@pytest.mark.slow
def test_a_file_of_a_former_version_is_opened_and_costs_less_after_the_next_save(secret_store, tmp_path, monkeypatch):
    path = file_of("c1", tmp_path / "secrets")
    path.parent.mkdir()
    with monkeypatch.context() as former:
        former.setattr(age_writer, "FACTOR", 19)
        path.write_text(seal('{"schema": 1, "secrets": {"a": "of a former version"}}', PASSPHRASE))
    secret_store.set("c1", "b", Secret("x"))
    assert secret_store.get("c1", "a") == Secret("of a former version")
    head = age_text._head(path.read_bytes())
    assert head.splitlines()[1].endswith(b" 17")


def test_a_damaged_file_is_told():
    with pytest.raises(WrongPassphraseError):
        unseal(HEADER % b"2", PASSPHRASE)


@pytest.mark.parametrize(("passphrase", "words"), [("", "is empty"), ("\udcff", "not text in UTF-8")])
def test_a_passphrase_that_is_none_is_refused(passphrase, words):
    with pytest.raises(SealError, match=words):
        seal("x", Secret(passphrase))


@pytest.mark.usefixtures("quick_age")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "holds something else"),
        ("{", "holds something else"),
        ('{"schema": 2, "secrets": {}}', "newer version"),
    ],
)
def test_a_file_with_something_else_in_it_is_told(secret_store, tmp_path, text, words):
    path = file_of("c1", tmp_path / "secrets")
    path.parent.mkdir()
    path.write_text(seal(text, PASSPHRASE))
    with pytest.raises(SecretStoreError, match=words):
        secret_store.names("c1")


@pytest.mark.usefixtures("quick_age")
def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "secrets").write_text("a file")
    with pytest.raises(SecretStoreError, match="cannot be"):
        EncryptedFileStore(PASSPHRASE, tmp_path / "secrets").set("c1", "a", Secret("x"))


def test_what_is_no_identity_of_a_cluster_names_no_file():
    with pytest.raises(SecretStoreError, match="no identity"):
        file_of("../../etc/passwd")


def test_the_library_is_loaded_only_when_a_file_is_encrypted_or_opened():
    code = (
        "import sys, wizard.storage.secret_store.encrypted_file, wizard.cli.secrets; "
        "assert not {'pyrage', 'cryptography'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
