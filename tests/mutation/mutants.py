"""The changes that can be made to a module, where each stands, and the module's text with it."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from tests.mutation.operators import changes, is_left_alone

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change of one module. The tests that run it are found by the lines of its statement, or, where the module's
    import runs these, otherwise."""

    room: str
    path: Path
    operator: str
    line: int
    lines: range
    at_import: bool
    node: cst.CSTNode = field(repr=False)
    changed: cst.CSTNode = field(repr=False)
    module: cst.Module = field(repr=False)

    def text(self) -> str:
        """Return the module's whole text with the change."""
        return self.module.deep_replace(self.node, self.changed).code

    def rows(self) -> tuple[str, str]:
        """Return the rows that differ, before and after, without their indentation."""
        before, after = self.module.code.splitlines(), self.text().splitlines()
        matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
        edits = [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]
        first = "\n".join(row.strip() for _, i, j, _, _ in edits for row in before[i:j])
        second = "\n".join(row.strip() for _, _, _, i, j in edits for row in after[i:j])
        return first, second


def find_mutants(room: str, path: Path, text: str) -> list[Mutant]:
    """Return every mutant of a module's text, in the order of the text."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)  # a text gives no node twice
    found_of = wrapper.resolve_many([PositionProvider, ParentNodeProvider])
    positions, parents = found_of[PositionProvider], found_of[ParentNodeProvider]
    found: list[Mutant] = []
    waiting: list[cst.CSTNode] = [wrapper.module]
    while waiting:
        node = waiting.pop()
        if is_left_alone(node) or _is_docstring(node):
            continue
        waiting.extend(reversed(node.children))
        for operator, changed in changes(node):
            place = _place(node, positions)
            lines = _statement(node, parents, positions)
            at_import = _is_at_import(node, parents)
            found.append(Mutant(room, path, operator, place, lines, at_import, node, changed, wrapper.module))
    return found


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _place(node: cst.CSTNode, positions: dict[cst.CSTNode, CodeRange]) -> int:
    return positions[_asked(node)].start.line


def _asked(node: cst.CSTNode) -> cst.CSTNode:
    """Return the part of a node that is run when it is reached: the condition of an `if`, not its branches."""
    if isinstance(node, cst.If):
        return node.test
    return node.subject if isinstance(node, cst.Match) else node


def _statement(node: cst.CSTNode, parents: dict, positions: dict[cst.CSTNode, CodeRange]) -> range:
    """Return the lines of the simple statement around a node, or of the node where it stands in the head of a block."""
    above = node
    while above is not None and not isinstance(above, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        above = parents.get(above)
    part = above if isinstance(above, cst.SimpleStatementLine) else _asked(node)
    place = positions[part]
    return range(place.start.line, place.end.line + 1)


def _is_at_import(node: cst.CSTNode, parents: dict) -> bool:
    """Whether a node is run by the module's import: it stands in no function's body."""
    above = parents.get(node)
    while above is not None:
        if isinstance(above, cst.FunctionDef) and node is above.body:
            return False
        node, above = above, parents.get(above)
    return True


def module_name(path: Path) -> str:
    """Return the dotted name of a module of ours, by its path below the project's root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
