"""The states in which a system's keyring is met, each with what is said of it and the way on that is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import InitError, KeyringError, KeyringLocked

from tests.unit.test_secret_store import HangingKeyring, MemoryKeyring


@dataclass(frozen=True)
class State:
    """A keyring that cannot be used: how it is made, why it is said to be, and what can be done."""

    make: Callable[[], KeyringBackend]
    says: str
    way_on: str


def _troubled(trouble: Exception) -> Callable[[], KeyringBackend]:
    def make() -> KeyringBackend:
        backend = MemoryKeyring()
        backend.trouble = trouble
        return backend

    return make


UNUSABLE: Mapping[str, State] = {
    "none": State(fail.Keyring, "No keyring was found on this system", "secrets set --in file"),
    "locked": State(_troubled(KeyringLocked("x")), "is locked", "Unlock it, and look again"),
    "wrong password": State(
        _troubled(KeyringError("(-25293, 'x')")), "did not take the password", "Unlock it, and look again"
    ),
    "dismissed": State(
        _troubled(InitError("Prompt dismissed..")), "question for the password was dismissed", "Look again, and answer"
    ),
    "hanging": State(HangingKeyring, "did not answer within", "Answer that, and look again"),
}
