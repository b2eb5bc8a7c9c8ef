"""Open the best secret store there is: the operating system's keyring, else this session's memory, and say why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.storage.secret_store.bounded import bounded
from wizard.storage.secret_store.contract import SecretStore, SecretStoreError
from wizard.storage.secret_store.os_keyring import BOUND, SERVICE, KeyringStore, explain, find_backend
from wizard.storage.secret_store.session import SessionStore


@dataclass(frozen=True, slots=True)
class Opened:
    """The secret store in use. `reason` says why it is not the keyring; empty if it is.

    `again` gives the reason in the language then in force, where it can be told anew.
    """

    secret_store: SecretStore
    reason: str = ""
    again: Callable[[], str] | None = None


def open_secret_store(bound: float = BOUND) -> Opened:
    """Try the keyring for at most `bound` seconds, with a read that shows whether it is locked; never raises."""
    try:
        return Opened(bounded(lambda: _keyring(bound), bound))
    except SecretStoreError as error:
        again = error.again
    except Exception as error:  # noqa: BLE001 - a broken keyring of whatever kind must not stop the wizard
        again = partial(_explained, error, bound)
    return Opened(SessionStore(), again(), again)


def _explained(error: Exception, bound: float) -> str:
    return explain(error, tr("The keyring"), bound)


def _keyring(bound: float) -> KeyringStore:
    backend, title = find_backend()
    backend.get_password(SERVICE, "none")
    return KeyringStore(backend, title, bound)
