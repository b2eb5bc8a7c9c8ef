"""Lines on which a value without quotes goes on: a key, a certificate, JSON. NocoBase takes its first line alone.

What stands before a `=` on such a line is no name but a piece of the secret: base64 ends in `=`, and a head within PEM
has a colon. So it is told by its line, and shown nowhere.
"""

from __future__ import annotations

from wizard.formats.dotenv import grammar
from wizard.formats.dotenv.grammar import Assignment, ignored_lines
from wizard.plan.variable_names import is_of_chance, is_readable, is_short, is_usual
from wizard.plan.variables import known_variables, may_be_secret

_BEGINS, _ENDS = "-----BEGIN", "-----END"
Line = tuple[int, str]


def is_piece(found: Assignment) -> bool:
    """Whether what stands in the place of a name is the end of a key, wherever it stands."""
    if found.name in known_variables():
        return False
    filled_up = not found.value.strip("=")  # base64 ends so; dotenv takes the first “=” for its own
    of_two = filled_up or " " in found.name  # a line of Compose that lost its colon
    by_chance = is_of_chance(found.name) or (of_two and not is_readable(found.name))
    ends_so = filled_up and bool(found.value) and not is_short(found.name)  # `V12==` may be a variable
    return (by_chance and not _is_of_words(found.name)) or ends_so


def _is_of_words(name: str) -> bool:
    """Whether a name is of capitals, or of small letters, with `_`: Kubernetes' of services may have a hash in them."""
    return "_" in name and is_usual(name)


def parse(text: str) -> dict[str, Assignment]:
    """Read the assignments of an env file, as `grammar.parse` does, without the pieces of values that go on."""
    return read_lines(text)[0]


def read_lines(text: str) -> tuple[dict[str, Assignment], list[Line]]:
    """Return the assignments of an env file, and the lines that are none: ignored ones and pieces, in their order."""
    found = grammar.parse(text)
    ignored = dict(ignored_lines(text))
    pieces = _pieces(found, ignored)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    left = ignored | {found[name].line: lines[found[name].line - 1] for name in pieces}
    return {name: one for name, one in found.items() if name not in pieces}, sorted(left.items())


def _pieces(found: dict[str, Assignment], ignored: dict[int, str]) -> set[str]:
    """Return the names that are pieces of a value above them."""
    by_line = {one.line: one for one in found.values()}
    leading = _leading_to_broken(by_line, ignored)
    pieces: set[str] = set()
    in_key, goes_on, broken, last = False, False, False, 0
    for number in sorted(ignored.keys() | by_line.keys()):
        one, adjacent = by_line.get(number), number == last + 1
        last = number
        if one is None:
            in_key = _is_open(ignored[number], within=in_key)
            goes_on = broken = True
        elif is_piece(one) or (
            (in_key or (adjacent and goes_on)) and _may_be_piece(one, broken=broken or in_key or number in leading)
        ):
            pieces.add(one.name)
            goes_on = broken = True
        else:
            in_key = _is_open(one.value, within=False)
            goes_on = not one.quote and may_be_secret(one.name, one.value)
            broken = goes_on and _is_unfinished(one.value)
            last += one.value.count("\n") if one.quote else 0
    return pieces


def _leading_to_broken(by_line: dict[int, Assignment], ignored: dict[int, str]) -> set[int]:
    """Return the lines of unusual names behind which, without a usual one between, a line is no assignment."""
    leading: set[int] = set()
    for number in sorted(by_line, reverse=True):
        if (number + 1 in ignored or number + 1 in leading) and not is_usual(by_line[number].name):
            leading.add(number)
    return leading


def _is_unfinished(value: str) -> bool:
    """Whether a value has an opening quotation mark alone, or a backslash at its end: its lines belong together."""
    return value[:1] in {"'", '"', "`"} or value.endswith("\\")


def _is_open(text: str, *, within: bool) -> bool:
    """Whether a key in PEM goes on behind this text."""
    begins, ends = text.rfind(_BEGINS), text.rfind(_ENDS)
    return begins > ends or (within and ends < 0)


def _may_be_piece(one: Assignment, *, broken: bool) -> bool:
    """Whether a line behind a secret, or behind a `broken` line, that is no assignment, goes on with the secret."""
    if one.name in known_variables() or one.quote:
        return False
    if broken:
        return not is_usual(one.name) or ("_" not in one.name and not one.value)
    if one.value and not any(map(str.isdigit, one.name)):
        return is_of_chance(one.name)  # letters alone with a value behind them, as `iOSAppID`, are no end of base64
    return not is_readable(one.name) and not _is_of_words(one.name)
