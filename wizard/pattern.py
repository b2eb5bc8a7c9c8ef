"""Regular expressions that are compiled when they are first used, as most that are loaded are not asked in one run."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what `re.compile` does; a mistake in `source` raises re.error where it is first used."""
    return cast("re.Pattern[str]", _Pattern(source, flags))


class _Pattern:
    """Takes each attribute from the compiled expression."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._compiled, name)
        self.__dict__[name] = found  # the next time it is found at once
        return found
