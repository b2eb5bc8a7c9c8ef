"""The texts that the code passes through `tr`, `trn` and their marks, as its syntax tree has them."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEXTS_OF = {"tr": 1, "mark": 1, "trn": 2, "markn": 2}
"""How many of the first arguments are texts."""


@dataclass(frozen=True)
class Call:
    """One call of `tr` or its kin; `in_f_string` where it stands inside one, out of the extraction's reach."""

    path: str
    line: int
    name: str
    texts: tuple[ast.expr, ...]
    in_f_string: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.name}({', '.join(map(ast.unparse, self.texts))})"


def calls() -> tuple[Call, ...]:
    return _read()[0]


@cache
def _read() -> tuple[tuple[Call, ...], frozenset[str]]:
    """Return every such call, and every string that stands in the code, marked or not: each file is parsed once."""
    found: list[Call] = []
    written: set[str] = set()
    for path in sorted((ROOT / "wizard").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        waiting: list[tuple[ast.AST, bool]] = [(ast.parse(path.read_text()), False)]
        while waiting:
            node, in_f_string = waiting.pop()
            if (name := _name(node)) in TEXTS_OF:
                found.append(Call(where, node.lineno, name, tuple(node.args[: TEXTS_OF[name]]), in_f_string))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                written.add(node.value)
            in_f_string = in_f_string or isinstance(node, ast.JoinedStr)
            waiting += [(child, in_f_string) for child in ast.iter_child_nodes(node)]
    return tuple(found), frozenset(written)


def _name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


@cache
def literals() -> frozenset[str]:
    """Return every text that stands literally in such a call: what can be extracted."""
    return frozenset(text.value for call in calls() for text in call.texts if isinstance(text, ast.Constant))


@cache
def known() -> frozenset[str]:
    """Return what can be extracted, from the code and from the templates."""
    from tests import translations

    return literals() | {str(one) for one in translations.ids(translations.extracted("jinja2"))}


def known_and_written() -> tuple[frozenset[str], frozenset[str]]:
    """Return both; they take seconds to find and are found once in a process."""
    return known(), _read()[1]


class Known:
    """A catalogue of English that holds the program to its marks: a text that cannot be extracted is an error."""

    def gettext(self, message: str, /) -> str:
        assert message in known() or message not in _read()[1], f"shown by tr, but marked nowhere: {message!r}"
        return message

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        return self.gettext(one) if count == 1 else self.gettext(many)
