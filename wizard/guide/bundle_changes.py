"""What an export over a former bundle would change, in words: the figures, and each file with its fate."""

from __future__ import annotations

from wizard.app.changes import Change, ChangeKind, Changes, fill_in_again, hidden_words
from wizard.formats.files import BundleFile
from wizard.plan.i18n import listing, mark, markn, sentences, tr, trn
from wizard.plan.secret import HIDDEN

_FATES = {ChangeKind.NEW: mark("new"), ChangeKind.CHANGED: mark("changed"), ChangeKind.REMOVED: mark("removed")}
_COUNTED = {
    ChangeKind.NEW: markn("1 new", "{count} new"),
    ChangeKind.CHANGED: markn("1 changed", "{count} changed"),
    ChangeKind.REMOVED: markn("1 removed", "{count} removed"),
}
_TEXTS = {
    ChangeKind.NEW: mark("This file is not there yet; its text is in the preview below."),
    ChangeKind.CHANGED: mark("The file changes."),
    ChangeKind.REMOVED: mark("This file of the former bundle is removed."),
}


def touched_files(changes: Changes) -> list[Change]:
    """Return the files that an export would not leave as they are."""
    return [change for change in changes.files if change.kind in _FATES]


def figures(changes: Changes) -> str:
    """Return how many files would change in which way, what was filled in, and what is kept or lost."""
    touched = touched_files(changes)
    if not touched:
        return tr("Nothing changes: every file is there as it would be written.")
    counted = {kind: sum(change.kind is kind for change in touched) for kind in _FATES}
    figures = [trn(*_COUNTED[kind], count) for kind, count in counted.items() if count]
    total = trn("{changed} of 1 file", "{changed} of {count} files", len(changes.files), changed=len(touched))
    told = [tr("{total}: {figures}.", total=total, figures=listing(figures))]
    if filled := [change.path for change in touched if change.filled]:
        told.append(tr("What was filled in goes on: {names}.", names=listing(filled)))
    lost = {change.path: change.lost for change in touched if change.lost}
    told += [fill_in_again(lost)] if lost else []
    told += [hidden_words()] if any(HIDDEN in change.diff for change in touched) else []
    if changes.kept_for:
        names = listing(changes.kept_for)
        told.append(tr("The former bundle is kept, as these were changed by hand: {names}.", names=names))
    return sentences(*told)


def as_file(change: Change) -> BundleFile:
    """Return what the preview shows of a file: its fate before its path, and the lines that differ."""
    path = change.path if change.kind is ChangeKind.CHANGED else f"{tr(_FATES[change.kind])}: {change.path}"
    return BundleFile(path, change.diff or tr(_TEXTS[change.kind]), change.secret)
