"""The files of a bundle as its own plan gives them: what is there now can be compared with that."""

from __future__ import annotations

import contextlib
import difflib
import re
import threading
from typing import Any

from wizard import __version__
from wizard.app import language
from wizard.export import bundle, manifest, secrets_file
from wizard.export.targets import targets_in
from wizard.formats import cluster_file, dotenv
from wizard.formats.allowance import allowance
from wizard.formats.cluster_file.tree import Tree
from wizard.formats.dotenv import grammar
from wizard.formats.dotenv.filled import placeholders
from wizard.formats.files import SecretsMode, SourceError, UnwritableError
from wizard.formats.kubernetes.objects import documents
from wizard.pattern import pattern
from wizard.plan import i18n
from wizard.plan.bundle_names import README
from wizard.plan.secret import Secret
from wizard.reading import UnreadableError, guarded
from wizard.sources.bundle import CLUSTER_FILE, ENV_FILE
from wizard.storage.previous_bundle import PreviousBundle

_STAND_IN = Secret("waits-for-its-value")
_WITH_COMMENT_LINES = (".conf", ".cfg", ".service", ".timer")
_BLOCK = pattern(r"^[ ]*```[^`\n]*\n(?P<script>.*?)^[ ]*```[ ]*$", re.MULTILINE | re.DOTALL)
_MOST_LINES, _MOST_NAMED = 2000, 12


class Planned:
    """Renders the bundle once, however many ask at the same time."""

    def __init__(self) -> None:
        """Begin with nothing rendered."""
        self._lock = threading.Lock()
        self._of: tuple[object, ...] = ()
        self._texts: dict[str, str] = {}

    def as_planned(self, former: PreviousBundle) -> dict[str, str]:
        """Return the texts of the files without secrets by their paths, as the plan of the bundle gives them.

        Of a bundle that another version of this program wrote it is those alone that this one would write alike.
        """
        ours = former.version == __version__
        secret = {path for path, listed in former.listed.items() if listed.secret or listed.placeholders}
        return {
            path: text
            for path, text in self._rendered(former).items()
            if path not in secret and (ours or _is_exported(former, path, text))
        }

    def as_exported(self, former: PreviousBundle) -> dict[str, str]:
        """Return the texts that the files were exported with, by their paths, as far as that can be had."""
        return {path: text for path, text in self._rendered(former).items() if _is_exported(former, path, text)}

    def _rendered(self, former: PreviousBundle) -> dict[str, str]:
        of = former.manifest, former.text(CLUSTER_FILE), former.text(ENV_FILE)
        with self._lock:
            if self._of != of:
                self._texts, self._of = _rendered(former), of
            return self._texts


def _rendered(former: PreviousBundle) -> dict[str, str]:
    text = former.text(CLUSTER_FILE)
    targets = targets_in(former.listed)
    if not text or not targets:
        return {}
    found: dict[str, str] = {}
    with contextlib.suppress(SourceError, UnwritableError), _as_written(former):  # told where the plan is judged
        plan = cluster_file.read(text, CLUSTER_FILE, tolerant=True)
        secrets = {ref.name: _STAND_IN for _key, ref in plan.secret_refs()}
        secrets |= dotenv.secrets_of(plan, former.text(ENV_FILE) or "")
        modes = (SecretsMode.REFERENCE, SecretsMode.INLINE)
        for mode in modes if secrets_file.PATH in former.listed else reversed(modes):
            files = {file.path: file.text for file in bundle.render(plan, secrets, mode, targets)}
            right = {path: text for path, text in files.items() if _is_exported(former, path, text)}
            found = {**files, **found, **right}
            if right.keys() >= files.keys() & former.listed.keys():
                break  # the other way to give secrets is not the one it was exported with
    return {path: text for path, text in found.items() if path in former.listed}


def _as_written(former: PreviousBundle) -> contextlib.AbstractContextManager[None]:
    """Return what has the files written in the language of the bundle, where there is a catalogue of it."""
    name = former.language.replace("_", "-")
    if name in language.available():
        with contextlib.suppress(OSError):
            return i18n.written_in(former.language, language.catalogue(name))
    return contextlib.nullcontext()


def _is_exported(former: PreviousBundle, path: str, text: str) -> bool:
    return manifest.sha256(text) == former.listed[path].sha256 if path in former.listed else False


def normal(data: bytes) -> str:
    """Return a file's text without a byte-order mark, its lines ended as they were exported."""
    return data.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")


def says_the_same(path: str, now: str, exported: str) -> bool:
    """Whether an edited file gives its readers what the exported one does: other quotes, comments, blank lines.

    Of the README the commands count: what is written around them runs nothing.
    """
    with contextlib.suppress(SourceError, UnreadableError), guarded(path), allowance(path):
        if path == dotenv.RAW:
            return _taken(now) == _taken(exported)
        if path.endswith(".env"):
            return _given(now) == _given(exported)
        if path.endswith(".yaml"):
            return _documents(now, path) == _documents(exported, path)
        if path.endswith(_WITH_COMMENT_LINES):
            return _said(now) == _said(exported)
        if path == README:
            kept = iter(_commands(now))
            return all(script in kept for script in _commands(exported))
    return False


def _taken(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def _said(text: str) -> list[str]:
    """Return the lines that are no comments and not empty."""
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _commands(text: str) -> list[list[str]]:
    """Return the commands of each block of a text in Markdown."""
    return [_said(block.group("script")) for block in _BLOCK.finditer(text)]


def _given(text: str) -> tuple[object, ...]:
    found = grammar.parse(text)
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
