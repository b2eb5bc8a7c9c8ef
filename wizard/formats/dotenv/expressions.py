"""`$NAME` and `${NAME:-default}` in an env file: NocoBase takes them as they stand, Compose puts a value there.

The rules are Compose's (its specification, "Interpolation"): in unquoted and double-quoted values, from variables that
stand above in the file, and from the environment of Compose, of which nothing is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.dotenv.grammar import Assignment
from wizard.pattern import pattern
from wizard.plan.place import Place

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_ANY = pattern(rf"\$\{{?{_NAME}")
_PART = pattern(
    rf"\$(?:(?P<escaped>\$)|(?P<named>{_NAME})|\{{(?P<braced>{_NAME})(?P<operator>:?[-?+]|(?=\}}))|\{{(?P<odd>))"
)
_SURE = pattern(r"\$\{(\w+)(?=[}:?+-])|(?<![^:/@=?&])\$([A-Z_][A-Z0-9_]*)(?![^:/@?&#])")
"""What is a variable's name for sure in a value that may be secret: “Ab$Cd” may be the password itself."""
_DEEPEST = 10
LONGEST = 128 * 1024
"""Characters that a value may come to: Linux gives a program no longer one (MAX_ARG_STRLEN)."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """What Compose makes of a value: `value`, None where it refuses; `unset` names what it finds no value for.

    `named` are all variables that stand in it, `torn` the places of secrets in which a “$” may be no variable's.
    """

    value: str | None = field(repr=False)
    named: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    torn: tuple[Place, ...] = ()
    templated: bool = False
    """Whether it is no expression of Compose: a program fills it in before the nodes are started."""


def is_expression(found: Assignment) -> bool:
    """Whether Compose would put something else in the place of the value or a part of it."""
    return found.quote != "'" and bool(_ANY.search(found.value))


def surely_named(text: str) -> set[str]:
    """Return the variables that stand for sure in a text that may be secret."""
    return {name for both in _SURE.findall(text) for name in both}


def expanded(assignments: Iterable[Assignment]) -> dict[str, Expanded]:
    """Return what Compose makes of each expression among `assignments`, in their order, by the variables' names."""
    known: dict[str, str] = {}
    found: dict[str, Expanded] = {}
    for one in assignments:
        if is_expression(one):
            found[one.name] = _Expansion(known).of(one.value)
            known[one.name] = found[one.name].value or ""
        else:
            known[one.name] = one.value
    return found


def expand(text: str, known: Mapping[str, str]) -> Expanded:
    """Return what Compose makes of one text, with these variables set."""
    return _Expansion(known).of(text)


class _Expansion:
    """Reads one value; what it meets on the way is remembered."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._named: dict[str, None] = {}
        self._unset: dict[str, None] = {}
        self._refused = False

    def of(self, text: str) -> Expanded:
        value = self._text(text, 0)
        spend(Cost.EXPANDED, len(value))
        return Expanded(None if self._refused else value, tuple(self._named), tuple(self._unset))

    def _text(self, text: str, depth: int) -> str:
        result, at = "", 0
        while part := _PART.search(text, at):
            result += text[at : part.start()]
            at = part.end()
            if len(result) > LONGEST:
                self._refused = True
                return ""
            if part["escaped"]:
                result += "$"
            elif part["named"]:
                result += self._value(part["named"])
            elif part["odd"] is not None:  # Compose calls it invalid
                self._named |= dict.fromkeys(name.lstrip("${") for name in _ANY.findall(text))
                self._refused = True
                return result
            else:
                end = _closing(text, at)
                if end is None:  # Compose calls it invalid
                    self._named[part["braced"]] = None
                    self._refused = True
                    return result
                result += self._braced(part["braced"], part["operator"] or "", text[at:end], depth)
                at = end + 1
        return result + text[at:]

    def _value(self, name: str) -> str:
        self._named[name] = None
        if name not in self._known:
            self._unset[name] = None
        return self._known.get(name, "")

    def _braced(self, name: str, operator: str, other: str, depth: int) -> str:
        """Return what `${name…}` gives: with `:` an empty variable counts as none."""
        self._named[name] = None
        value = self._known.get(name)
        there = bool(value) if operator.startswith(":") else value is not None
        match operator[-1:]:
            case "-":
                return (value or "") if there else self._deeper(other, depth)
            case "+":
                return self._deeper(other, depth) if there else ""
            case "?":
                self._refused = self._refused or not there
                if not there:
                    self._unset[name] = None
                return value or ""
            case _:
                return self._value(name)

    def _deeper(self, text: str, depth: int) -> str:
        if depth < _DEEPEST:
            return self._text(text, depth + 1)
        self._refused = True
        return ""


def _closing(text: str, at: int) -> int | None:
    """Return where the brace that is open at `at` closes; None where it does not."""
    depth = 0
    for index in range(at, len(text)):
        if text.startswith("${", index):
            depth += 1
        elif text[index] == "}":
            if not depth:
                return index
            depth -= 1
    return None
