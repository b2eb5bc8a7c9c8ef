"""Notes which lines of the program run: a mark stands before each statement, set when the module is imported.

Watching by the interpreter's own hooks costs several times what the tests take; a mark costs one addition to a set.
"""

import ast
import importlib.abc
import importlib.machinery
from collections.abc import Collection, Iterator
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutation.mutants import ROOT

_NAME = "__ran__"


class Marks(importlib.abc.MetaPathFinder):
    """Imports modules with marks: before each statement in those of `whole`, paths from the project's root; else at the
    beginning of each function, which tells that something of the module ran.

    `ran` holds the numbers of the marks that were passed, until somebody clears it.
    """

    def __init__(self, whole: Collection[str]) -> None:
        self.ran: set[int] = set()
        self._whole = frozenset(whole)
        self._places: list[tuple[str, tuple[int, ...]]] = []

    def place(self, number: int) -> tuple[str, tuple[int, ...]]:
        """Return a mark's module, as a path, and the lines of its statement; no lines where it is a function's only."""
        return self._places[number]

    def find_spec(self, fullname, path, target=None):
        if fullname.partition(".")[0] != "wizard":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        loader = spec.loader if spec else None
        if isinstance(loader, importlib.machinery.SourceFileLoader) and Path(loader.path).is_relative_to(ROOT):
            spec.loader = _Loader(fullname, loader.path, self)
        return spec

    def compiled(self, path: str) -> CodeType:
        """Return a module's code with its marks."""
        tree = ast.parse(Path(path).read_bytes(), path)
        relative = str(Path(path).relative_to(ROOT))
        for block in list(_blocks(tree)) if relative in self._whole else list(_functions(tree)):
            self._mark(block, relative)
        return compile(tree, path, "exec", dont_inherit=True)

    def _mark(self, block: list[ast.stmt], path: str) -> None:
        whole = path in self._whole
        begins = next((place for place, one in enumerate(block) if not _must_be_first(one)), len(block))
        marked = block[:begins]
        for place, statement in enumerate(block[begins:]):
            if whole or place == 0:
                marked.append(self._new_mark(statement, path, tuple(_lines(statement)) if whole else ()))
            marked.append(statement)
        block[:] = marked

    def _new_mark(self, statement: ast.stmt, path: str, lines: tuple[int, ...]) -> ast.stmt:
        call = ast.Call(ast.Name(_NAME, ast.Load()), [ast.Constant(len(self._places))], [])
        self._places.append((path, lines))
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), statement))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, marks: Marks) -> None:
        super().__init__(name, path)
        self._marks = marks

    def get_code(self, fullname: str) -> CodeType:
        return self._marks.compiled(self.path)

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, _NAME, self._marks.ran.add)
        super().exec_module(module)


def _blocks(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Yield each list of statements there is."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield block


def _functions(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    return (node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _must_be_first(statement: ast.stmt) -> bool:
    """Whether nothing may stand before it: a docstring, or a statement about the language's future."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _lines(statement: ast.stmt) -> Iterator[int]:
    """Yield the lines of a simple statement, or of the heads of a block with what its decorators say."""
    inner = [part for part in ast.iter_child_nodes(statement) if isinstance(part, ast.excepthandler | ast.match_case)]
    for part in (statement, *inner):
        first = min((one.lineno for one in getattr(part, "decorator_list", ())), default=_first(part))
        body = getattr(part, "body", None) or getattr(part, "cases", None)
        last = max(first, _first(body[0]) - 1 if body else part.end_lineno)
        yield from range(first, last + 1)


def _first(part: ast.AST) -> int:
    return part.pattern.lineno if isinstance(part, ast.match_case) else part.lineno
