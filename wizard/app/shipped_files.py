"""The files that an installation was shipped with: which of them are gone, or are no longer as they were.

A built application has the list that its build wrote, an installed wheel has its RECORD. A source tree has neither, nor
has a package of a distribution that takes RECORD out, as those of Debian and Fedora do.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

import wizard
from wizard import resources
from wizard.dataclass import dataclass
from wizard.program_name import PROGRAM

LIST = "shipped/files.json"
"""The list of a built application, a resource of it: digests by name, from the folder above the resources on."""
_FIELDS = 3
"""Fields of a row of RECORD: a name, a digest and a size."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What was shipped below a folder: the digest of each file by its name, an empty one where it may be another."""

    folder: Path
    digests: Mapping[str, str]

    def broken(self) -> list[str]:
        """Return the names of the files that are gone or are not as they were."""
        return [name for name, digest in sorted(self.digests.items()) if not self._whole(name, digest)]

    def _whole(self, name: str, digest: str) -> bool:
        path = self.folder / name
        return path.is_file() and digest in {"", digest_of(path)}


def shipped() -> Shipped | None:
    """Return what this installation was shipped with, or None where nothing says that.

    Raises OSError or ValueError where a built application has lost its list.
    """
    if getattr(sys, "frozen", False):
        import json

        return Shipped(resources.folder().parent, json.loads(resources.text(LIST)))
    return _of_wheel(Path(wizard.__file__).resolve())


def digest_of(path: Path) -> str:
    """Return the digest of a file, in the form of a wheel's RECORD: SHA-256, base64 without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).decode().rstrip("=")


def _of_wheel(module: Path) -> Shipped | None:
    """Return what the wheel brought in which this module is; what Python compiled later has no digest there.

    A program outside is passed over: where pip was given a folder (--target), RECORD names another place for it. So is
    what is beside RECORD: who installs or packs it anew (conda, say) writes there who did.
    """
    try:
        installed = distribution(PROGRAM)
    except PackageNotFoundError:
        return None
    folder = Path(str(installed.locate_file("")))
    digests = _digests(installed.read_text("RECORD") or "")
    if not any((folder / name).resolve() == module for name in digests):
        return None
    return Shipped(folder, digests)


def _digests(record: str) -> dict[str, str]:
    """Return the digests of a RECORD by names. Python's own reader of it leaves out what is gone, since 3.12."""
    rows = (row for row in csv.reader(record.splitlines()) if len(row) == _FIELDS)
    return {name: digest.partition("=")[2] for name, digest, _size in rows if digest and not _is_apart(name)}


def _is_apart(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return ".." in parts or parts[0].endswith(".dist-info")
