"""What an export over a former bundle would change, file by file, with the lines that differ and no secret in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizard.bundle import marked
from wizard.bundle.files import BundleFile
from wizard.bundle.manifest import PATH as MANIFEST
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN
from wizard.plan.words import tr
from wizard.workspace.former import Former

_ASSIGNED = re.compile(
    r"""(?P<head>^[\s#"'-]*(?:export\s+)?(?P<name>[A-Z][A-Z0-9_]{2,})["']?\s*[=:]\s*)(?P<value>.+)$"""
)
_NAMED_SO = re.compile(
    r"""(?P<head>\b[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api_?key|credential)[\w.-]*["']?\s*[=:]\s*)"""
    r"""(?P<value>.+)$""",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(r"""(?i)(?P<head>\bauthorization\b["']?\s*[:=]?\s*)(?P<value>.+)$""")
_OPAQUE = re.compile(r"(?P<head>(?<![\w+/=:-]))(?P<value>[\w+/=-]{40,})")
_LOGIN = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)(?P<value>\S+)(?=@)")


class ChangeKind(StrEnum):
    """What would happen to a file."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One file and what would happen to it.

    `diff` is a unified diff from what is there to what would be written, for a changed file alone; secrets in it are
    masked. `by_hand`: what is there is not what the last export wrote. `secret`: what would be written holds secrets.
    """

    path: str
    kind: ChangeKind
    diff: str = ""
    by_hand: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """All files, in the order of their paths, and those changed by hand for which the former bundle would be kept."""

    destination: Path
    files: tuple[Change, ...]
    kept_for: tuple[str, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Give the files to which this would happen."""
        return tuple(change for change in self.files if change.kind is kind)


def compare(files: Iterable[BundleFile], former: Former, plain: Collection[str], redactor: Redactor) -> list[Change]:
    """Compare a new bundle with the former one; `plain` are the variables whose values may be shown."""
    new = {file.path: file for file in files}
    by_hand = set(former.changed)
    mask = Mask(plain, redactor)
    found = [_change(file, former, mask, by_hand=path in by_hand) for path, file in new.items()]
    gone = former.listed.keys() & former.found.keys() - new.keys()
    found += [Change(path, ChangeKind.REMOVED, by_hand=path in by_hand) for path in gone]
    return sorted(found, key=lambda change: change.path)


def _change(file: BundleFile, former: Former, mask: Mask, *, by_hand: bool) -> Change:
    if file.path == MANIFEST and former.manifest:
        same = former.manifest == file.text.encode()  # its lines are digests: the other files tell what changes
        return Change(file.path, ChangeKind.UNCHANGED if same else ChangeKind.CHANGED)
    if file.path not in former.found:
        return Change(file.path, ChangeKind.NEW, secret=file.secret)
    old = former.text(file.path)
    if old == file.text:
        return Change(file.path, ChangeKind.UNCHANGED, by_hand=by_hand, secret=file.secret)
    diff = (
        _diff(old, file, mask) if old is not None else tr("What is there cannot be shown: it is no text of a bundle.")
    )
    return Change(file.path, ChangeKind.CHANGED, diff, by_hand, file.secret)


class Mask:
    """Takes values out of lines of which it is not sure that they hold no secret."""

    def __init__(self, plain: Collection[str], redactor: Redactor) -> None:
        """Keep the names of variables that may be shown, and what removes the secrets at hand."""
        self._plain = frozenset(plain)
        self._redactor = redactor

    def line(self, line: str) -> str:
        """Give a line with the value of an unknown variable, a password in a URL and what is named as secret hidden."""
        assigned = _ASSIGNED.search(line)
        if assigned and assigned["name"] not in self._plain:
            return assigned["head"] + HIDDEN
        for pattern in (_LOGIN,) if assigned else (_NAMED_SO, _AUTHORIZATION, _LOGIN, _OPAQUE):
            line = pattern.sub(_hide, line)
        return self._redactor.text(line)


def _hide(found: re.Match[str]) -> str:
    return found["head"] + HIDDEN


def _diff(old: str, file: BundleFile, mask: Mask) -> str:
    """Give a unified diff. What this program writes without secrets is shown as it is; all else only masked."""
    ours = not file.secret and marked.split(file.text) is None
    lines = difflib.unified_diff(
        old.splitlines(), file.text.splitlines(), f"{file.path} (there)", f"{file.path} (new)", lineterm=""
    )
    return "".join(f"{line}\n" for line in _shown(list(lines), mask, ours=ours))


def _shown(lines: Sequence[str], mask: Mask, *, ours: bool) -> Iterator[str]:
    for number, line in enumerate(lines):
        heading = number < len(("---", "+++")) or line.startswith("@@")
        yield line if heading or (ours and not line.startswith("-")) else line[:1] + mask.line(line[1:])
