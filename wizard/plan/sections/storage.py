"""Section storage: the folder that all nodes share."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Choice, FilePath
from wizard.plan.setting import setting


class StorageKind(StrEnum):
    """What carries the shared folder."""

    NFS = "nfs"
    CLOUD = "cloud"
    CLUSTER = "cluster"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Storage:
    """The folder that becomes NocoBase's `storage` on every node."""

    kind: StorageKind = setting(
        StorageKind.NFS,
        Choice(
            StorageKind,
            (
                mark("NFS"),
                mark("Cloud file system"),
                mark("Cluster file system (CephFS, GlusterFS)"),
                mark("Local disk (one machine only)"),
            ),
        ),
        mark("Kind"),
        source="docs/nocobase.md#storage",
    )
    path: str = setting(
        "",
        FilePath(folder=True),
        mark("Folder"),
        help=mark(
            "Where the shared folder is mounted on this machine; it is tested here. "
            "On bare metal it becomes STORAGE_PATH.",
        ),
        source="docs/nocobase.md#storage",
    )
