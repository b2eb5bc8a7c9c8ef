"""The two forms of a remedy: sentences to be read, or lines to be pasted with every word for people in a comment."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"\s*(?:#|-- )")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_ANOTHER_COMMAND = re.compile(r";\s+(?!do\b|then\b|#)\S")


def steps(words: str, *lines: str, comment: str = "#") -> str:
    """Give `words` as a comment of its own, and below it the lines to paste; `comment` is `--` where they are SQL.

    The words are for people and already translated; none of their lines gets out of the comment.
    """
    return "\n".join([*(f"{comment} {line}" for line in words.splitlines()), *lines])


def is_prose(remedy: str) -> bool:
    """Whether a remedy is one or more sentences to be read, not something to be pasted.

    Its form tells, not its characters: a sentence may quote a value of the plan, and such a value may hold anything.
    """
    first, _space, rest = remedy.partition(" ")
    return bool(rest) and remedy.endswith(".") and first.istitle() and "\n" not in remedy


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
