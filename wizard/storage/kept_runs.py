"""Kept runs: a folder for each source, with a JSON document a run; the newest fifty stay. No secret is in them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wizard.dataclass import dataclass
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.identity import is_id
from wizard.reading import parse_json, read_file
from wizard.storage.atomic_files import make_folders, sweep, write_atomic
from wizard.storage.saved_clusters import data_folder

MOST = 50
"""Runs that are kept of one source."""
LARGEST = 16 * 1024 * 1024
"""Bytes of the longest run that is kept or read: one of 32 nodes has less than 2 MiB."""

_TIME = "%Y%m%dT%H%M%S%f"
_NAME = pattern(r"(\d{8}T\d{6})(\d{6})-(good|bad)\.json")


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One run on the disk. `good`: nothing failed in it, and it ended."""

    path: Path
    started: datetime
    good: bool

    def document(self) -> dict[str, Any]:
        """Read the run; raises OSError, and ValueError where it is damaged."""
        found = parse_json(read_file(self.path, LARGEST), self.path)
        if not isinstance(found, dict):
            raise ValueError(tr("{path} is damaged: it is no run.", path=self.path))  # noqa: TRY004 - of a file's content
        return found


class KeptRuns:
    """The runs of all sources: below `root`, or where the system keeps a user's data of programs."""

    def __init__(self, root: Path | None = None) -> None:
        """Nothing is made until the first run is kept."""
        self.root = root or data_folder() / "runs"

    def keep(self, key: str, document: Mapping[str, Any], *, started: datetime, good: bool) -> KeptRun:
        """Write a run of the source `key`, and take away the oldest beyond fifty; raises OSError, and ValueError.

        One that began in the same microsecond as another takes its place.
        """
        folder = self._folder(key)
        data = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode(
            errors="backslashreplace"
        )
        if len(data) > LARGEST:
            raise ValueError(tr("The run is too long to be kept."))
        make_folders(folder)
        stamp = started.astimezone(UTC).strftime(_TIME)
        path = folder / f"{stamp}-{'good' if good else 'bad'}.json"
        write_atomic(path, data)
        sweep(path)
        for old in self.runs(key)[MOST:]:
            with contextlib.suppress(OSError):  # another run of the program took it away
                old.path.unlink()
        return KeptRun(path, started, good)

    def runs(self, key: str) -> list[KeptRun]:
        """Return the kept runs of a source, the newest first."""
        return sorted(self._found(self._folder(key)), key=lambda run: (run.started, run.path.name), reverse=True)

    def forget(self, key: str) -> None:
        """Remove all runs of a source; nothing happens where there is none. Raises OSError."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._folder(key))

    @staticmethod
    def _found(folder: Path) -> Iterator[KeptRun]:
        try:
            names = os.listdir(folder)  # noqa: PTH208 - the names alone are wanted
        except OSError:
            return
        for name in names:
            if matched := _NAME.fullmatch(name):
                with contextlib.suppress(ValueError):  # no moment, whoever wrote it
                    moment = datetime.fromisoformat(f"{matched[1]}.{matched[2]}+00:00")
                    yield KeptRun(folder / name, moment, matched[3] == "good")

    def _folder(self, key: str) -> Path:
        if not is_id(key):
            raise ValueError(tr("“{id}” is no identity of a cluster.", id=key))
        return self.root / key
