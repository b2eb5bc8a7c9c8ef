"""What carries a folder: the mount it is on, and whether that kind of file system can be shared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What a file system is to a cluster."""

    LOCAL = "local"
    NFS = "nfs"
    CLUSTER = "cluster"
    CLOUD = "cloud"
    WINDOWS_SHARE = "windows-share"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the system's table of mounts."""

    device: str
    point: str
    kind: str
    options: frozenset[str] = frozenset()

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written through it."""
        return "ro" in self.options

    @property
    def family(self) -> Family:
        """What its kind of file system is to a cluster."""
        return _FAMILIES.get(self.kind.lower(), Family.UNKNOWN)

    @property
    def locks_stay_here(self) -> bool:
        """Whether a lock taken here is hidden from other machines (nfs(5): nolock, local_lock)."""
        return bool(self.options & {"nolock", "local_lock=all", "local_lock=posix"})


_NAMES = {
    Family.LOCAL: (
        "ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs bcachefs vfat msdos exfat ntfs ntfs3 fuseblk apfs hfs ufs "
        "tmpfs ramfs overlay aufs squashfs iso9660 refs fat32"
    ),
    Family.NFS: "nfs nfs4",
    Family.CLUSTER: (
        "ceph fuse.ceph fuse.ceph-fuse glusterfs fuse.glusterfs lustre gfs2 ocfs2 beegfs gpfs wekafs orangefs "
        "fuse.mfs fuse.moosefs fuse.lizardfs fuse.juicefs fuse.seaweedfs"
    ),
    Family.CLOUD: (
        "efs fuse.s3fs fuse.goofys fuse.gcsfuse fuse.blobfuse fuse.blobfuse2 fuse.rclone fuse.mount-s3 fuse.ossfs "
        "fuse.cosfs fuse.obsfs"
    ),
    Family.WINDOWS_SHARE: "cifs smb2 smb3 smbfs",
}
_FAMILIES = {kind: family for family, kinds in _NAMES.items() for kind in kinds.split()}


def mount_of(path: str) -> Mount | None:
    """Give the mount that carries an absolute path, by its name alone: the folder itself is not touched."""
    import psutil

    table = [
        Mount(part.device, part.mountpoint, part.fstype, frozenset(part.opts.split(",")))
        for part in psutil.disk_partitions(all=True)
    ]
    return carrier(path, table)


def carrier(path: str, table: Iterable[Mount]) -> Mount | None:
    """Give the mount with the longest point above `path`; of several on one point, the last hides the others."""
    best: Mount | None = None
    for mount in table:
        if _is_above(mount.point, path) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def _is_above(point: str, path: str) -> bool:
    point, path = os.path.normcase(point).rstrip("/\\"), os.path.normcase(path)
    return path == point or path.startswith((point + "/", point + "\\"))
