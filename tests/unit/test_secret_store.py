"""The secret stores: what they keep, how they fail in words, and that none of them falls back to plain text."""

import subprocess
import sys
import threading

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError, PasswordSetError

from tests.patience import patience
from wizard.app import language
from wizard.plan.secret import Secret
from wizard.storage.secret_store import SecretStoreError, SessionStore, open_secret_store, opening
from wizard.storage.secret_store.os_keyring import LONGEST_BYTES, SERVICE, KeyringStore, find_backend, no_keyring

TITLE = "the test's keyring"


class MemoryKeyring(KeyringBackend):
    """A keyring with the limit that Windows has."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.trouble: Exception | None = None

    def get_password(self, service, username):
        self._break()
        return self.entries.get((service, username))

    def set_password(self, service, username, password):
        self._break()
        if len(password.encode("utf-16-le", "surrogatepass")) > 2560:
            raise PasswordSetError("too long")
        self.entries[service, username] = password

    def delete_password(self, service, username):
        self._break()
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]

    def _break(self) -> None:
        if self.trouble:
            raise self.trouble


class HangingKeyring(MemoryKeyring):
    def get_password(self, service, username):
        threading.Event().wait()


class GatedKeyring(MemoryKeyring):
    """Keeps the first value that is written only when `gate` opens, as behind a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.asked = threading.Event()

    def set_password(self, service, username, password):
        if not self.asked.is_set():
            self.asked.set()
            self.gate.wait(patience())
        super().set_password(service, username, password)


@pytest.fixture
def backend() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def secret_store(backend: MemoryKeyring) -> KeyringStore:
    return KeyringStore(backend, TITLE, bound=patience(600))


@pytest.fixture(params=["session", "keyring"])
def any_store(request: pytest.FixtureRequest, secret_store: KeyringStore):
    return secret_store if request.param == "keyring" else SessionStore()


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch):
    """Let a back end be the one that the library finds on this system, as if it were the Secret Service's."""

    def use(backend: KeyringBackend, *, trusted: bool = True) -> None:
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        if trusted:
            monkeypatch.setattr(type(backend), "__module__", "keyring.backends.SecretService")

    return use


def test_what_was_kept_comes_back(any_store):
    any_store.set("c1", "database.password", Secret("one"))
    any_store.set("c1", "database.password", Secret("two"))
    any_store.set("c2", "database.password", Secret("other"))
    assert any_store.get("c1", "database.password") == Secret("two")
    assert any_store.get("c2", "database.password") == Secret("other")
    assert any_store.get("c1", "redis.server.password") is None


def test_what_was_deleted_is_gone_and_deleting_again_is_no_error(any_store):
    any_store.set("c1", "a", Secret("x" * 5000))
    any_store.delete("c1", "a")
    any_store.delete("c1", "a")
    assert any_store.get("c1", "a") is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "pass word'\"\\$`#é漢",
        "x" * (LONGEST_BYTES // 2),
        "x" * (LONGEST_BYTES // 2 + 1),
        "😀" * 1201,
        "-----BEGIN PRIVATE KEY-----\n" + "A" * 3000 + "\n",
        "nocobase-cluster-wizard parts 2 000000000000",
    ],
    ids=["empty", "short", "awkward", "just-fits", "too-long", "wide", "pem", "like-a-head"],
)
def test_any_value_comes_back_through_a_keyring_with_the_limit_of_windows(secret_store, value):
    secret_store.set("c1", "a", Secret(value))
    assert secret_store.get("c1", "a") == Secret(value)


def test_a_shorter_value_leaves_no_part_of_a_longer_one(secret_store, backend):
    secret_store.set("c1", "a", Secret("x" * 5000))
    assert len(backend.entries) > 5
    secret_store.set("c1", "a", Secret("short"))
    assert backend.entries == {(SERVICE, "c1/a"): "short", (SERVICE, "c1 names"): '["a"]'}


def test_a_lost_part_is_told_and_not_taken_for_the_value(secret_store, backend):
    secret_store.set("c1", "a", Secret("x" * 5000))
    del backend.entries[SERVICE, "c1/a part 2"]
    with pytest.raises(SecretStoreError, match="only a part of the secret “a”"):
        secret_store.get("c1", "a")


def test_a_head_that_names_parts_without_end_is_no_reason_to_ask_for_all_of_them(secret_store, backend):
    backend.entries[SERVICE, "c1/a"] = f"nocobase-cluster-wizard parts {'9' * 5000} 000000000000"
    asked = []
    kept = backend.entries
    backend.get_password = lambda service, user: asked.append(user) or kept.get((service, user))
    with pytest.raises(SecretStoreError, match="only a part of the secret “a”"):
        secret_store.get("c1", "a")
    assert asked == ["c1/a", "c1/a part 1"]
    removed = []
    remove = backend.delete_password
    backend.delete_password = lambda service, user: removed.append(user) or remove(service, user)
    secret_store.set("c1", "a", Secret("again"))
    assert removed == ["c1/a part 1", "c1/a part 2"]
    assert secret_store.get("c1", "a") == Secret("again")


def test_parts_without_end_that_are_there_are_asked_for_to_a_bound(secret_store, backend):
    asked = []
    head = f"nocobase-cluster-wizard parts {'9' * 5000} 000000000000"
    backend.get_password = lambda service, user: asked.append(user) or ("x" if "part" in user else head)
    with pytest.raises(SecretStoreError, match="only a part of the secret “a”"):
        secret_store.get("c1", "a")
    assert len(asked) == 2001


def test_a_value_with_a_lost_part_is_removed_with_the_parts_behind_it(secret_store, backend):
    secret_store.set("c1", "a", Secret("x" * 5000))
    del backend.entries[SERVICE, "c1/a part 2"]
    secret_store.delete("c1", "a")
    assert backend.entries == {}


def test_what_somebody_changed_in_the_keyring_counts_and_what_they_removed_is_gone(secret_store, backend):
    secret_store.set("c1", "a", Secret("before"))
    secret_store.set("c1", "b", Secret("x"))
    backend.entries[SERVICE, "c1/a"] = "changed by hand"
    del backend.entries[SERVICE, "c1/b"]
    assert secret_store.get("c1", "a") == Secret("changed by hand")
    assert secret_store.get("c1", "b") is None
    assert secret_store.names("c1") == ["a", "b"]
    secret_store.set("c1", "b", Secret("again"))
    assert secret_store.get("c1", "b") == Secret("again")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (NoKeyringError(), "No keyring was found on this system. An encrypted file can keep secrets"),
        (KeyringLocked("Failed to unlock the collection!"), "is locked. Unlock it, and look again"),
        (KeyringError("Can't get password from keychain: (-25293, 'x')"), "did not take the password. Unlock it"),
        (InitError("Failed to unlock the collection: Prompt dismissed.."), "was dismissed. Look again, and answer"),
        (InitError("no session"), "cannot be opened: no session"),
        (PasswordSetError("no"), "refused to keep the secret. .* An encrypted file"),
        (OSError("bus gone"), "failed: OSError"),
    ],
)
def test_each_failure_is_told_apart_in_words(secret_store, backend, trouble, words):
    backend.trouble = trouble
    with pytest.raises(SecretStoreError, match=words):
        secret_store.set("c1", "a", Secret("s3cret-value"))


def test_a_keyring_that_refuses_to_delete_is_an_error(secret_store, backend, monkeypatch):
    secret_store.set("c1", "a", Secret("x"))

    def refuse(_service: str, _user: str) -> None:
        raise PasswordDeleteError("no")

    monkeypatch.setattr(backend, "delete_password", refuse)
    with pytest.raises(SecretStoreError, match="refused to delete"):
        secret_store.delete("c1", "a")


@pytest.mark.timeout(10)
def test_a_hung_keyring_is_given_up():
    secret_store = KeyringStore(HangingKeyring(), TITLE, bound=0.01)
    with pytest.raises(SecretStoreError, match=r"did not answer within 0.01 s"):
        secret_store.get("c1", "a")


@pytest.mark.parametrize("newer", [Secret("new"), None], ids=["set", "deleted"])
def test_a_write_that_was_given_up_never_overtakes_a_newer_one(newer):
    backend, others = GatedKeyring(), threading.enumerate()
    secret_store = KeyringStore(backend, TITLE, bound=0.01)
    with pytest.raises(SecretStoreError, match="did not answer"):
        secret_store.set("c1", "a", Secret("old"))
    assert backend.asked.wait(patience())
    for _ in range(3):
        with pytest.raises(SecretStoreError, match="did not answer"):
            secret_store.set("c1", "a", newer) if newer else secret_store.delete("c1", "a")
    backend.gate.set()
    for thread in set(threading.enumerate()).difference(others):
        thread.join(patience())
    assert KeyringStore(backend, TITLE, bound=patience(600)).get("c1", "a") == newer


def test_the_names_of_a_cluster_are_known_as_long_as_they_have_a_value(any_store):
    for name in ("b", "a", "long", "a"):
        any_store.set("c1", name, Secret("x" * 3000 if name == "long" else "x"))
    any_store.set("c2", "other", Secret("x"))
    assert sorted(any_store.names("c1")) == ["a", "b", "long"]
    for name in ("a", "a", "b", "long"):
        any_store.delete("c1", name)
    assert any_store.names("c1") == []
    assert any_store.names("never") == []


def test_the_last_value_takes_the_list_of_names_along(secret_store, backend):
    secret_store.set("c1", "a", Secret("x"))
    secret_store.delete("c1", "a")
    assert backend.entries == {}


@pytest.mark.parametrize("listed", ["[", "[" * 100_000, "{}", "7", '[1, {"a": []}, null]', "\ud800"])
def test_a_damaged_list_of_names_keeps_no_value_away(secret_store, backend, listed):
    backend.entries[SERVICE, "c1 names"] = listed
    secret_store.set("c1", "a", Secret("x"))
    assert secret_store.get("c1", "a") == Secret("x")
    assert secret_store.names("c1") == ["a"]


def test_the_systems_keyring_is_opened_by_its_title(system, backend):
    system(backend)
    opened = open_secret_store()
    assert (opened.secret_store.title, opened.secret_store.persistent, opened.reason) == (
        "Secret Service (login keyring)",
        True,
        "",
    )


@pytest.mark.parametrize(
    ("trouble", "words"), [(KeyringLocked("x"), "is locked"), (InitError("Prompt dismissed.."), "dismissed")]
)
def test_a_locked_keyring_gives_the_session_and_the_reason(system, backend, trouble, words):
    system(backend)
    backend.trouble = trouble
    opened = open_secret_store()
    assert isinstance(opened.secret_store, SessionStore)
    assert words in opened.reason


def test_a_hung_keyring_gives_the_session_and_the_reason(system):
    system(HangingKeyring())
    opened = open_secret_store(bound=0.01)
    assert not opened.secret_store.persistent
    assert "did not answer" in opened.reason


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring()], ids=["fail", "null"])
def test_a_keyring_that_keeps_nothing_is_refused(system, backend):
    system(backend, trusted=False)
    opened = open_secret_store()
    assert isinstance(opened.secret_store, SessionStore)
    assert opened.reason


def test_a_keyring_in_plain_text_is_refused(system, monkeypatch):
    plain = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})
    system(plain(), trusted=False)
    with pytest.raises(SecretStoreError, match=r"“keyrings.alt.file.PlaintextKeyring” is not known to encrypt"):
        find_backend()


def test_of_several_keyrings_in_a_chain_the_one_that_encrypts_is_used(system, monkeypatch):
    plain = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})()
    good = type("Keyring", (MemoryKeyring,), {"__module__": "keyring.backends.kwallet"})()
    chain = chainer.ChainerBackend()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, good])
    system(chain, trusted=False)
    assert find_backend() == (good, "KWallet")
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain])
    with pytest.raises(SecretStoreError):
        find_backend()


def test_a_library_that_breaks_gives_the_session(monkeypatch):
    def broken() -> None:
        raise RuntimeError("no such back end")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    opened = open_secret_store()
    assert isinstance(opened.secret_store, SessionStore)
    assert opened.reason


def test_importing_the_secret_store_imports_no_keyring():
    code = "import sys, wizard.storage.secret_store; assert 'keyring' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("trouble", [KeyringLocked("locked"), None])
def test_why_there_is_no_keyring_is_told_again_in_another_language(trouble, monkeypatch):
    def found():
        if trouble:
            raise trouble
        raise SecretStoreError(no_keyring(), no_keyring)

    monkeypatch.setattr(opening, "find_backend", found)
    opened = opening.open_secret_store()
    assert opened.reason
    try:
        language.use("fr")
        assert opened.again() != opened.reason
        assert "trousseau" in opened.again()
    finally:
        language.use("en")
    assert opened.again() == opened.reason
