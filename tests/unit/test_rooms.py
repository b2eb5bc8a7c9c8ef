"""What is put into words without Qt stands in guide, where the command line can have it, too."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORDS = {"tr", "trn", "mark", "markn"}
OF_THE_WINDOW = ("PySide6", "wizard.gui")


def qt_free_texts(source: str) -> list[str]:
    """Return the functions, classes and tables of a module that make texts and use nothing of Qt or the window."""
    module = ast.parse(source)
    used = {name: _names(node) for node in module.body for name in _defined(node)}
    window = {alias.asname or alias.name for node in ast.walk(module) for alias in _from_the_window(node)}
    while more := {name for name, names in used.items() if names & window} - window:
        window |= more
    functions = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    return [name for name in used if name in functions - window and used[name] & WORDS]


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _names(node: ast.stmt) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _from_the_window(node: ast.AST) -> list[ast.alias]:
    if isinstance(node, ast.ImportFrom):
        return node.names if (node.module or "").startswith(OF_THE_WINDOW) else []
    return (
        [alias for alias in node.names if alias.name.startswith(OF_THE_WINDOW)] if isinstance(node, ast.Import) else []
    )


def test_no_function_of_the_window_puts_words_together_without_qt():
    found = {
        str(file.relative_to(ROOT)): qt_free_texts(file.read_text()) for file in (ROOT / "wizard/gui").rglob("*.py")
    }
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def figures(count):\n    return trn('1', '{count}', count)", ["figures"]),
        ("from PySide6.QtWidgets import QLabel\ndef shown():\n    return QLabel(tr('x'))", []),
        ("from wizard.gui.theme import theme\ndef a():\n    return theme()\ndef b():\n    return a(), tr('x')", []),
        ("def width(text):\n    return len(text)", []),
    ],
)
def test_only_what_makes_words_and_has_no_qt_is_found(source, found):
    assert qt_free_texts(source) == found
