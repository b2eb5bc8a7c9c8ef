"""The two forms of a remedy: sentences to be read, or lines to be pasted with every word for people in a comment."""

from __future__ import annotations


def steps(words: str, *lines: str, comment: str = "#") -> str:
    """Return `words` as a comment of its own, and below it the lines to paste; `comment` is `--` where they are SQL.

    The words are for people and already translated; none of their lines gets out of the comment.
    """
    return "\n".join([*(f"{comment} {line}" for line in words.splitlines()), *lines])


def is_prose(remedy: str) -> bool:
    """Whether a remedy is one or more sentences to be read, not something to be pasted.

    Its form tells, not its characters: a sentence may quote a value of the plan, and such a value may hold anything.
    """
    first, _space, rest = remedy.partition(" ")
    return bool(rest) and remedy.endswith(".") and first.istitle() and "\n" not in remedy
