"""The placeholders of an env file, and those that an admin filled in: no change of ours, and a new export keeps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from wizard.pattern import pattern
from wizard.plan.env_text import PASSWORD_HERE, is_unfilled

_PLACEHOLDER = pattern(rf"#(?P<name>[A-Za-z_]\w*)=(?:|.*{PASSWORD_HERE}.*)")
"""As the writer of env files writes it: a comment for people has a space behind its sign."""


def placeholders(text: str) -> tuple[str, ...]:
    """Return the lines of an exported env file that wait for a secret."""
    return tuple(line for line in text.split("\n") if _PLACEHOLDER.fullmatch(line))


def name_of(placeholder: str) -> str:
    """Return the name of the variable that a placeholder stands for."""
    return placeholder[1:].partition("=")[0]


def filled(text: str, lines: Iterable[str]) -> dict[str, str]:
    """Return the lines with a value where the file had the placeholders `lines`, by the names of their variables.

    The rest of an address must be as it was. A variable that is assigned twice is none: which one counts, only its
    reader knows.
    """
    found = {}
    assignments = [line for line in text.split("\n") if not line.startswith("#") and "=" in line]
    for placeholder in lines:
        name = name_of(placeholder)
        [line, *more] = [line for line in assignments if line.partition("=")[0].split()[-1:] == [name]] or [""]
        if not more and fits(line, placeholder):
            found[name] = line
    return found


def fits(line: str, placeholder: str) -> bool:
    """Whether a line is the placeholder with a value in it."""
    name, _is, value = line.partition("=")
    _name, _is, empty = placeholder[1:].partition("=")
    before, _here, after = empty.partition(PASSWORD_HERE)
    bare = _unquoted(value.strip())
    if name != name_of(placeholder) or not bare or bare.startswith("#") or is_unfilled(bare):
        return False
    return bare.startswith(before) and bare.endswith(after) and len(bare) > len(before) + len(after)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\"`"
    return value[1:-1] if quoted else value


def emptied(text: str, lines: Collection[str]) -> str:
    """Return a file's text with the placeholders `lines` put back where they were filled in."""
    values = filled(text, lines)
    back = {values[name]: line for line in lines if (name := name_of(line)) in values}
    return "\n".join(back.get(line, line) for line in text.split("\n"))


def fill(text: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a new file's text with the lines `values` (by variable) in the place of the placeholders that they fit.

    With it go the names of those that are in the text neither so nor otherwise.
    """
    lines = [
        values[name_of(line)] if _PLACEHOLDER.fullmatch(line) and fits(values.get(name_of(line), ""), line) else line
        for line in text.split("\n")
    ]
    return "\n".join(lines), tuple(name for name, line in values.items() if line not in lines)
