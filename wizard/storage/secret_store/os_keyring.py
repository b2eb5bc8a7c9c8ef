"""The operating system's keyring, through the package keyring; every call off-thread and bounded.

Entries bear the service name SERVICE and the user `<cluster id>/<reference's name>`. As a keyring lists nothing, the
entry `<cluster id> names` tells the names that a cluster has there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.secret import Secret
from wizard.program_name import PROGRAM
from wizard.reading import UnreadableError, parse_json
from wizard.storage.secret_store.bounded import bounded
from wizard.storage.secret_store.contract import DamagedEntryError, SecretStoreError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = PROGRAM
BOUND = 3.0
"""Seconds that one call may take."""

LONGEST_BYTES = 2400
"""The longest value kept in one entry, in bytes of UTF-16 (1,200 common characters): Windows takes 2,560."""

_PART = 600
"""Characters of one part; four bytes each at most."""

_MOST_PARTS = 2000
"""Parts that are asked for, whatever a head says that another program wrote: a secret has 1 MiB at most."""

_HEAD = "nocobase-cluster-wizard parts"
_TITLES = {
    "keyring.backends.SecretService": mark("Secret Service (login keyring)"),
    "keyring.backends.libsecret": mark("Secret Service (login keyring)"),
    "keyring.backends.kwallet": mark("KWallet"),
    "keyring.backends.macOS": mark("Keychain"),
    "keyring.backends.Windows": mark("Windows Credential Manager"),
}
"""The back ends known to keep secrets encrypted. All others are refused: some write plain text, some keep nothing."""

T = TypeVar("T")


class KeyringStore:
    """The keyring that `backend` speaks to; each call takes `bound` seconds at most, and they are made in turn.

    A call that was given up may still come to its turn. So a write keeps what was last wished for its place, which may
    be newer than what it was called with.
    """

    persistent = True

    def __init__(self, backend: KeyringBackend, title: str, bound: float = BOUND) -> None:
        """Use a back end that `find_backend` gave."""
        self._backend = backend
        self._bound = bound
        self._turn = threading.Lock()
        self._wishes: dict[tuple[str, str], Secret | None] = {}
        self._title = title

    @property
    def title(self) -> str:
        """What people call it, in the language in force."""
        return tr(self._title)

    def get(self, cluster_id: str, name: str) -> Secret | None:
        """Return the value, or None if there is none."""
        return self._call(lambda: self._read(f"{cluster_id}/{name}"))

    def set(self, cluster_id: str, name: str, secret: Secret) -> None:
        """Keep the value; a long one in numbered parts, with the head last, so that parts alone count for nothing."""
        self._change(cluster_id, name, secret)

    def delete(self, cluster_id: str, name: str) -> None:
        """Forget the value; nothing happens if there is none."""
        self._change(cluster_id, name, None)

    def names(self, cluster_id: str) -> list[str]:
        """Return the names that have a value."""
        return self._call(lambda: self._names(cluster_id))

    def _change(self, cluster_id: str, name: str, wish: Secret | None) -> None:
        place = cluster_id, name
        self._wishes[place] = wish
        self._call(lambda: self._fulfil(*place))

    def _fulfil(self, cluster_id: str, name: str) -> None:
        wish, user, names = self._wishes[cluster_id, name], f"{cluster_id}/{name}", self._names(cluster_id)
        if wish is None:
            self._forget(user)
            self._list(cluster_id, [known for known in names if known != name], names)
        else:  # listed first: a name without a value does no harm
            self._list(cluster_id, sorted({*names, name}), names)
            self._write(user, wish)

    def _call(self, action: Callable[[], T]) -> T:
        def in_turn() -> T:
            with self._turn:
                return action()

        try:
            return bounded(in_turn, self._bound)
        except SecretStoreError:
            raise
        except Exception as error:  # noqa: BLE001 - back ends raise what they like; all of it is put into words
            raise SecretStoreError(explain(error, self.title, self._bound)) from None

    def _names(self, cluster_id: str) -> list[str]:
        user = _list_of(cluster_id)
        try:
            listed = self._read(user)
        except SecretStoreError:  # a damaged list must not keep the values away; it is written anew
            return []
        return _names_in(listed.reveal(), user) if listed else []

    def _list(self, cluster_id: str, names: list[str], before: list[str]) -> None:
        if names == before:
            return
        if names:
            self._write(_list_of(cluster_id), Secret(json.dumps(names)))
        else:
            self._forget(_list_of(cluster_id))

    def _read(self, user: str) -> Secret | None:
        text = self._backend.get_password(SERVICE, user)
        if text is None or not text.startswith(_HEAD):
            return None if text is None else Secret(text)
        count, fingerprint = _count_of(text), text.rpartition(" ")[2]
        secret = Secret("".join(self._parts_of(user, count)))
        if secret.fingerprint() != fingerprint:
            raise DamagedEntryError(
                tr(
                    "{store} has only a part of the secret “{name}”: enter it again.",
                    store=self.title,
                    name=user.partition("/")[2],
                )
            )
        return secret

    def _parts_of(self, user: str, count: int) -> Iterator[str]:
        """Return the parts up to the first that is not there, whatever a head says that another program wrote."""
        for number in range(count):
            part = self._backend.get_password(SERVICE, _part_of(user, number))
            if part is None:
                return
            yield part

    def _write(self, user: str, secret: Secret) -> None:
        before = _count_of(self._backend.get_password(SERVICE, user) or "")
        parts = list(_parts(secret.reveal()))
        for number, part in enumerate(parts):
            self._backend.set_password(SERVICE, _part_of(user, number), part)
        head = secret.reveal() if _fits(secret.reveal()) else f"{_HEAD} {len(parts)} {secret.fingerprint()}"
        self._backend.set_password(SERVICE, user, head)
        self._remove_parts(user, range(len(parts), before))

    def _forget(self, user: str) -> None:
        count = _count_of(self._backend.get_password(SERVICE, user) or "")
        self._remove(user)
        self._remove_parts(user, range(count))

    def _remove_parts(self, user: str, numbers: Iterable[int]) -> None:
        """Remove them up to the second that is not there: one may be gone, as somebody removed it."""
        gone = 0
        for number in numbers:
            gone += not self._remove(_part_of(user, number))
            if gone > 1:
                return

    def _remove(self, entry: str) -> bool:
        """Remove an entry; return whether it was there."""
        from keyring.errors import PasswordDeleteError

        try:
            self._backend.delete_password(SERVICE, entry)
        except PasswordDeleteError:  # says “not there” and “not possible” alike
            if self._backend.get_password(SERVICE, entry) is not None:
                raise
            return False
        return True


def find_backend() -> tuple[KeyringBackend, str]:
    """Return this system's keyring and its title in English; raises SecretStoreError if none keeps secrets well."""
    import keyring

    chosen = keyring.get_keyring()
    for backend in getattr(chosen, "backends", [chosen]):
        title = _TITLES.get(type(backend).__module__)
        if title:
            return backend, title
    name = f"{type(chosen).__module__}.{type(chosen).__qualname__}"
    if name.startswith(("keyring.backends.fail.", "keyring.backends.chainer.")):
        raise _refusal(no_keyring)
    if name.startswith("keyring.backends.null."):
        raise _refusal(lambda: tr("The keyring is switched off on this system."))
    raise _refusal(
        lambda: tr("The keyring “{name}” is not known to encrypt what it keeps, so it is not used.", name=name)
    )


def _refusal(words: Callable[[], str]) -> SecretStoreError:
    return SecretStoreError(words(), words)


def no_keyring() -> str:
    """Say that there is none, and what there is in its place."""
    return sentences(tr("No keyring was found on this system."), _in_a_file())


def _in_a_file() -> str:
    return tr(
        "An encrypted file can keep secrets: the window offers one as it is closed; the command is “{command}”.",
        command="secrets set --in file",
    )


def explain(error: Exception, title: str, seconds: float) -> str:
    """Say in a sentence why a keyring did not do what it was asked; quotes nothing of an entry."""
    from keyring import errors

    if isinstance(error, TimeoutError):
        words = tr(
            "{store} did not answer within {seconds:g} s; it may be waiting behind a window of its own. Answer that, "
            "and look again.",
            store=title,
            seconds=seconds,
        )
    elif isinstance(error, errors.NoKeyringError):
        words = no_keyring()
    elif "(-25293," in str(error):  # errSecAuthFailed: macOS
        words = tr("{store} did not take the password. Unlock it, and look again.", store=title)
    elif isinstance(error, errors.KeyringLocked):
        words = tr("{store} is locked. Unlock it, and look again.", store=title)
    elif "dismissed" in str(error).lower():
        words = tr(
            "{store} is locked, and its question for the password was dismissed. Look again, and answer it.",
            store=title,
        )
    elif isinstance(error, errors.PasswordSetError):
        refused = tr("{store} refused to keep the secret. It may be full, or may not be written to.", store=title)
        words = sentences(refused, _in_a_file())
    elif isinstance(error, errors.PasswordDeleteError):
        words = tr("{store} refused to delete the secret.", store=title)
    elif isinstance(error, errors.InitError):
        words = tr("{store} cannot be opened: {reason}", store=title, reason=error)
    else:
        words = tr("{store} failed: {reason}", store=title, reason=type(error).__name__)
    return words


def _fits(value: str) -> bool:
    """Whether one entry carries the value as it is. Some back ends lose an empty one, and a head is never a value."""
    return (
        bool(value) and not value.startswith(_HEAD) and len(value.encode("utf-16-le", "surrogatepass")) <= LONGEST_BYTES
    )


def _names_in(listed: str, user: str) -> list[str]:
    """Return the names in a list; none where another program put something else in its place."""
    try:
        found = parse_json(listed.encode(errors="surrogatepass"), user)
    except (ValueError, UnreadableError):
        return []
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []


def _parts(value: str) -> Iterator[str]:
    if not _fits(value):
        for start in range(0, len(value), _PART):
            yield value[start : start + _PART]


def _count_of(head: str) -> int:
    count = head.removeprefix(_HEAD).split()[:1] if head.startswith(_HEAD) else []
    return min(int(count[0][:6]), _MOST_PARTS) if count and count[0].isdecimal() else 0


def _list_of(cluster_id: str) -> str:
    return f"{cluster_id} names"


def _part_of(user: str, number: int) -> str:
    return f"{user} part {number + 1}"
