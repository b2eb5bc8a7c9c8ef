"""An archive that is the same, byte for byte, for the same files: sorted, of nobody, at one time."""

from __future__ import annotations

import hashlib
import lzma
import tarfile
from pathlib import Path

PRESET = 6
"""Of xz: more of it gains little and takes twice the memory to unpack."""


def write(folder: Path, target: Path, epoch: int, preset: int = PRESET) -> None:
    """Pack `folder` under its own name into `target`, a .tar.xz, and write its checksum beside it."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = epoch
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    with (
        lzma.open(target, "wb", preset=preset) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            name = str(path.relative_to(folder.parent))
            tar.add(path, name, recursive=False, filter=plain)
    write_checksum(target)


def write_checksum(path: Path) -> None:
    """Write NAME.sha256, as `sha256sum --check` reads it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
