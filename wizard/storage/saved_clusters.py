"""Saved clusters: one folder each, with the cluster file and a small note of its name. No secret is in them."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.plan.identity import is_id
from wizard.program_name import PROGRAM
from wizard.reading import parse_json, read_file, read_text
from wizard.storage.atomic_files import alone_in, make_folders, sweep, write_atomic

CLUSTER_FILE = "cluster.yaml"
_NOTE = "about.json"
_APPLICATION = PROGRAM


class WorkspaceError(Exception):
    """A saved cluster could not be written, read or deleted; the message is a sentence with the path."""


@dataclass(frozen=True, slots=True)
class SavedCluster:
    """One saved cluster. `problem` is a sentence if it is damaged; it is listed all the same."""

    id: str
    name: str
    saved: datetime
    path: Path
    problem: str = ""


class Workspace:
    """The folder of all saved clusters: `root`, or where the system keeps a user's data of programs."""

    def __init__(self, root: Path | None = None) -> None:
        """Nothing is made until the first save."""
        self.root = root or _default_root()

    def clusters(self) -> list[SavedCluster]:
        """Return all saved clusters, the last saved first. Damaged ones bear a problem.

        What a killed save left half written is taken away.
        """
        try:
            folders = [entry for entry in self.root.iterdir() if entry.is_dir() and is_id(entry.name)]
        except OSError:
            return []
        begun = [folder for folder in folders if not _is_empty(folder)]
        return sorted((_look_at(folder) for folder in begun), key=lambda cluster: cluster.saved, reverse=True)

    def save(self, cluster_id: str, name: str, text: str) -> Path:
        """Keep the text of a cluster file, in the place of an earlier one; raises WorkspaceError."""
        return self.renew(cluster_id, name, lambda _former: text)

    def renew(self, cluster_id: str, name: str, made: Callable[[str], str]) -> Path:
        """Keep what `made` makes of the former text, empty where none can be read; raises WorkspaceError."""
        with self._writing(cluster_id, new=True) as folder:
            former = ""
            with contextlib.suppress(WorkspaceError):
                former = self.load(cluster_id)
            write_atomic(folder / CLUSTER_FILE, made(former).encode())
            write_atomic(folder / _NOTE, json.dumps({"schema": 1, "name": name}).encode())
        return folder / CLUSTER_FILE

    def change(self, cluster_id: str, changed: Callable[[str], str]) -> Path:
        """Keep what `changed` makes of the text as it stands, while no other program writes it; raises WorkspaceError.

        What `changed` raises is raised.
        """
        with self._writing(cluster_id) as folder:
            write_atomic(folder / CLUSTER_FILE, changed(self.load(cluster_id)).encode())
        return folder / CLUSTER_FILE

    def load(self, cluster_id: str) -> str:
        """Return the text of a saved cluster file; raises WorkspaceError."""
        path = self._folder(cluster_id) / CLUSTER_FILE
        try:
            return read_text(path)
        except UnicodeDecodeError as error:
            raise WorkspaceError(tr("{path} is damaged: it is not text in UTF-8.", path=path)) from error
        except OSError as error:
            raise WorkspaceError(_words(tr("The saved cluster cannot be read"), path, error)) from error

    def delete(self, cluster_id: str) -> None:
        """Remove a saved cluster; nothing happens if there is none; raises WorkspaceError."""
        folder = self._folder(cluster_id)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise WorkspaceError(_words(tr("The saved cluster cannot be deleted"), folder, error)) from error

    @contextlib.contextmanager
    def _writing(self, cluster_id: str, *, new: bool = False) -> Iterator[Path]:
        """Yield a cluster's folder while no other program writes there; `new`: make it. OSError is WorkspaceError."""
        folder = self._folder(cluster_id)
        try:
            if new:
                make_folders(folder)
            with alone_in(folder):
                yield folder
        except OSError as error:
            raise WorkspaceError(_words(tr("The cluster cannot be saved"), folder, error)) from error

    def _folder(self, cluster_id: str) -> Path:
        if not is_id(cluster_id):
            raise WorkspaceError(tr("“{id}” is no identity of a cluster.", id=cluster_id))
        return self.root / cluster_id


def data_folder() -> Path:
    """Return the folder in which the system keeps a user's data of this program."""
    import platformdirs

    return platformdirs.user_data_path(_APPLICATION, appauthor=False)


def _default_root() -> Path:
    return data_folder() / "clusters"


def _is_empty(folder: Path) -> bool:
    """Whether nothing is in a folder, once what killed programs left half written is taken away."""
    with contextlib.suppress(OSError):  # another user's is listed as it is
        for name in (CLUSTER_FILE, _NOTE):
            sweep(folder / name)
        return not any(folder.iterdir())
    return False


def _look_at(folder: Path) -> SavedCluster:
    path = folder / CLUSTER_FILE
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        damaged = not read_text(path).strip()
    except FileNotFoundError:
        return SavedCluster(folder.name, _name(folder), _time_of(folder), path, tr("Its cluster file is missing."))
    except UnicodeDecodeError:
        return SavedCluster(folder.name, _name(folder), saved, path, tr("Its cluster file is not text in UTF-8."))
    except OSError as error:
        problem = _words(tr("Its cluster file cannot be read"), path, error)
        return SavedCluster(folder.name, _name(folder), _time_of(folder), path, problem)
    return SavedCluster(folder.name, _name(folder), saved, path, tr("Its cluster file is empty.") if damaged else "")


def _time_of(folder: Path) -> datetime:
    try:
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except OSError:
        return datetime.fromtimestamp(0, UTC)


def _name(folder: Path) -> str:
    """Return the name as noted; a lost or damaged note gives the folder's name, which is the identity."""
    try:
        noted = parse_json(read_file(folder / _NOTE), folder)["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return folder.name
    return str(noted) or folder.name


def _words(what: str, path: Path, error: OSError) -> str:
    return tr("{what} ({path}): {reason}", what=what, path=path, reason=error.strerror or error)
