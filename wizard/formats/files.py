"""What the writers give and the readers raise."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from pathlib import PurePath

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr


class SecretsMode(StrEnum):
    """What stands where a secret belongs. `MASKED` is for previews alone.

    With `ENCRYPTED` the files are those of `REFERENCE`, and one more has every secret, encrypted with a passphrase.
    """

    REFERENCE = "reference"
    INLINE = "inline"
    ENCRYPTED = "encrypted"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle: its path with `/` from the bundle's folder on, its text, and whether it holds secrets.

    In a preview that masks them the file counts as one that does: it tells of what will be written.
    A `private` file holds none yet and is made to be filled with them; `empty` is its text before that was done.
    """

    path: str
    text: str = field(repr=False)
    secret: bool = False
    private: bool = False
    empty: str = field(default="", repr=False)

    @property
    def mode(self) -> int:
        """The permissions it is written with: 0600 where it holds a secret or is to get one."""
        return 0o600 if self.secret or self.private else 0o644


class SourceError(Exception):
    """A source that cannot be read as a plan. The message names file, line and field, and never a secret."""


def not_utf8(name: str | PurePath, error: UnicodeDecodeError) -> SourceError:
    """Return the error on a file called `name` whose bytes are no UTF-8; it names the line of the first of them."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return SourceError(tr("{name}, line {line}: it is not text in UTF-8.", name=name, line=line))


class NoVariableError(SourceError):
    """A text that is of no known kind, and holds no variable. `line` is the first that says anything."""

    def __init__(self, line: int, message: str) -> None:
        """Keep the line's number beside the sentence."""
        super().__init__(message)
        self.line = line


class UnwritableError(Exception):
    """A value that a file cannot carry. `key` is the setting's key (or an extra's name); no secret in the message."""

    def __init__(self, key: str, message: str) -> None:
        """Keep the key beside the sentence."""
        super().__init__(message)
        self.key = key


class LackingError(UnwritableError):
    """What the plan does not say, and one file needs: the others can be written without it."""
