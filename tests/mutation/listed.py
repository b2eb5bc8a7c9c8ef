"""The changes that were looked at and do not matter, each with its reason (`survivors.toml`)."""

import tomllib
from pathlib import Path

from tests.mutation.mutants import Mutant, module_name

FILE = Path(__file__).with_name("survivors.toml")


class Listed:
    """Knows a change by its module and by its rows before and after, for lines move."""

    def __init__(self, text: str) -> None:
        self._entries = {
            (row["module"], row["line"], row["becomes"]): row["reason"] for row in tomllib.loads(text)["survivor"]
        }

    def reason(self, mutant: Mutant) -> str | None:
        """Return why a change does not matter, or `None`."""
        module = module_name(mutant.path)
        if not any(known == module for known, _, _ in self._entries):
            return None
        return self._entries.get((module, *mutant.rows()))

    def stale(self, texts: dict[str, str]) -> list[str]:
        """Return the entries whose row is no longer in its module's text."""
        return [
            f"{module}: {line}"
            for module, line, _ in self._entries
            if not set(line.splitlines()) <= {row.strip() for row in texts.get(module, "").splitlines()}
        ]
