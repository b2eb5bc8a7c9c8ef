"""What carries a folder: the mount it is on, and whether that kind of file system can be shared."""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import StrEnum

from wizard.dataclass import dataclass


class Family(StrEnum):
    """What a file system is to a cluster."""

    LOCAL = "local"
    NFS = "nfs"
    CLUSTER = "cluster"
    CLOUD = "cloud"
    WINDOWS_SHARE = "windows-share"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """How far a lock on a file is seen: by every machine, on this one alone, or nobody here can tell."""

    EVERYWHERE = "everywhere"
    HERE = "here"
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
    def hiding_options(self) -> tuple[str, ...]:
        """The options by which a lock taken here is hidden from other machines."""
        return tuple(sorted(self.options & _HIDE_LOCKS))

    @property
    def lock_reach(self) -> Reach:
        """How far its kind of file system carries a lock, with these options (docs/nocobase.md, "Storage")."""
        if self.hiding_options or self.family is Family.LOCAL:
            return Reach.HERE
        if self.kind == "lustre" and "flock" in self.options:
            return Reach.EVERYWHERE
        return _REACHES.get(self.kind.lower(), Reach.UNKNOWN)


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
_LOCKS = {
    # the server keeps the locks, unless an option says otherwise; each by its own documents
    Reach.EVERYWHERE: (
        "nfs nfs4 efs cifs smb2 smb3 ceph fuse.ceph fuse.ceph-fuse glusterfs fuse.glusterfs gfs2 gpfs fuse.mfs "
        "fuse.moosefs fuse.juicefs"
    ),
    # the far side knows no locks: the kernel keeps them to the one mount
    Reach.HERE: (
        "fuse.s3fs fuse.goofys fuse.gcsfuse fuse.blobfuse fuse.blobfuse2 fuse.rclone fuse.mount-s3 fuse.ossfs "
        "fuse.cosfs fuse.obsfs fuse.sshfs"
    ),
}
_REACHES = {kind: reach for reach, kinds in _LOCKS.items() for kind in kinds.split()}
_HIDE_LOCKS = frozenset(
    {
        *("nolock", "local_lock=all", "local_lock=posix"),  # nfs(5)
        "nobrl",  # mount.cifs(8)
        "localflock",  # Lustre
        *("localflocks", "lockproto=lock_nolock"),  # GFS2
    }
)


def mount_of(path: str) -> Mount | None:
    """Return the mount that carries an absolute path, by its name alone: the folder itself is not touched."""
    import psutil

    table = [
        Mount(part.device, part.mountpoint, part.fstype, frozenset(part.opts.split(",")))
        for part in psutil.disk_partitions(all=True)
    ]
    return carrier(path, table)


def carrier(path: str, table: Iterable[Mount]) -> Mount | None:
    """Return the mount with the longest point above `path`; of several on one point, the last hides the others."""
    best: Mount | None = None
    for mount in table:
        if _is_above(mount.point, path) and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


def _is_above(point: str, path: str) -> bool:
    point, path = os.path.normcase(point).rstrip("/\\"), os.path.normcase(path)
    return path == point or path.startswith((point + "/", point + "\\"))
