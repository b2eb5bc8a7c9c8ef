"""What a kustomization changes in its objects without a patch: images and replicas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.joined import Joined, Written
from wizard.formats.kubernetes.objects import CONTAINERS, Object, text
from wizard.pattern import pattern

_UNTAGGED = pattern(r"(?::[^:/@]*)?(?:@.*)?$")
"""What stands behind the name of an image: a tag, a digest."""
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
"""Kinds whose replicas kustomize sets."""


@dataclass(frozen=True, slots=True)
class Image:
    """What becomes of an image of that name."""

    name: str
    new_name: str
    tag: Tree | None
    digest: str


def with_count(one: Object, counts: Mapping[str, Tree]) -> Object:
    """Return an object with the replicas that are set for it, by the name it has or had."""
    count = counts.get(one.called) or counts.get(one.name)
    if count is None or one.kind not in _SCALED or "spec" not in one.parts:
        return one
    spec = one.parts["spec"]
    return replace(one, parts={**one.parts, "spec": Joined(spec, spec.merged() | {"replicas": count})})


def with_images(one: Object, images: Sequence[Image]) -> Object:
    """Return an object in whose containers images are changed, one after the other."""
    if not images or "spec" not in one.parts:
        return one
    spec, way = one.parts["spec"], () if one.kind == "Pod" else ("template", "spec")
    for key in CONTAINERS:
        spec = _below(spec, (*way, key), lambda rows: _in_rows(rows, images))
    return replace(one, parts={**one.parts, "spec": spec})


def _below(tree: Tree, steps: Sequence[str], change: Callable[[Tree], Tree]) -> Tree:
    """Return the tree with another value below these keys, if there is one."""
    if not steps:
        return change(tree)
    step, *rest = steps
    parts = tree.merged() if tree.is_mapping() else {}
    return Joined(tree, parts | {step: _below(parts[step], rest, change)}) if step in parts else tree


def _in_rows(rows: Tree, images: Sequence[Image]) -> Tree:
    if not rows.is_list():
        return rows
    changed = [_below(row, ("image",), lambda image: _changed(image, images)) for row in rows.rows()]
    return Joined(rows, items=changed)


def _changed(tree: Tree, images: Sequence[Image]) -> Tree:
    """Return the name of an image as it becomes; it stands where its tag is set."""
    if not tree.is_scalar():
        return tree
    spend(Cost.WALKED, len(images))
    for image in images:
        name = _UNTAGGED.sub("", tree.text())
        if name != image.name:
            continue
        behind = tree.text()[len(name) :]
        base = tree
        if image.tag is not None:
            behind, base = f":{image.tag.text()}", image.tag
        behind = f"@{image.digest}" if image.digest else behind
        tree = Written(base, (image.new_name or name) + behind)
    return tree


def images_of(rows: Sequence[Mapping[str, Tree]]) -> list[Image]:
    """Return the images of a kustomization."""
    return [Image(text(row, "name"), text(row, "newName"), row.get("newTag"), text(row, "digest")) for row in rows]
