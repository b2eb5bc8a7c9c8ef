"""Strategic merge patches, as kustomize and kubectl apply them (its docs, "Strategic Merge Patch").

Mappings are merged, null takes out, lists are replaced but for those that Kubernetes merges by a key of their entries;
new entries come first, as kustomize puts them. Of a kind that a custom resource definition brings, such as Argo's
Rollout, every list is replaced.
"""

from __future__ import annotations

from wizard.formats.allowance import Cost, spend
from wizard.formats.cluster_file.tree import DEEPEST, Tree
from wizard.formats.kubernetes.joined import Joined
from wizard.formats.kubernetes.objects import text, texts
from wizard.plan.i18n import tr

_MERGED_BY = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "hostAliases": ("ip",),
    "ports": ("containerPort", "port"),
    "topologySpreadConstraints": ("topologyKey",),
}
"""The key that tells the entries of a list apart, by the list's name (`patchMergeKey` in Kubernetes' API)."""


def merged(old: Tree | None, new: Tree, key: str = "", depth: int = 0, *, keyed: bool = True) -> Tree | None:
    """Return what a patch makes of a value; None where it takes it out. `key` is what the value is called.

    `keyed`: the kind is one of Kubernetes' own; lists of another's are replaced, as nothing says their keys.
    """
    spend(Cost.VALUES, 1)
    if depth > DEEPEST:
        new.fail(tr("it is nested too deep"))
    if new.is_mapping():
        return _mapping(old, new, depth, keyed=keyed)
    if keyed and new.is_list() and old is not None and old.is_list() and key in _MERGED_BY:
        return _list(old, new, key, depth)
    if old is not None and old.is_scalar() and new.is_scalar() and old.text() == new.text():
        return old  # it stays where it stood
    return new


def _mapping(old: Tree | None, new: Tree, depth: int, *, keyed: bool) -> Tree | None:
    parts = new.merged()
    if text(parts, "$patch") == "delete":
        return None
    found: dict[str, Tree] = {}
    base = new
    if old is not None and old.is_mapping() and text(parts, "$patch") != "replace":
        base, found = old, old.merged()
    if "$retainKeys" in parts:
        kept = {row.text() for row in texts(parts["$retainKeys"])}
        found = {name: part for name, part in found.items() if name in kept}
    for name, part in parts.items():
        if name.startswith("$"):
            continue
        value = None if part.is_null() else merged(found.get(name), part, name, depth + 1, keyed=keyed)
        if value is None:
            found.pop(name, None)
        else:
            found[name] = value
    return Joined(base, found)


def _list(old: Tree, new: Tree, key: str, depth: int) -> Tree:
    entries = [row for row in new.rows() if row.is_mapping()]
    if any(set(row.merged()) == {"$patch"} and text(row.merged(), "$patch") == "replace" for row in entries):
        return Joined(new, items=[row for row in entries if "$patch" not in row.merged()])
    by = next((one for one in _MERGED_BY[key] if any(one in row.merged() for row in entries)), "")
    first: list[Tree | None] = []
    rows: list[Tree | None] = [*old.rows()]
    places: dict[str, int] = {}
    for at, row in enumerate(old.rows()):
        if row.is_mapping():
            places.setdefault(text(row.merged(), by), at)
    for entry in entries:
        place = places.get(name := text(entry.merged(), by))
        value = merged(None if place is None else rows[place], entry, "", depth + 1)
        if place is None:
            first.append(value)
        else:
            rows[place] = value
            if value is None:
                del places[name]
    return Joined(old, items=[row for row in (*first, *rows) if row is not None])
