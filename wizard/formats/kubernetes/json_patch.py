"""JSON patches (RFC 6902) upon trees; what cannot be applied raises LookupError."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import DEEPEST, Tree
from wizard.formats.kubernetes.joined import Joined
from wizard.formats.kubernetes.objects import text

_END = "-"
_DIGITS = 9
"""Of a place in a list; Python refuses numbers of very many."""


def patched(tree: Tree, operations: Tree) -> Tree:
    """Return what a list of operations makes of a tree; raises LookupError where one has nothing to change."""
    for row in operations.rows() if operations.is_list() else []:
        tree = _one(tree, row)
    return tree


def _one(tree: Tree, row: Tree) -> Tree:
    parts = row.merged() if row.is_mapping() else {}
    at, value = _steps(text(parts, "path")), parts.get("value")
    match text(parts, "op"):
        case "remove":
            return _changed(tree, at, _without)
        case "test":
            if value is None or not _same(_found(tree, at), value):
                raise LookupError
            return tree
        case "copy" | "move" as op:
            start = _steps(text(parts, "from"))
            value = _found(tree, start)
            tree = _changed(tree, start, _without) if op == "move" else tree
            return _put(tree, at, value, new=True)
        case "add" | "replace" as op if value is not None:
            return _put(tree, at, value, new=op == "add")
    raise LookupError


def _steps(path: str) -> list[str]:
    if not path.startswith("/"):
        raise LookupError
    if path.count("/") > DEEPEST:
        raise LookupError
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def _found(tree: Tree, steps: Sequence[str]) -> Tree:
    for step in steps:
        tree = tree.merged()[step] if tree.is_mapping() else tree.rows()[_index(tree, step)]
    return tree


def _same(one: Tree, other: Tree) -> bool:
    """Whether two values are equal (section 4.6), a number and a text of the same signs are not."""
    spend(Cost.VALUES, 1)
    if one.is_mapping() and other.is_mapping():
        left, right = one.merged(), other.merged()
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if one.is_list() and other.is_list():
        items, others = one.rows(), other.rows()
        return len(items) == len(others) and all(map(_same, items, others))
    if not all(tree.is_scalar() for tree in (one, other)):
        return False
    return one.tag == other.tag and one.text() == other.text()


def _index(tree: Tree, step: str) -> int:
    if not tree.is_list() or not step.isdecimal() or len(step) > _DIGITS or int(step) >= len(tree.rows()):
        raise LookupError
    return int(step)


def _changed(tree: Tree, steps: Sequence[str], change: Callable[[Tree, str], Tree]) -> Tree:
    """Return the tree with another parent of the last step."""
    spend(Cost.VALUES, 1)
    step, *rest = steps
    if not rest:
        return change(tree, step)
    if tree.is_mapping():
        parts = tree.merged()
        return Joined(tree, parts | {step: _changed(parts[step], rest, change)})
    at, rows = _index(tree, step), tree.rows()
    rows[at] = _changed(rows[at], rest, change)
    return Joined(tree, items=rows)


def _without(tree: Tree, step: str) -> Tree:
    if tree.is_mapping():
        parts = tree.merged()
        del parts[step]
        return Joined(tree, parts)
    at, rows = _index(tree, step), tree.rows()
    del rows[at]
    return Joined(tree, items=rows)


def _put(tree: Tree, steps: Sequence[str], value: Tree, *, new: bool) -> Tree:
    def change(parent: Tree, step: str) -> Tree:
        if parent.is_mapping():
            parts = parent.merged()
            if not new and step not in parts:
                raise LookupError
            return Joined(parent, parts | {step: value})
        rows = parent.rows() if parent.is_list() else []
        if new and step in {_END, str(len(rows))} and parent.is_list():
            return Joined(parent, items=[*rows, value])
        at = _index(parent, step)
        rows[at : at + (not new)] = [value]
        return Joined(parent, items=rows)

    return _changed(tree, steps, change)
