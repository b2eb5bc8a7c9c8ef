"""The rule on remedies that every finding of the tests is held to."""

from __future__ import annotations

import re

from wizard.plan.remedy import is_prose

_COMMENT = re.compile(r"\s*(?:#|-- )")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ANOTHER_COMMAND = re.compile(r";\s+(?!do\b|then\b|#)\S")


def is_well_formed(remedy: str) -> bool:
    """Whether a remedy is prose, or lines to paste, none of them with words for people outside of a comment.

    An empty one is, too. Of a line to paste it is told by its form: no capital word begins it, no colon ends it or
    parts it, and it is one command.
    """
    if not remedy or is_prose(remedy):
        return True
    pasted = [line for line in remedy.splitlines() if not _COMMENT.match(line)]
    return bool(pasted) and all(map(_can_be_pasted, pasted))


def _can_be_pasted(line: str) -> bool:
    bare = _QUOTED.sub("''", line.strip())
    first, _space, rest = bare.partition(" ")
    said = bare.endswith(":") or ": " in bare or (bool(rest) and first.istitle() and first.isalpha())
    return bool(bare) and not said and not _ANOTHER_COMMAND.search(bare)
