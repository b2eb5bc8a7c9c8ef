"""Replacements and variables of a kustomization: a value of one object is put into others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import DEEPEST, Tree
from wizard.formats.dotenv.grammar import LARGEST, Assignment
from wizard.formats.kubernetes.joined import Joined, Written
from wizard.formats.kubernetes.objects import CONTAINERS, Object, below, rows, text, texts
from wizard.formats.kubernetes.patching import Generated, chosen
from wizard.pattern import pattern

_STEP = pattern(r"\[[^\]]*\]|(?:\\.|[^.\\\[])+")
_EQUAL = pattern(r"\[(?P<key>[^=\]]+)=(?P<value>[^\]]*)\]")
_REFERENCE = pattern(r"\$(?:\$|\((?P<name>[-.\w]+)\))")
"""`$$` stands for `$` itself."""
_OWN = {"metadata.name": "called", "metadata.namespace": "namespace"}
"""What an object knows of itself: its name with all that is put before and behind it."""

_BY = ("kind", "name", "namespace", "group", "version")

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
    """Return what an entry of `vars`, its keys in small letters, stands for; None where no one object says it."""
    asked, field = (in_small_letters(below(variable, key)) for key in ("objref", "fieldref"))
    value = _value(asked, text(field, "fieldpath") or "metadata.name", built)
    return value if value and value.is_scalar() else None


def in_small_letters(parts: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return a mapping with its keys in small letters: those of `vars` are taken in any case."""
    return {key.lower(): part for key, part in parts.items()}


def _value(asked: Mapping[str, Tree], path: str, built: Built) -> Tree | None:
    """Return what is at a path of the object that is asked for; None unless exactly one is meant, and has it."""
    found, made = chosen(built.objects, asked), _made(asked, built.generated)
    there = [built.objects[at] for at in found or ()]
    meant = {*made, *((one.kind, one.name) for one in there)}  # what a generator is merged into is the same object
    if found is None or len(meant) != 1 or len(there) > 1:
        return None
    key = _key(path)
    for held in (built.generated[name] for name in made):
        if key in held:
            return Written(next(iter(asked.values())), held[key].value)
    return _of_object(there[0], path) if there else None


def _of_object(one: Object, path: str) -> Tree | None:
    if (own := _OWN.get(path)) and "metadata" in one.parts:
        return Written(one.parts["metadata"], str(getattr(one, own)))
    return _found(Joined(next(iter(one.parts.values())), one.parts), _steps(path))


def _made(asked: Mapping[str, Tree], generated: Generated) -> list[tuple[str, str]]:
    """Return the kinds and names of what is meant among that which generators make."""
    spend(Cost.WALKED, len(generated))
    kind, name = text(asked, "kind"), text(asked, "name")
    return [key for key in generated if (kind or name) and kind in {"", key[0]} and name in {"", key[1]}]


def _key(path: str) -> str:
    """Return the key that a path of the form `data.KEY` names; empty for any other."""
    steps = _steps(path)
    return steps[1] if len(steps) == 2 and steps[0] == "data" else ""  # noqa: PLR2004 - two steps


def _part_of(value: Tree, options: Mapping[str, Tree]) -> Tree | None:
    if not text(options, "delimiter"):
        return value
    if not value.is_scalar():
        return None
    parts, at = value.text().split(text(options, "delimiter")), text(options, "index") or "0"
    return Written(value, parts[int(at[:9])]) if at.isdecimal() and int(at[:9]) < len(parts) else None


def _into(target: Mapping[str, Tree], value: Tree, built: Built) -> bool:
    """Put a value into one target; a target that means nothing that is there changes nothing, and is followed."""
    select, rejects = below(target, "select"), rows(target, "reject")
    paths = [path.text() for path in texts(target.get("fieldPaths"))] or ["metadata.name"]
    options = below(target, "options")
    found, made = chosen(built.objects, select), _made(select, built.generated)
    out = [chosen(built.objects, row, _BY) for row in rejects]
    if found is None or None in out or (made and any({*row} - {"kind", "name"} for row in rejects)):
        return False
    kept = {*found}.difference(*(one or () for one in out))
    left = {*made}.difference(*(_made(row, built.generated) for row in rejects))
    done = [_into_object(at, paths, value, options, built) for at in found if at in kept]
    done += [_into_generated(built.generated[key], paths, value, options) for key in made if key in left]
    return all(done)


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
        key = _key(path)
        if key not in held or not value.is_scalar():
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
    if not old.is_scalar() or not value.is_scalar():
        raise LookupError
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
        (*way, key, "*", *more)
        for key in CONTAINERS
        for more in (("env", "*", "value"), ("command", "*"), ("args", "*"))
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
    if not tree.is_scalar() or "$" not in tree.text():
        return tree
    known = [match for match in _REFERENCE.finditer(tree.text()) if match["name"] in values]
    spend(Cost.EXPANDED, sum(len(values[match["name"]].text()) for match in known))  # before it is there
    return Written(tree, _REFERENCE.sub(lambda match: _meant(match, values), tree.text()))


def _meant(match: re.Match[str], values: Mapping[str, Tree]) -> str:
    if match["name"] is None:
        return "$"
    return values[match["name"]].text() if match["name"] in values else match[0]
