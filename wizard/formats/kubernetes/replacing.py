"""Replacements and variables of a kustomization: a value of one object is put into others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import DEEPEST, Tree
from wizard.formats.dotenv.grammar import LARGEST, Assignment
from wizard.formats.kubernetes.joined import Joined, Written
from wizard.formats.kubernetes.objects import Object, below, rows, text, texts
from wizard.formats.kubernetes.patching import Generated, chosen
from wizard.pattern import pattern

_STEP = pattern(r"\[[^\]]*\]|(?:\\.|[^.\\\[])+")
_EQUAL = pattern(r"\[(?P<key>[^=\]]+)=(?P<value>[^\]]*)\]")
_REFERENCE = pattern(r"\$\((?P<name>[-.\w]+)\)")
_LISTS = ("containers", "initContainers")
_OWN = {"metadata.name": "called", "metadata.namespace": "namespace"}
"""What an object knows of itself: its name with all that is put before and behind it."""

Change = Callable[[Tree | None], Tree]


@dataclass
class Built:
    """The objects of one kustomization, and what its generators make; both are changed in their places."""

    objects: list[Object]
    generated: Generated


def replaced(row: Mapping[str, Tree], built: Built) -> bool:
    """Do one replacement; says whether it was followed whole."""
    source, targets = below(row, "source"), rows(row, "targets")
    value = _value(source, text(source, "fieldPath") or "metadata.name", built)
    value = value and _part_of(value, below(source, "options"))
    return bool(value and targets and _into_all(targets, value, built))


def _into_all(targets: Sequence[Mapping[str, Tree]], value: Tree, built: Built) -> bool:
    done = [_into(target, value, built) for target in targets]  # all of them, whether or not one fails
    return all(done)


def value_of(variable: Mapping[str, Tree], built: Built) -> Tree | None:
    """Return what an entry of `vars` stands for; None where that is not among the objects."""
    return _value(below(variable, "objref"), text(below(variable, "fieldref"), "fieldpath") or "metadata.name", built)


def _value(asked: Mapping[str, Tree], path: str, built: Built) -> Tree | None:
    steps = _steps(path)
    found = chosen(built.objects, asked) or []
    for at in found[:1]:
        one = built.objects[at]
        if (own := _OWN.get(path)) and "metadata" in one.parts:
            return Written(one.parts["metadata"], str(getattr(one, own)))
        return _found(Joined(next(iter(one.parts.values())), one.parts), steps)
    held = built.generated.get((text(asked, "kind"), text(asked, "name")), {})
    if len(steps) == 2 and steps[0] == "data" and steps[1] in held and "kind" in asked:  # noqa: PLR2004 - `data.KEY`
        return Written(asked["kind"], held[steps[1]].value)
    return None


def _part_of(value: Tree, options: Mapping[str, Tree]) -> Tree | None:
    if not text(options, "delimiter"):
        return value
    parts, at = value.text().split(text(options, "delimiter")), text(options, "index") or "0"
    return Written(value, parts[int(at[:9])]) if at.isdecimal() and int(at[:9]) < len(parts) else None


def _into(target: Mapping[str, Tree], value: Tree, built: Built) -> bool:
    select = below(target, "select")
    paths = [path.text() for path in texts(target.get("fieldPaths"))] or ["metadata.name"]
    options = below(target, "options")
    named = (text(select, "kind"), text(select, "name"))
    found = chosen(built.objects, select)
    if found is None and named not in built.generated:
        return False
    out = {at for row in rows(target, "reject") for at in chosen(built.objects, row) or ()}
    done = [_into_object(at, paths, value, options, built) for at in found or () if at not in out]
    if named in built.generated:
        done.append(_into_generated(built.generated[named], paths, value, options))
    return bool(done) and all(done)


def _into_object(at: int, paths: Sequence[str], value: Tree, options: Mapping[str, Tree], built: Built) -> bool:
    one = built.objects[at]
    whole: Tree = Joined(next(iter(one.parts.values())), one.parts)
    try:
        for path in paths:
            whole = _put(whole, _steps(path), lambda old: _joined(old, value, options))
    except LookupError:
        return False
    built.objects[at] = replace(one, parts=whole.merged())
    return True


def _into_generated(
    held: dict[str, Assignment], paths: Sequence[str], value: Tree, options: Mapping[str, Tree]
) -> bool:
    for path in paths:
        steps = _steps(path)
        key = steps[-1] if len(steps) == 2 and steps[0] == "data" else ""  # noqa: PLR2004 - `data.KEY`
        if key not in held:
            return False
        new = _joined(Written(value, held[key].value), value, options)
        held[key] = replace(held[key], value=new.text(), line=value.line, file=value.place.file)
    return True


def _joined(old: Tree | None, value: Tree, options: Mapping[str, Tree]) -> Tree:
    """Return what stands at a target afterwards: the value, or the old text with it as one of its parts."""
    delimiter, at = text(options, "delimiter"), text(options, "index") or "0"
    if old is None:
        if text(options, "create") != "true":
            raise LookupError
        return value
    if not delimiter:
        return value
    parts = old.text().split(delimiter)
    number = int(at[:9]) if at.removeprefix("-").isdecimal() else 0
    if number < 0:
        parts = [value.text(), *parts]
    elif number < len(parts):
        parts[number] = value.text()
    else:
        parts.append(value.text())
    return Written(value, delimiter.join(parts))


def _steps(path: str) -> list[str]:
    steps = _STEP.findall(path[:LARGEST])
    if len(steps) > DEEPEST:
        return []
    return [step if step.startswith("[") else step.replace("\\.", ".") for step in steps]


def _found(tree: Tree, steps: Sequence[str]) -> Tree | None:
    for step in steps:
        parts = tree.merged() if tree.is_mapping() else {}
        if step in parts:
            tree = parts[step]
        elif found := _rows(tree, step):
            tree = tree.rows()[found[0]]
        else:
            return None
    return tree if steps else None


def _rows(tree: Tree, step: str) -> list[int]:
    """Return which rows of a list a step means: `[key=value]`, `*`, or a number."""
    items = tree.rows() if tree.is_list() else []
    if step == "*":
        return [*range(len(items))]
    if step.isdecimal():
        return [int(step[:9])] if int(step[:9]) < len(items) else []
    equal = _EQUAL.fullmatch(step)
    rows_of = enumerate(items) if equal else ()
    spend(Cost.VALUES, len(items))
    return [
        at for at, row in rows_of if row.is_mapping() and equal and text(row.merged(), equal["key"]) == equal["value"]
    ]


def _put(tree: Tree, steps: Sequence[str], change: Change) -> Tree:
    """Return the tree with what is at the steps changed; raises LookupError where nothing is there."""
    spend(Cost.VALUES, 1)
    if not steps:
        return change(tree)
    step, *rest = steps
    if tree.is_mapping():
        parts = tree.merged()
        for key in [*parts] if step == "*" else [step]:
            if key not in parts and rest:
                raise LookupError
            parts[key] = _put(parts[key], rest, change) if key in parts else change(None)
        return Joined(tree, parts)
    found, items = _rows(tree, step), tree.rows() if tree.is_list() else []
    if not found:
        raise LookupError
    for at in found:
        items[at] = _put(items[at], rest, change)
    return Joined(tree, items=items)


def with_variables(one: Object, values: Mapping[str, Tree]) -> Object:
    """Return an object in whose containers `$(NAME)` is replaced, in `env`, `command` and `args`."""
    if not values or "spec" not in one.parts:
        return one
    way = ("spec",) if one.kind == "Pod" else ("spec", "template", "spec")
    whole: Tree = Joined(next(iter(one.parts.values())), one.parts)
    for steps in [
        (*way, key, "*", *more) for key in _LISTS for more in (("env", "*", "value"), ("command", "*"), ("args", "*"))
    ]:
        whole = _everywhere(whole, steps, lambda old: _filled(old, values))
    return replace(one, parts=whole.merged())


def _everywhere(tree: Tree, steps: Sequence[str], change: Callable[[Tree], Tree]) -> Tree:
    """Return the tree with what is at the steps changed, wherever that is there."""
    spend(Cost.VALUES, 1)
    if not steps:
        return change(tree)
    step, *rest = steps
    if tree.is_list() and step == "*":
        return Joined(tree, items=[_everywhere(row, rest, change) for row in tree.rows()])
    parts = tree.merged() if tree.is_mapping() else {}
    return Joined(tree, parts | {step: _everywhere(parts[step], rest, change)}) if step in parts else tree


def _filled(tree: Tree, values: Mapping[str, Tree]) -> Tree:
    if tree.is_mapping() or tree.is_list():
        return tree
    known = [match for match in _REFERENCE.finditer(tree.text()) if match["name"] in values]
    spend(Cost.EXPANDED, sum(len(values[match["name"]].text()) for match in known))  # before it is there
    if not known:
        return tree
    return Written(
        tree,
        _REFERENCE.sub(
            lambda match: values[match["name"]].text() if match["name"] in values else match[0], tree.text()
        ),
    )
