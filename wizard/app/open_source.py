"""Verb open: a plan from a cluster file, an env file, a bundle (folder or archive), or a saved cluster."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wizard.app.gather_secrets import secrets_of
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import SavedCluster, Workspace, WorkspaceError
from wizard.storage.previous_bundle import MANIFEST

LARGEST = 4 * 1024 * 1024
"""Bytes: a longer file is no source, and is not read into memory."""

CLUSTER_FILE = "cluster.yaml"
ENV_FILE = "env/cluster.env"
_YAML = (".yaml", ".yml")
_ZIP = b"PK\x03\x04"
"""How an archive begins, also one that was cut off."""
_FOREIGN = (
    (re.compile(r"^apiVersion\s*:", re.MULTILINE), "a Kubernetes manifest"),
    (re.compile(r"^services\s*:", re.MULTILINE), "a Compose file"),
)
_ASSIGNMENT = re.compile(r"^\s*(export\s+)?[A-Za-z_][A-Za-z0-9_.-]*\s*=", re.MULTILINE)
_KEY = re.compile(r"^[a-z_]+\s*:(\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """What a source gave: the plan, the secrets that were in it, by the names of their references, and its title.

    `bundle` is where an exported bundle lies, if it was one: a folder or an archive with a manifest.
    """

    plan: Plan
    secrets: dict[str, Secret] = field(default_factory=dict)
    title: str = ""
    bundle: Path | None = None


def open_source(source: str, workspace: Workspace | None = None) -> OpenedSource:
    """Read the plan that `source` names: a path, or else the id or the name of a saved cluster; raises SourceError."""
    if not source.strip():  # a shell's variable that is not set; as a path it would be the working folder
        raise SourceError(tr("The source is an empty name."))
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            return _folder(path, source)
        if path.exists():
            return _file(path, source)
    except OSError as error:
        raise SourceError(
            tr("{name} cannot be read: {reason}.", name=source, reason=error.strerror or error)
        ) from error
    return _saved(source, workspace or Workspace())


def _file(path: Path, title: str) -> OpenedSource:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceError(tr("{name} is larger than 4 MiB: it is no plan.", name=title))
    if data.startswith(_ZIP) or zipfile.is_zipfile(path):
        return _archive(path, title)
    text = decoded(data, title)
    if _is_cluster_file(path, text):
        return OpenedSource(_cluster(text, title, exported=(path.parent / MANIFEST).is_file()), title=title)
    plan, secrets = dotenv.read(text, title)
    return OpenedSource(_named(plan, path), secrets, title)


def _is_cluster_file(path: Path, text: str) -> bool:
    """Tell a cluster file from an env file: by the name's end, else by what the text looks like."""
    if path.suffix.lower() in _YAML:
        return True
    if path.suffix.lower() == ".env" or path.name.startswith(".env"):
        return False
    key, assignment = _KEY.search(text), _ASSIGNMENT.search(text)
    return bool(key and (not assignment or key.start() < assignment.start()))


def _cluster(text: str, title: str, *, exported: bool) -> Plan:
    for looks, kind in _FOREIGN:
        if looks.search(text):
            raise SourceError(tr("{name} is {kind}; this version does not read those yet.", name=title, kind=tr(kind)))
    return cluster_file.read(text, title, tolerant=exported)


def _named(plan: Plan, path: Path) -> Plan:
    """Name the plan of an env file after the file, or after its folder where the file has a usual name."""
    usual = path.name.startswith(".env") or path.stem in {"cluster", "env"}
    name = path.resolve().parent.name if usual else path.stem
    return plan.with_value("name", name or plan.name)


def _folder(path: Path, title: str) -> OpenedSource:
    def content(name: str) -> bytes | None:
        file = path / name
        return file.read_bytes() if file.is_file() and file.stat().st_size <= LARGEST else None

    opened = _bundle(content, title, path)
    if opened is None and (path / ".env").is_file():
        return _file(path / ".env", str(Path(title) / ".env"))
    return opened or _nothing(title)


def _archive(path: Path, title: str) -> OpenedSource:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}

            def content(name: str) -> bytes | None:
                return archive.read(name) if sizes.get(name, LARGEST + 1) <= LARGEST else None

            return _bundle(content, title, path) or _nothing(title)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise SourceError(tr("{name} is a damaged or encrypted archive.", name=title)) from error


def _bundle(content: Callable[[str], bytes | None], title: str, path: Path) -> OpenedSource | None:
    """Read a bundle: the plan from its cluster file, the secrets from its env file where they were written into it."""
    raw = content(CLUSTER_FILE)
    if raw is None:
        return None
    exported = content(MANIFEST) is not None
    plan = _cluster(decoded(raw, f"{title}/{CLUSTER_FILE}"), f"{title}/{CLUSTER_FILE}", exported=exported)
    variables = content(ENV_FILE)
    secrets = secrets_of(plan, decoded(variables, f"{title}/{ENV_FILE}")) if variables else {}
    return OpenedSource(plan, secrets, title, bundle=path if exported else None)


def _nothing(title: str) -> OpenedSource:
    raise SourceError(tr("{name} holds no {file}: it is no bundle.", name=title, file=CLUSTER_FILE))


def _saved(source: str, workspace: Workspace) -> OpenedSource:
    clusters = workspace.clusters()
    found = [one for one in clusters if one.id == source] or [one for one in clusters if one.name == source]
    if not found:
        raise SourceError(tr("There is no file and no saved cluster called “{name}”.", name=source))
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise SourceError(tr("Several saved clusters are called “{name}”; say which: {ids}.", name=source, ids=ids))
    return open_saved(found[0], workspace)


def open_saved(cluster: SavedCluster, workspace: Workspace) -> OpenedSource:
    """Read a saved cluster; what was half typed comes back as unreadable; raises SourceError."""
    if cluster.problem:
        raise SourceError(f"{cluster.path}: {cluster.problem}")
    try:
        text = workspace.load(cluster.id)
    except WorkspaceError as error:
        raise SourceError(str(error)) from error
    return OpenedSource(cluster_file.read(text, str(cluster.path), draft=True), title=cluster.name)


def decoded(data: bytes, title: str) -> str:
    """Return the text of a source; raises SourceError that names the line where it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(tr("{name}, line {line}: it is not text in UTF-8.", name=title, line=line)) from None
