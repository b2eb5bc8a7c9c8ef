"""How the files of an exported bundle are, beside its manifest: what the check of a bundle asks."""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from wizard.app.bundle_planned import Planned, changed_lines, normal, says_the_same
from wizard.checks.plan.bundle_deployed import Deployed
from wizard.checks.plan.bundle_files import FileState, State
from wizard.engine.component import Beside
from wizard.export import manifest
from wizard.export.previous import PreviousFile, only_around
from wizard.formats.dotenv import COMMON, first_start
from wizard.plan.bundle_names import MANIFEST, README
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.sources.bundle import CLUSTER_FILE
from wizard.storage.previous_bundle import Listed, PreviousBundle, read_previous

_COMPOSE = "compose/compose.yaml"
_DEPLOYED = _COMPOSE, "kubernetes"
"""What is given to Compose and to kubectl."""


def look_at(bundle: Path, planned: Planned | None = None) -> tuple[FileState, ...]:
    """Return how each file of the bundle (a folder or an archive) is, in the order of the paths; raises OSError.

    What begins with a dot at the top of it is passed over: a bundle may lie in version control. So is the file of what
    is accepted of a folder.
    """
    if not bundle.exists():
        raise FileNotFoundError(2, "No such file or directory", str(bundle))
    former = read_previous(bundle)
    if former is None:
        return (FileState(MANIFEST, State.DAMAGED),)
    ours = former_files(former)
    exported = (planned or Planned()).as_exported(former) if former.changed else {}
    found = {path: _state(former, path, ours.get(path), exported.get(path)) for path in former.listed}
    foreign = [path for path in former.foreign if not path.startswith(".")]
    found |= {path: FileState(path, State.FOREIGN) for path in _outermost(foreign, former.listed)}
    return tuple(found[path] for path in sorted(found))


def _state(former: PreviousBundle, path: str, file: PreviousFile | None, exported: str | None) -> FileState:
    if path in former.missing:
        return FileState(path, State.MISSING)
    if path in former.refused:
        return FileState(path, State.REFUSED)
    values = file.filled() if file else {}
    state = State.SAME
    if file and values and file.only_filled():  # an export that took it over wrote it so
        state = State.FILLED
    elif path in former.changed:
        state = _changed(former, path, file, exported)
    lines: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    if state in {State.CHANGED, State.SAYS_THE_SAME} and exported is not None:
        lines = changed_lines(normal(former.found[path] or b""), exported)
    secret = former.listed[path].secret or bool(values)
    exposed = former.readable.get(path, "") if secret else ""
    return FileState(path, state, len(values), len(file.placeholders) if file else 0, exposed, *lines)


def _changed(former: PreviousBundle, path: str, file: PreviousFile | None, exported: str | None) -> State:
    """Return how a file that is not as it was exported is; the first that fits says the least harm."""
    data, listed = former.found[path], former.listed[path]
    if data is None:
        return State.CHANGED
    text = normal(data)
    if manifest.sha256(text) == listed.sha256:
        return State.MARKED if data.startswith(codecs.BOM_UTF8) else State.ENDINGS
    if file and only_around(file.text, file.block):
        return State.AROUND
    if path == COMMON and _for_first_start(former, text, listed, file):
        return State.FIRST_START
    same = exported is not None and says_the_same(path, text, exported)
    return State.SAYS_THE_SAME if same else State.CHANGED


def _for_first_start(former: PreviousBundle, text: str, listed: Listed, file: PreviousFile | None) -> bool:
    """Whether nothing was done to the common env file but what its README tells to, and filling in."""
    before = first_start.without(text)
    if before == text or first_start.edit(f"../{COMMON}", first_start.LOCAL) not in (former.text(README) or ""):
        return False
    return manifest.sha256(before) == listed.sha256 or bool(file and replace(file, text=before).only_filled())


def beside(bundle: Path, *, edited: bool) -> Beside:
    """Return what checks look into of the bundle that a plan was read from; nothing is read yet."""
    planned = Planned()
    return Beside(
        path=str(bundle),
        edited=edited,
        files=lambda: look_at(bundle, planned),
        read=lambda name: _text(bundle, name),
        deployed=lambda: _deployed(bundle, planned),
        opened=_opened,
    )


def _deployed(bundle: Path, given: Planned) -> list[Deployed]:
    """Read what of the bundle's Compose file and manifests was changed, with all that they may name."""
    former = read_previous(bundle)
    paths = [path for path in _DEPLOYED if former and _is_touched(former, path)]
    if not former or not paths:
        return []
    texts = {name: Secret(text) for name in former.found if (text := former.text(name)) is not None}
    texts |= {name: Secret(data.decode("utf-8", errors="replace")) for name, data in former.beside.items()}
    planned = given.as_planned(former)
    planned = {name: text for name, text in planned.items() if name not in former.refused}
    return [
        Deployed(path, texts, {name: text for name, text in planned.items() if _is_below(name, path)}) for path in paths
    ]


def _is_touched(former: PreviousBundle, path: str) -> bool:
    """Whether there is such a file or folder, and it is not what was exported: it, the plan, or what it reads."""
    if not any(_is_below(one, path) for one in former.found.keys() & former.listed.keys()):
        return False
    if path in former.refused:
        return False  # told of the bundle's files
    changed = {*former.changed, *former.missing} - former.refused
    beside = [one for one in former.beside if one.startswith(f"{path.partition('/')[0]}/")]
    read = [one for one in former.missing if path == _COMPOSE and one.startswith("env/")]
    return bool(read or beside) or CLUSTER_FILE in changed or any(_is_below(one, path) for one in changed)


def _is_below(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}/")


def _opened(one: Deployed) -> tuple[Plan, Mapping[str, Secret]]:
    """Read the plan of what was changed; raises SourceError."""
    from wizard.sources import registry  # where something was changed alone
    from wizard.sources.material import Material

    holds_files = one.path not in one.texts
    base = one.path if holds_files else posixpath.dirname(one.path)
    files = {posixpath.relpath(name, base): text.reveal().encode() for name, text in one.texts.items()}
    opened = registry.read_material(
        Material(
            one.path,
            Path(one.path),
            b"" if holds_files else files[posixpath.basename(one.path)],
            holds_files=holds_files,
            archive=True,
            file=lambda name: files.get(posixpath.normpath(name)),
            names=tuple(sorted(name for name in files if "/" not in name)) if holds_files else (),
            packed=tuple(files),
        )
    )
    return opened.plan, opened.secrets


def _text(bundle: Path, name: str) -> str | None:
    """Return the text of a file as it lies in the bundle; None of one that was not exported. Raises OSError."""
    former = read_previous(bundle)
    if former is None or name not in former.listed:
        return None
    text = former.text(name)
    if name in former.refused:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
    if text is None:
        raise FileNotFoundError(2, "No such file or directory", name)
    return text


def former_files(former: PreviousBundle) -> dict[str, PreviousFile]:
    """Return the files whose changes by hand can go on in new ones, as far as they can be read, by their paths."""
    found = {}
    for path, listed in former.listed.items():
        data = former.found.get(path) if listed.block or listed.placeholders else None
        with contextlib.suppress(UnicodeDecodeError):  # what cannot be read cannot go on: the bundle is kept for it
            if data:
                found[path] = PreviousFile(data.decode(), listed.block, listed.empty, listed.placeholders)
    return found


def _outermost(foreign: Iterable[str], listed: Iterable[str]) -> dict[str, None]:
    """Name a whole folder where nothing in it is of the bundle, instead of each file in it."""
    ours = {str(parent) for path in listed for parent in PurePosixPath(path).parents} | {"."}
    outermost: dict[str, None] = {}
    for path in foreign:
        above = [str(parent) for parent in reversed(PurePosixPath(path).parents)]
        folder = next((parent for parent in above if parent not in ours), None)
        outermost[f"{folder}/" if folder else path] = None
    return outermost
