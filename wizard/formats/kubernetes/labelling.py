"""The labels and annotations that a kustomization puts into all its objects, where kustomize puts them by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wizard.dataclass import dataclass
from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.joined import Joined
from wizard.formats.kubernetes.objects import Object, below, rows, text

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
_SELECTING = ("Service", "ReplicationController")
_TEMPLATED = (*_WORKLOADS, "Job", "ReplicationController")
_POD = ("spec", "template", "metadata")


@dataclass(frozen=True, slots=True)
class _Entries:
    """Labels or annotations (`key`) by name, and whether templates of pods and selectors get them, too."""

    key: str
    parts: Mapping[str, Tree]
    base: Tree
    templates: bool
    selectors: bool = False


def labelled(one: Object, parts: Mapping[str, Tree]) -> Object:
    """Return an object with the labels and annotations that the kustomization of these parts says."""
    for entries in _entries(parts):
        for steps in _places(one.kind, entries):
            first, *rest = steps
            spend(Cost.WALKED, len(entries.parts))
            tree = one.parts.get(first) or Joined(entries.base, {})
            one = replace(one, parts={**one.parts, first: _with(tree, rest, entries)})
    return one


def unfollowed(parts: Mapping[str, Tree]) -> list[Tree]:
    """Return the entries of `labels` that name fields of their own: where those are is not followed."""
    return [row["fields"] for row in rows(parts, "labels") if "fields" in row]


def _entries(parts: Mapping[str, Tree]) -> list[_Entries]:
    found = []
    if common := below(parts, "commonLabels"):
        found.append(_Entries("labels", common, parts["commonLabels"], templates=True, selectors=True))
    for row in rows(parts, "labels"):
        if pairs := below(row, "pairs"):
            selectors = text(row, "includeSelectors") == "true"
            templates = selectors or text(row, "includeTemplates") == "true"
            found.append(_Entries("labels", pairs, row["pairs"], templates, selectors))
    if notes := below(parts, "commonAnnotations"):
        found.append(_Entries("annotations", notes, parts["commonAnnotations"], templates=True))
    return found


def _places(kind: str, entries: _Entries) -> Sequence[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [("metadata", entries.key)]
    if entries.templates and kind in _TEMPLATED:
        found.append((*_POD, entries.key))
    if entries.selectors and kind in _WORKLOADS:
        found.append(("spec", "selector", "matchLabels"))
    if entries.selectors and kind in _SELECTING:
        found.append(("spec", "selector"))
    return found


def _with(tree: Tree, steps: Sequence[str], entries: _Entries) -> Tree:
    parts = tree.merged() if tree.is_mapping() else {}
    if not steps:
        return Joined(tree, parts | dict(entries.parts))
    step, *rest = steps
    return Joined(tree, parts | {step: _with(parts.get(step) or Joined(entries.base, {}), rest, entries)})
