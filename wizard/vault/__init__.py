"""Where secrets are: the operating system's keyring, or this session's memory; and the log filter that hides them."""

from wizard.vault.opening import Opened, open_vault
from wizard.vault.session import SessionVault
from wizard.vault.vault import Vault, VaultError

__all__ = ["Opened", "SessionVault", "Vault", "VaultError", "open_vault"]
