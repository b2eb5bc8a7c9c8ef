"""Command secrets: where each is, keeping, forgetting and moving; no value is shown but on a terminal, when asked."""

import io
import re
import shlex
import sys
from pathlib import Path

import keyring
import pytest

from tests.patience import patience
from tests.unit.age import quick_age  # noqa: F401 - a fixture
from tests.unit.keyrings import UNUSABLE
from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_secret_store import MemoryKeyring
from wizard.cli import passphrase
from wizard.plan.secret import Secret
from wizard.storage.secret_store import open_secret_store
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore, file_of
from wizard.storage.secret_store.os_keyring import SERVICE

pytestmark = pytest.mark.usefixtures("quick_age")

ID, NAME, VALUE = good_plan().id, "database.password", "kT7-quite.secret_value"


@pytest.fixture
def backend(monkeypatch):
    """A stand-in for the Secret Service: a real one is met in tests/live/test_keyring.py."""
    backend = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    monkeypatch.setattr(MemoryKeyring, "__module__", "keyring.backends.SecretService")
    return backend


@pytest.fixture
def phrase(monkeypatch):
    monkeypatch.setenv(passphrase.VARIABLE, "correct horse")
    return Secret("correct horse")


@pytest.fixture
def piped(monkeypatch):
    """Feed standard input."""

    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


@pytest.fixture
def typed(monkeypatch):
    """Sit at a terminal and answer each question."""
    questions = []

    def answer(*answers: str) -> list[str]:
        left = list(answers)
        monkeypatch.setattr(passphrase, "at_terminal", lambda: True)

        def asked(prompt, stream=None):
            questions.append(prompt)
            return left.pop(0)

        monkeypatch.setattr("getpass.getpass", asked)
        return questions

    return answer


def test_a_value_goes_from_standard_input_into_the_keyring_and_out_again(program, good, backend, piped):
    piped(f"{VALUE}\n".encode())
    done = program("secrets", "set", good, NAME)
    assert (done.code, done.out, done.err) == (0, "", f"{NAME} is kept in: keyring.\n")
    assert backend.entries[SERVICE, f"{ID}/{NAME}"] == VALUE
    done = program("secrets", "list", good)
    assert [line.split()[1:] for line in done.out.splitlines() if line.startswith(NAME)] == [["keyring"]]
    assert VALUE not in done.out + done.err
    done = program("secrets", "remove", good, NAME)
    assert (done.code, done.err) == (0, f"Removed: {NAME}.\n")
    assert backend.entries == {}


def test_without_a_keyring_a_value_goes_into_the_encrypted_file_and_a_check_has_it(program, good, piped, phrase):
    piped(VALUE.encode())
    assert program("secrets", "set", good, NAME).code == 0
    assert EncryptedFileStore(phrase).all(ID) == {NAME: Secret(VALUE)}
    done = program("secrets", "list", good)
    assert [line.split("  ")[-1] for line in done.out.splitlines() if line.startswith(NAME)] == ["encrypted file"]
    assert "No keyring was found" in done.err
    told = program("check", good, "--only", "plan")
    assert NAME not in told.err


def test_moving_takes_all_along_reads_back_and_leaves_nothing_behind(program, good, backend, phrase):
    for name, secret in SECRETS.items():
        program_store(backend).set(ID, name, secret)
    done = program("secrets", "move", good, "--to", "file")
    assert done.code == 0, done.err
    assert backend.entries == {}
    assert EncryptedFileStore(phrase).all(ID) == SECRETS
    done = program("secrets", "move", good, NAME, "--to", "keyring")
    assert (done.code, done.err) == (0, f"Moved to keyring: {NAME}.\n")
    assert backend.entries[SERVICE, f"{ID}/{NAME}"] == SECRETS[NAME].reveal()
    assert NAME not in EncryptedFileStore(phrase).all(ID)


def program_store(backend):
    from wizard.storage.secret_store.os_keyring import KeyringStore

    return KeyringStore(backend, "the test's keyring")


def test_what_cannot_be_written_stays_where_it_was(program, good, backend, phrase, tmp_path):
    program_store(backend).set(ID, NAME, Secret(VALUE))
    file_of(ID).parent.parent.mkdir(parents=True, exist_ok=True)
    file_of(ID).parent.write_text("in the way")
    done = program("secrets", "move", good, "--to", "file")
    assert done.code == 2
    assert "cannot be" in done.err
    assert backend.entries[SERVICE, f"{ID}/{NAME}"] == VALUE


def test_a_person_types_a_value_and_a_new_passphrase_twice(program, good, typed):
    questions = typed("correct horse", "correct horse", VALUE)
    questions.clear()
    typed(VALUE, "correct horse", "correct horse")
    done = program("secrets", "set", good, NAME)
    assert done.code == 0, done.err
    assert [question.split(" ")[0] for question in questions] == ["Value", "New", "The"]
    assert EncryptedFileStore(Secret("correct horse")).all(ID) == {NAME: Secret(VALUE)}


def test_two_passphrases_that_differ_write_nothing(program, good, typed):
    typed(VALUE, "correct horse", "correct hose")
    done = program("secrets", "set", good, NAME)
    assert (done.code, file_of(ID).exists()) == (2, False)
    assert "differ" in done.err


def test_a_wrong_passphrase_is_asked_for_again_and_one_from_the_environment_is_not(program, good, typed, monkeypatch):
    EncryptedFileStore(Secret("correct horse")).set(ID, NAME, Secret(VALUE))
    questions = typed("wrong", "correct horse")
    done = program("secrets", "list", good)
    assert done.code == 0
    assert "passphrase is wrong" in done.err
    assert len(questions) == 2
    monkeypatch.setenv(passphrase.VARIABLE, "wrong")
    done = program("secrets", "list", good)
    assert done.code == 2
    assert "passphrase is wrong" in done.err


def test_where_nobody_gives_the_passphrase_a_check_says_how_and_goes_on(program, good):
    EncryptedFileStore(Secret("correct horse")).set(ID, NAME, Secret(VALUE))
    for words in (("secrets", "list", good), ("check", good, "--only", "plan")):
        done = program(*words)
        assert done.code in {0, 3}
        assert "give its passphrase in NCW_PASSPHRASE, or on a terminal" in done.err


def test_where_nobody_gives_the_passphrase_no_secret_is_said_to_be_nowhere(program, good, backend):
    EncryptedFileStore(Secret("correct horse")).set(ID, NAME, Secret(VALUE))
    done = program("secrets", "list", good)
    assert "not known: the encrypted file is closed" in done.out
    assert "nowhere" not in done.out


def test_values_are_shown_on_a_terminal_alone(program, good, backend, monkeypatch):
    program_store(backend).set(ID, NAME, Secret(VALUE))
    done = program("secrets", "list", good, "--show")
    assert (done.code, VALUE in done.out) == (2, False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    done = program("secrets", "list", good, "--show")
    assert (done.code, VALUE in done.out) == (0, True)


def test_an_entry_that_somebody_removed_from_the_keyring_is_told(program, good, backend):
    program_store(backend).set(ID, NAME, Secret(VALUE))
    del backend.entries[SERVICE, f"{ID}/{NAME}"]
    done = program("secrets", "list", good)
    assert "lost: the keyring has it no longer" in done.out


@pytest.mark.parametrize("state", UNUSABLE)
@pytest.mark.parametrize("words", [("secrets", "list"), ("secrets", "set"), ("check",)], ids=" ".join)
def test_a_keyring_that_cannot_be_used_is_told_with_a_way_on(program, good, monkeypatch, piped, state, words):
    made = UNUSABLE[state].make()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    if state != "none":
        monkeypatch.setattr(type(made), "__module__", "keyring.backends.SecretService")
    monkeypatch.setattr(open_secret_store, "__defaults__", (0.05 if state == "hanging" else patience(),))
    piped(b"x")
    given = {"list": (good,), "set": (good, NAME), "check": (good, "--only", "plan")}[words[-1]]
    done = program(*words, *given)
    assert UNUSABLE[state].says in done.err
    assert UNUSABLE[state].way_on in done.err
    assert done.code == {"list": 0, "set": 2, "check": 0}[words[-1]], done
    assert VALUE not in done.out + done.err


def test_a_value_too_long_for_windows_goes_in_and_comes_out_whole(program, good, backend, piped, monkeypatch):
    long = "-----BEGIN KEY-----\n" + "A" * 5000
    piped(long.encode())
    assert program("secrets", "set", good, NAME).code == 0
    assert max(len(value.encode("utf-16-le")) for value in backend.entries.values()) <= 2560
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "A" * 5000 in program("secrets", "list", good, "--show").out


def test_a_value_that_somebody_changed_in_the_keyring_counts(program, good, backend, monkeypatch):
    program_store(backend).set(ID, NAME, Secret(VALUE))
    backend.entries[SERVICE, f"{ID}/{NAME}"] = "changed-by-hand"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = program("secrets", "list", good, "--show").out
    assert ("changed-by-hand" in shown, VALUE in shown) == (True, False)


@pytest.mark.parametrize(
    ("words", "data", "says"),
    [
        (("set", "cluster.yaml", "database.pasword"), b"x", "The plan names no secret “database.pasword”"),
        (("set", "cluster.yaml", NAME), b"\n", "No value was given"),
        (("set", "cluster.yaml", NAME), b"\xff", "not text in UTF-8"),
        (("set", "cluster.yaml", NAME), b"x" * (1 << 20) + b"x", "longer than 1048576 bytes"),
        (("set", "cluster.yaml", NAME, "--in", "keyring"), b"x", "No keyring was found"),
        (("set", "cluster.yaml", NAME), b"x", "give its passphrase in NCW_PASSPHRASE"),
        (("remove", "cluster.yaml", NAME), b"", f"Kept nowhere: {NAME}"),
        (("move", "cluster.yaml", "--to", "keyring"), b"", "There is nothing to move"),
        (("list", "nowhere.yaml"), b"", "no file and no saved cluster"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_two(program, good, piped, words, data, says):
    piped(data)
    done = program("secrets", *words)
    assert says in done.err
    assert done.code == (0 if "nothing to move" in says else 2)
    assert "fault" not in done.err


def test_an_export_encrypts_and_a_check_of_the_bundle_asks_for_the_passphrase(program, good, phrase, monkeypatch):
    done = program("export", good, "bundle", "--secrets", "encrypted", "--secrets-file", "secrets.env")
    assert done.code == 0, done.err
    told = program("check", "bundle", "--only", "plan")
    assert (told.code, "Not at hand" in told.err) == (0, False)
    monkeypatch.setenv(passphrase.VARIABLE, "another")
    assert program("check", "bundle", "--only", "plan").code == 2
    monkeypatch.delenv(passphrase.VARIABLE)
    told = program("check", "bundle", "--only", "plan")
    assert "bundle/secrets.env.age is encrypted: give its passphrase in NCW_PASSPHRASE" in told.err
    assert "Not at hand" in told.err
    done = program("export", good, "other", "--secrets", "encrypted", "--secrets-file", "secrets.env")
    assert (done.code, "give its passphrase" in done.err) == (2, True)


def test_a_reference_is_followed_once_the_admin_has_named_it(program, good, monkeypatch):
    monkeypatch.setenv("PRODUCTION_PASSWORD", VALUE)
    known = {name: secret for name, secret in SECRETS.items() if name != NAME}
    monkeypatch.setattr("wizard.cli.sources.gather_secrets", lambda plan, opened, *_a, **_k: {**known, **opened})
    check = ("check", good, "--only", "database.connect")
    done = program("secrets", "set", good, NAME, "--from", "env:PRODUCTION_PASSWORD")
    assert (done.code, done.err) == (0, f"{NAME} comes from env:PRODUCTION_PASSWORD; that stands in {good}.\n")
    assert "Not at hand" not in program(*check).err
    done = program("secrets", "list", good)
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith(NAME)] == ["env:PRODUCTION_PASSWORD"]
    done = program("secrets", "set", good, NAME)
    assert (done.code, "Remove that first" in done.err) == (2, True)
    assert program("secrets", "remove", good, NAME).code == 0
    assert "env:" not in Path(good).read_text()


def test_a_reference_in_a_file_from_elsewhere_is_followed_only_when_the_call_says_so(program, good, monkeypatch):
    monkeypatch.setenv("PRODUCTION_PASSWORD", VALUE)
    known = {name: secret for name, secret in SECRETS.items() if name != NAME}
    monkeypatch.setattr("wizard.cli.sources.gather_secrets", lambda plan, opened, *_a, **_k: {**known, **opened})
    text = (
        Path(good)
        .read_text()
        .replace("{secret: database.password}", "{secret: database.password, from: env:PRODUCTION_PASSWORD}")
    )
    Path(good).write_text(text)
    check = ("check", good, "--only", "database.connect")
    done = program(*check)
    assert "followed only if you say so: with --follow-references" in done.err
    assert "Not at hand: database.password" in done.err
    assert "Not at hand" not in program(*check, "--follow-references").err
    assert "followed only" in program(*check).err


def test_what_is_no_cluster_file_names_no_place(program, good):
    Path("cluster.env").write_text("DB_PASSWORD=x\nDB_HOST=db\n")
    done = program("secrets", "set", "cluster.env", NAME, "--from", "env:X")
    assert (done.code, "Only a cluster file or a saved cluster" in done.err) == (2, True)
    done = program("secrets", "set", good, NAME, "--from", "hunter2")
    assert (done.code, "hunter2" in done.err) == (2, False)


def test_every_command_of_the_page_for_secrets_does_what_it_says(program, good, backend, phrase, piped, monkeypatch):
    monkeypatch.setenv("PRODUCTION_PASSWORD", VALUE)
    for name, secret in SECRETS.items():
        program_store(backend).set(ID, name, secret)
    page = (Path(__file__).parents[3] / "docs" / "secrets.md").read_text()
    lines = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(lines) == 10
    for line in lines:
        piped(VALUE.encode())
        words = shlex.split(line)[1:]
        done = program(*words, *(("--only", "plan") if words[0] == "check" else ()))
        assert done.code == 0, (line, done.err)
        assert "Not at hand" not in done.err
        if "remove" in words:
            program_store(backend).set(ID, NAME, Secret(VALUE))
