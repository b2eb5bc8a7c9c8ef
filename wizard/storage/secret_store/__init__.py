"""Where secrets are: the operating system's keyring, or this session's memory; and the log filter that hides them."""

from wizard.storage.secret_store.contract import DamagedEntryError, SecretStore, SecretStoreError
from wizard.storage.secret_store.opening import Opened, open_secret_store
from wizard.storage.secret_store.session import SessionStore

__all__ = ["DamagedEntryError", "Opened", "SecretStore", "SecretStoreError", "SessionStore", "open_secret_store"]
