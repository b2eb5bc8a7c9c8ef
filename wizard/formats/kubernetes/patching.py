"""Patches of a kustomization: which objects they change, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv.grammar import Assignment
from wizard.formats.kubernetes import json_patch, strategic
from wizard.formats.kubernetes.given import KINDS, held
from wizard.formats.kubernetes.joined import Joined
from wizard.formats.kubernetes.objects import Object, below, documents, parts_of, text
from wizard.pattern import pattern
from wizard.plan.observed import Unfollowed
from wizard.plan.place import Place

_LISTS = ("patchesStrategicMerge", "patches")
_LAST = ("patchesJson6902",)
_EXACT = pattern(r"[\w.-]*")
_BEGINS = pattern(r"(?P<begin>[\w-]*)\.\*")

Generated = dict[tuple[str, str], dict[str, Assignment]]


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch: its documents, the objects it is for (None: those that it names itself), and where it stands."""

    name: str
    place: Place
    target: Mapping[str, Tree] | None
    documents: Sequence[Tree] = field(default=())
    missing: bool = False


def patches(parts: Mapping[str, Tree], file: Callable[[str], tuple[str, str] | None]) -> Iterator[Patch]:
    """Go through the patches of a kustomization in the order of kustomize's.

    `file` returns the title and the text of a file, by its path from the kustomization; None where it is not there.
    """
    for key in (*_LISTS, *_LAST):
        part = parts.get(key)
        for row in part.rows() if part is not None and part.is_list() else []:
            yield _patch(key, row, file)


def _patch(key: str, row: Tree, file: Callable[[str], tuple[str, str] | None]) -> Patch:
    entry = row.merged() if row.is_mapping() else {}
    inline = entry.get("patch") if entry else row
    path = text(entry, "path")
    if inline is not None and not row.is_list() and not entry and "\n" not in row.text() and "{" not in row.text():
        inline, path = None, row.text()
    place = Place(row.place.file, row.line, key)
    target = below(entry, "target") if "target" in entry else None
    if path:
        there = file(path)
        found = [*documents(there[1], there[0])] if there else []
        return Patch(path, place, target, found, missing=there is None)
    if inline is None or not inline.is_scalar():
        return Patch(key, place, target)
    found = [*documents(inline.text(), place.file, (inline.begins or inline.line) - 1)]
    return Patch(key, place, target, found)


def applied(patch: Patch, objects: list[Object], generated: Generated) -> Unfollowed | None:
    """Apply a patch to the objects, in their places; return why it was not followed, None where it was."""
    if patch.missing:
        return Unfollowed.MISSING
    done = [_document(one, patch.target, objects, generated) for one in patch.documents]
    return None if done and all(done) else Unfollowed.PATCH


def _document(tree: Tree, target: Mapping[str, Tree] | None, objects: list[Object], generated: Generated) -> bool:
    if tree.is_list():
        return target is not None and _by_operations(tree, target, objects)
    results = [_merged(one, target, objects, generated) for one in parts_of(tree)]
    return bool(results) and all(results)


def _by_operations(tree: Tree, target: Mapping[str, Tree], objects: list[Object]) -> bool:
    found = chosen(objects, target)
    for at in found or ():
        whole = Joined(next(iter(objects[at].parts.values())), objects[at].parts)
        try:
            objects[at] = replace(objects[at], parts=json_patch.patched(whole, tree).merged())
        except LookupError:
            return False
    return bool(found)


def _merged(
    parts: dict[str, Tree], target: Mapping[str, Tree] | None, objects: list[Object], generated: Generated
) -> bool:
    own = Object(parts)
    if target is None and (own.kind, own.name) in generated:
        return _of_generated(own, generated)
    own_target = {"kind": parts["kind"], **below(parts, "metadata")} if "kind" in parts else {}
    meant = chosen(objects, own_target if target is None else target)
    new = Joined(next(iter(parts.values())), parts)
    for at in reversed(meant or ()):
        old = objects[at]
        whole = Joined(next(iter(old.parts.values())), old.parts)
        found = strategic.merged(whole, new, keyed=_is_of_kubernetes(old))
        if found is None:
            del objects[at]
        else:
            objects[at] = replace(old, parts=_still_called(old, found.merged()))
    return bool(meant)


def _is_of_kubernetes(one: Object) -> bool:
    """Whether a kind is one of Kubernetes' own, by the group of its API: `apps`, `batch`, `networking.k8s.io`."""
    group = text(one.parts, "apiVersion").rpartition("/")[0]
    return "." not in group or group.endswith(".k8s.io")


def _still_called(old: Object, parts: dict[str, Tree]) -> dict[str, Tree]:
    """Return the parts with the kind and the name as before: a patch that is meant for several has its own."""
    name = below(old.parts, "metadata").get("name")
    metadata = Joined(old.parts["metadata"], below(parts, "metadata") | {"name": name}) if name else None
    return parts | {"kind": old.parts["kind"]} | ({"metadata": metadata} if metadata else {})


def _of_generated(own: Object, generated: Generated) -> bool:
    """Merge into what a generator makes; what a patch takes out is gone."""
    out = {key for group in ("data", "stringData") for key, part in below(own.parts, group).items() if part.is_null()}
    before = generated[own.kind, own.name]
    new = {**before, **held(own)}
    generated[own.kind, own.name] = {key: one for key, one in new.items() if key not in out}
    return own.kind in KINDS.values() and "$patch" not in own.parts


def chosen(
    objects: Sequence[Object], target: Mapping[str, Tree], by: Sequence[str] = ("kind", "name")
) -> list[int] | None:
    """Return which objects a target means; None where that is not made out here.

    It says at least one of the keys of `by`.
    """
    if not any(text(target, key) for key in by):
        return None
    if any(key in target for key in ("labelSelector", "annotationSelector")):
        return None
    spend(Cost.WALKED, len(objects))
    wanted = {key: text(target, key) for key in ("kind", "name", "namespace", "version", "group")}
    known = [_is_known(one) for one in wanted.values()]
    found = [
        at for at, one in enumerate(objects) if all(_meets(one, key, word) for key, word in wanted.items() if word)
    ]
    return found if all(known) else None


def _is_known(wanted: str) -> bool:
    return bool(_EXACT.fullmatch(wanted) or _BEGINS.fullmatch(wanted))


def _meets(one: Object, key: str, wanted: str) -> bool:
    group, _sign, version = text(one.parts, "apiVersion").rpartition("/")
    said = {
        "kind": (one.kind,),
        "name": (one.name, one.called),
        "namespace": (one.namespace, text(below(one.parts, "metadata"), "namespace")),
        "version": (version,),
        "group": (group,),
    }[key]
    begins = _BEGINS.fullmatch(wanted)
    return any(word.startswith(begins["begin"]) if begins else word == wanted for word in said)
