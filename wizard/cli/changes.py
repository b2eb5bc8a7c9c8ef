"""What `export --dry-run` writes: each file with what would happen to it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wizard import __version__
from wizard.app.changes import Change, ChangeKind, Changes, fill_in_again, hidden_words
from wizard.cli.codes import PROGRAM
from wizard.formats.files import SecretsMode
from wizard.guide.reports.style import Style, printable, wrapped
from wizard.plan.i18n import listing, mark, tr, trn
from wizard.plan.secret import HIDDEN

_WORDS = {
    ChangeKind.NEW: mark("new"),
    ChangeKind.CHANGED: mark("changed"),
    ChangeKind.REMOVED: mark("removed"),
    ChangeKind.UNCHANGED: mark("unchanged"),
}


def changes_text(changes: Changes, style: Style = Style()) -> str:  # noqa: B008 - immutable
    """Return the files with their fate, the differing lines below each that would change, and what would be kept."""
    lines = [tr("{folder} (nothing is written)", folder=printable(str(changes.destination)))]
    for change in changes.files:
        lines.append(f"  {tr(_WORDS[change.kind]):<9}  {change.path}{_notes(change)}")
        lines += [f"      {printable(line)}".rstrip() for line in change.diff.splitlines()]
        lines += [f"      {fill_in_again({change.path: change.lost})}"] if change.lost else []
    if any(HIDDEN in change.diff for change in changes.files):
        lines += wrapped(hidden_words(), 0, style)
    if changes.kept_for:
        names = listing(changes.kept_for)
        kept = tr("The former bundle would be kept, as files in it were changed by hand: {names}.", names=names)
        lines += wrapped(kept, 0, style)
    return "\n".join([*lines, *left_out_lines(changes.left_out, style)]) + "\n"


def left_out_lines(left_out: Mapping[str, str], style: Style) -> list[str]:
    """Return a line for each target that was left out, with the reason; on a terminal no longer than its width."""
    said = [tr("Left out: {target}. {reason}", target=name, reason=reason) for name, reason in left_out.items()]
    return [line for one in said for line in wrapped(one, 0, style)]


def _notes(change: Change) -> str:
    notes = [tr("changed by hand")] if change.by_hand else []
    notes += (
        [trn("{count} secret filled in goes on", "{count} secrets filled in go on", count=len(change.filled))]
        if change.filled
        else []
    )
    notes += [tr("takes over from {path}", path=change.former)] if change.former else []
    notes += [tr("holds secrets")] if change.secret else []
    return f"  ({listing(notes)})" if notes else ""


def changes_json(changes: Changes, mode: SecretsMode) -> str:
    """Return the same as a JSON document."""
    document = {
        "schema": 1,
        "tool": {"name": PROGRAM, "version": __version__},
        "destination": str(changes.destination),
        "dry_run": True,
        "secrets": mode.value,
        "files": [
            {
                "path": change.path,
                "change": change.kind.value,
                "by_hand": change.by_hand,
                "secret": change.secret,
                "diff": change.diff,
                "former": change.former,
                "filled": list(change.filled),
                "lost": list(change.lost),
            }
            for change in changes.files
        ],
        "kept_for": list(changes.kept_for),
        "left_out": dict(changes.left_out),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
