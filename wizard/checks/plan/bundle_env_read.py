"""What stands in the env files of an exported bundle, as NocoBase's own reader and Docker's take it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence

from wizard.dataclass import dataclass
from wizard.engine.facts import PENDING, Fact, Known, attempt
from wizard.formats.dotenv import first_start
from wizard.net.errors import explain_any
from wizard.plan.bundle_names import README
from wizard.plan.env_text import EnvForm, form_of

COMMON, RAW = "env/cluster.env", "env/cluster.docker.env"
_QUOTES = {EnvForm.SINGLE: "'", EnvForm.DOUBLE: '"'}


@dataclass
class EnvFacts:
    """The texts of the env files by their paths in the bundle; what was not exported is not there.

    `refused` are those that this account may not read.
    `local_lock`: whether the bundle's README tells to set the local lock in the common one for the first start.
    """

    texts: Fact[Mapping[str, str]] = PENDING
    refused: Fact[tuple[str, ...]] = PENDING
    local_lock: Fact[bool] = PENDING


def gather(facts: EnvFacts, read: Callable[[str], str | None], paths: Sequence[str]) -> None:
    """Fill the facts from the files at `paths`; `read` gives the text of a file in the bundle, and raises OSError."""
    refused: list[str] = []
    read_all = ((path, _lines(_noting(read, refused, len(paths)), path)) for path in paths)
    facts.texts = attempt(lambda: {path: text for path, text in read_all if text is not None}, explain_any)
    facts.refused = Known(tuple(refused))
    facts.local_lock = attempt(lambda: _tells_local_lock(read), explain_any)


def _noting(read: Callable[[str], str | None], refused: list[str], count: int) -> Callable[[str], str | None]:
    """Return what reads one of so many files, and notes one that this account may not read; raises OSError of all."""

    def text(path: str) -> str | None:
        try:
            return read(path)
        except PermissionError:
            refused.append(path)
            if len(refused) == count:
                raise  # then it is the bundle that may not be read
            return None

    return text


def _tells_local_lock(read: Callable[[str], str | None]) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return first_start.edit(f"../{COMMON}", first_start.LOCAL) in (read(README) or "")
    return False


def _lines(read: Callable[[str], str | None], path: str) -> str | None:
    """Return a file's text, whatever its lines end with; that one is gone is told of the bundle's files."""
    with contextlib.suppress(FileNotFoundError):
        text = read(path)
        if text is not None:
            text = text.removeprefix("\ufeff").replace("\r\n", "\n")
            return _as_it_is_taken(text) if path == RAW else text
    return None


def _as_it_is_taken(text: str) -> str:
    """Return the lines of a file that Docker takes as they are, quoted for the grammar of env files."""
    return "\n".join(_quoted(line) for line in text.split("\n"))


def _quoted(line: str) -> str:
    name, is_one, value = line.partition("=")
    form = form_of(value) if is_one and not line.startswith("#") else EnvForm.NONE
    return f"{name}={_QUOTES[form]}{value}{_QUOTES[form]}" if form in _QUOTES else line
