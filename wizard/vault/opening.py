"""Open the best vault there is: the operating system's keyring, else this session's memory, and say why."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.plan.words import tr
from wizard.vault.bounded import bounded
from wizard.vault.os_keyring import BOUND, SERVICE, KeyringVault, explain, find_backend
from wizard.vault.session import SessionVault
from wizard.vault.vault import Vault, VaultError


@dataclass(frozen=True, slots=True)
class Opened:
    """The vault in use. `reason` says why it is not the keyring; empty if it is."""

    vault: Vault
    reason: str = ""


def open_vault(bound: float = BOUND) -> Opened:
    """Try the keyring for at most `bound` seconds, with a read that shows whether it is locked; never raises."""
    try:
        return Opened(bounded(lambda: _keyring(bound), bound))
    except VaultError as error:
        reason = str(error)
    except Exception as error:  # noqa: BLE001 - a broken keyring of whatever kind must not stop the wizard
        reason = explain(error, tr("The keyring"), bound)
    return Opened(SessionVault(), reason)


def _keyring(bound: float) -> KeyringVault:
    backend, title = find_backend()
    backend.get_password(SERVICE, "none")
    return KeyringVault(backend, title, bound)
