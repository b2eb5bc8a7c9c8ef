"""The files of a bundle as its own plan gives them: what is there now can be compared with that."""

from __future__ import annotations

import contextlib
import difflib
from typing import Any

from wizard import __version__
from wizard.export import bundle, manifest
from wizard.export.targets import target_names
from wizard.formats import cluster_file, dotenv
from wizard.formats.allowance import allowance
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv.filled import placeholders
from wizard.formats.files import SecretsMode, SourceError, UnwritableError
from wizard.formats.kubernetes.objects import documents
from wizard.plan.secret import Secret
from wizard.reading import UnreadableError, guarded
from wizard.sources.bundle import CLUSTER_FILE, ENV_FILE
from wizard.storage.previous_bundle import PreviousBundle

_STAND_IN = Secret("waits-for-its-value")
_MOST_LINES, _MOST_NAMED = 2000, 12


def as_planned(former: PreviousBundle) -> dict[str, str]:
    """Return the texts of the files without secrets by their paths, as the plan of the bundle gives them.

    Of a bundle that another version of this program wrote it is those alone that this one would write alike.
    """
    ours = former.version == __version__
    secret = {path for path, listed in former.listed.items() if listed.secret or listed.placeholders}
    return {
        path: text
        for path, text in _rendered(former).items()
        if path not in secret and (ours or _is_exported(former, path, text))
    }


def as_exported(former: PreviousBundle) -> dict[str, str]:
    """Return the texts that the files were exported with, by their paths, as far as that can be had."""
    return {path: text for path, text in _rendered(former).items() if _is_exported(former, path, text)}


def _rendered(former: PreviousBundle) -> dict[str, str]:
    text = former.text(CLUSTER_FILE)
    targets = {path.partition("/")[0] for path in former.listed} & {*target_names()}
    if not text or not targets:
        return {}
    found: dict[str, str] = {}
    with contextlib.suppress(SourceError, UnwritableError):  # told where the plan is judged
        plan = cluster_file.read(text, CLUSTER_FILE, tolerant=True)
        secrets = {ref.name: _STAND_IN for _key, ref in plan.secret_refs()}
        secrets |= dotenv.secrets_of(plan, former.text(ENV_FILE) or "")
        for mode in (SecretsMode.REFERENCE, SecretsMode.INLINE):
            for file in bundle.render(plan, secrets, mode, targets):
                if file.path not in found or _is_exported(former, file.path, file.text):
                    found[file.path] = file.text
    return {path: text for path, text in found.items() if path in former.listed}


def _is_exported(former: PreviousBundle, path: str, text: str) -> bool:
    return manifest.sha256(text) == former.listed[path].sha256 if path in former.listed else False


def normal(data: bytes) -> str:
    """Return a file's text without a byte-order mark, its lines ended as they were exported."""
    return data.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")


def says_the_same(path: str, now: str, exported: str) -> bool:
    """Whether an edited file gives its readers what the exported one does: other quotes, comments, blank lines."""
    with contextlib.suppress(SourceError, UnreadableError), guarded(path), allowance(path):
        if path == dotenv.RAW:
            return _taken(now) == _taken(exported)
        if path.endswith(".env"):
            return _given(now) == _given(exported)
        if path.endswith(".yaml"):
            return _documents(now, path) == _documents(exported, path)
    return False


def _taken(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def _given(text: str) -> tuple[object, ...]:
    found = dotenv.parse(text)
    return (
        {name: (one.value, one.alike, one.earlier > 0) for name, one in found.items()},
        sorted(placeholders(text)),
    )


def _documents(text: str, path: str) -> list[Any]:
    return [_plain(document) for document in documents(text, path)]


def _plain(tree: Tree) -> Any:
    if tree.is_list():
        return [_plain(row) for row in tree.rows()]
    if tree.is_mapping():
        return {key: _plain(value) for key, value in tree.merged().items()}
    return (tree.tag, tree.text())


def changed_lines(now: str, exported: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines that are others now or are new (`12`, `14–16`), and those below which some are gone."""
    before, after = exported.split("\n"), now.split("\n")
    if max(len(before), len(after)) > _MOST_LINES:
        return (), ()
    changed, gone = [], []
    for kind, _first, _end, first, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "delete":
            gone.append(str(first))
        elif kind != "equal":
            changed.append(str(first + 1) if end == first + 1 else f"{first + 1}–{end}")
    return tuple(changed[:_MOST_NAMED]), tuple(gone[:_MOST_NAMED])
