"""What is mounted in a container at a path, and the volume that a mount names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from wizard.formats.cluster_file.tree import Tree
from wizard.formats.kubernetes.objects import rows, text


def mount_at(row: Mapping[str, Tree], path: PurePosixPath) -> Mapping[str, Tree] | None:
    """Return the mount of a container that holds a path, the nearest of several; None where none does."""
    found = [one for one in rows(row, "volumeMounts") if covers(text(one, "mountPath"), path)]
    return max(found, key=lambda one: len(text(one, "mountPath")), default=None)


def covers(mounted: str, path: PurePosixPath) -> bool:
    """Whether a path lies at or below where something is mounted."""
    return bool(mounted) and path.is_relative_to(PurePosixPath(mounted))


def volume_of(pod: Mapping[str, Tree], name: str) -> Mapping[str, Tree]:
    """Return the volume of a pod by its name; nothing where there is none."""
    return next((one for one in rows(pod, "volumes") if text(one, "name") == name), {})
