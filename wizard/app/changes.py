"""What an export over a former bundle would change, file by file, with the lines that differ and no secret in them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum
from pathlib import Path

from wizard.app.masking import Mask, Ours
from wizard.dataclass import dataclass
from wizard.export.previous import TakenOver, only_around
from wizard.formats import marked_block
from wizard.formats.files import BundleFile
from wizard.plan.bundle_names import MANIFEST
from wizard.plan.i18n import listing, tr
from wizard.plan.secret import HIDDEN
from wizard.storage.previous_bundle import PreviousBundle


class ChangeKind(StrEnum):
    """What would happen to a file."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One file and what would happen to it.

    `diff` is a unified diff from what is there to what would be written, for a changed file and for one that takes over
    from `former`, another file that is there; what could be a secret in it is masked. `by_hand`: what is there is not
    what the last export wrote, beyond what was filled in. `secret`: what would be written holds secrets. `filled` are
    the variables whose placeholders were filled in and whose values go on, `lost` those whose values do not.
    """

    path: str
    kind: ChangeKind
    diff: str = ""
    by_hand: bool = False
    secret: bool = False
    former: str = ""
    filled: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All files, in the order of their paths, and those changed by hand for which the former bundle would be kept.

    `left_out` are the targets that “all” would not give, each with the reason.
    """

    destination: Path
    files: tuple[Change, ...]
    kept_for: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the files to which this would happen."""
        return tuple(change for change in self.files if change.kind is kind)


@dataclass(frozen=True, slots=True)
class Known:
    """What is surely no secret: `ours`, and texts that this program renders without secrets.

    `fresh` are those of the plan at hand by path, `old` those of the plan in the former bundle; None if that plan is
    not known.
    """

    ours: Ours
    fresh: Mapping[str, str]
    old: Mapping[str, str] | None = None

    def mask(self, path: str, there: str, former: PreviousBundle) -> Mask:
        """Return the mask for a file and what it is compared with, which is `there`."""
        texts = [known[at] for known in (self.fresh, self.old or {}) for at in {path, there} if at in known]
        return self.ours.mask([*texts, *_written(former, there, untouched=self.old is not None)])


def _written(former: PreviousBundle, path: str, *, untouched: bool) -> Iterator[str]:
    """Return what the last export wrote of a file, where its digests tell that it did and that no secret is in it."""
    text, listed = former.text(path), former.listed.get(path)
    if text is None or listed is None:
        return
    parts = marked_block.split(text)
    if parts and only_around(text, listed.block):
        yield parts[1]
    elif untouched and not listed.block and not listed.secret and path not in former.changed:
        yield text


def compare(over: TakenOver, former: PreviousBundle, known: Known) -> list[Change]:
    """Compare a new bundle with the former one."""
    new = {file.path: file for file in over.files}
    gone = former.listed.keys() & former.found.keys() - new.keys()
    found = [_change(file, former, known, over.places.get(path, path)) for path, file in new.items()]
    found += [Change(path, ChangeKind.REMOVED) for path in gone]
    return [_with_notes(change, over, former) for change in sorted(found, key=lambda change: change.path)]


def _with_notes(change: Change, over: TakenOver, former: PreviousBundle) -> Change:
    """Return the change with what was done by hand to the file that is there."""
    there = change.former or change.path
    return replace(
        change,
        by_hand=there in former.changed and there not in over.only_filled,
        filled=over.filled.get(change.path, ()),
        lost=over.lost.get(change.path, ()),
    )


def _change(file: BundleFile, former: PreviousBundle, known: Known, there: str) -> Change:
    if file.path == MANIFEST and former.manifest:
        same = former.manifest == file.text.encode()  # its lines are digests: the other files tell what changes
        return Change(file.path, ChangeKind.UNCHANGED if same else ChangeKind.CHANGED)
    if there not in former.found:
        return Change(file.path, ChangeKind.NEW, secret=file.secret)
    old = former.text(there)
    if there == file.path and old == file.text:
        return Change(file.path, ChangeKind.UNCHANGED, secret=file.secret)
    diff = tr("What is there cannot be shown: it is no text of a bundle.")
    if old is not None:
        diff = _diff(old, there, file, known.mask(file.path, there, former))
    if there == file.path:
        return Change(file.path, ChangeKind.CHANGED, diff, secret=file.secret)
    return Change(file.path, ChangeKind.NEW, diff, secret=file.secret, former=there)


def _diff(old: str, there: str, file: BundleFile, mask: Mask) -> str:
    lines = difflib.unified_diff(
        old.splitlines(),
        file.text.splitlines(),
        tr("{path} (there)", path=there),
        tr("{path} (new)", path=file.path),
        lineterm="",
    )
    return "".join(f"{line}\n" for line in _shown(lines, mask))


def _shown(lines: Iterable[str], mask: Mask) -> Iterator[str]:
    for number, line in enumerate(lines):
        heading = number < len(("---", "+++")) or line.startswith("@@")
        yield line if heading else line[:1] + mask.line(line[1:])


def hidden_words() -> str:
    """Say what is not shown of the lines that differ."""
    return tr(
        "{hidden} stands for what this program did not write: it may be a secret. The file shows it.", hidden=HIDDEN
    )


def fill_in_again(lost: Mapping[str, Collection[str]]) -> str:
    """Say which variables, by path, were filled in and have no such place any more."""
    names = listing(dict.fromkeys(name for found in lost.values() for name in found))
    return tr("Filled in by hand and not taken over, as its place changed: {names}.", names=names)
