"""The list of the files that a built application has, by which `self-test` tells what is gone or was changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePath

from release.shipped import Entry
from wizard.app.shipped_files import LIST, digest_of

NAME = f"resources/{LIST}"
FILE = PurePath(LIST).name


def written(data: Iterable[Entry], libraries: Iterable[Entry]) -> str:
    """Return the list. PyInstaller may change a library on its way (Windows, macOS): its digest is left out.

    So is that of a link, whose file stands in the list by itself.
    """
    digests = {
        PurePath(name).as_posix(): "" if kind == "SYMLINK" else digest_of(Path(source)) for name, source, kind in data
    }
    digests |= {PurePath(name).as_posix(): "" for name, _source, _kind in libraries}
    return _text(digests)


def leave_out(folder: Path, names: Iterable[str]) -> None:
    """Take files out of the list of the built application whose libraries are in `folder`."""
    path = folder / NAME
    digests = json.loads(path.read_text(encoding="utf-8"))
    for name in names:
        del digests[name]
    path.write_text(_text(digests), encoding="utf-8")


def _text(digests: dict[str, str]) -> str:
    return json.dumps(digests, indent=0, sort_keys=True) + "\n"
