"""Accepted findings as YAML: a list in the cluster file, or in a file of their own beside another source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from wizard.formats.cluster_file.tree import Tree, compose
from wizard.plan.accepted import GRAVITY, Accepted
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.i18n import tr

KEY = "accepted"
FILE = "accepted.yaml"
"""The name of the file beside a source that is no cluster file."""
KEYS = ("id", "subject", "severity", "error", "identity", "reason", "until")

MOST = 2000
"""Findings that may be accepted: without aliases, which are counted once, a file has room for fewer."""

_Kind = TypeVar("_Kind", Severity, ErrorKind)


def read_list(tree: Tree) -> tuple[Accepted, ...]:
    """Read the list; raises SourceError that names the line."""
    found = tree.rows()
    if len(found) > MOST:
        found[MOST].fail(tr("it has too many values"))
    return tuple(_one(row) for row in found)


def read_file(text: str, name: str) -> tuple[Accepted, ...]:
    """Read a file of accepted findings; raises SourceError."""
    parts = dict(compose(text, name).items())
    for key, part in parts.items():
        if key != KEY:
            part.fail(tr("“{name}” is unknown here. {advice}", name=key, advice=tr("Known are: {names}.", names=KEY)))
    return read_list(parts[KEY]) if KEY in parts else ()


def read_within(text: str, name: str) -> tuple[Accepted, ...]:
    """Read the list in a file that has other things, too; raises SourceError."""
    found = next((part for key, part in compose(text, name).items() if key == KEY), None) if text else None
    return read_list(found) if found else ()


def with_accepted(text: str, accepted: Sequence[Accepted]) -> str:
    """Return the text of a YAML file in which the list is `accepted`; all else in it stays, comments too."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 30
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(text)
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    if accepted:
        document[KEY] = rows(accepted)
    else:
        document.pop(KEY, None)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def rows(accepted: Sequence[Accepted]) -> list[dict[str, Any]]:
    """Return the list as YAML is made from it; what is empty is left out."""
    found = []
    for one in accepted:
        row = {
            "id": one.id,
            "subject": one.subject,
            "severity": one.severity.value,
            "error": one.error.value if one.error else "",
            "identity": dict(one.identity),
            "reason": one.reason,
            "until": one.until.isoformat() if one.until else "",
        }
        found.append({name: value for name, value in row.items() if value})
    return found


def _one(row: Tree) -> Accepted:
    parts = dict(row.items())
    for name, part in parts.items():
        if name not in KEYS:
            known = tr("Known are: {names}.", names=", ".join(KEYS))
            part.fail(tr("“{name}” is unknown here. {advice}", name=name, advice=known))
    for name in ("id", "severity", "reason"):
        if name not in parts or not parts[name].text().strip():
            row.fail(tr("What is accepted needs “{name}”.", name=name))
    identity = dict(parts["identity"].items()) if "identity" in parts else {}
    return Accepted(
        id=parts["id"].text(),
        subject=parts["subject"].text() if "subject" in parts else "",
        severity=_kind(parts["severity"], Severity, [one.value for one in GRAVITY]),
        reason=parts["reason"].text(),
        error=_kind(parts["error"], ErrorKind, list(ErrorKind)) if "error" in parts else None,
        identity={name: part.text() for name, part in identity.items()},
        until=_day(parts["until"]) if "until" in parts else None,
    )


def _kind(tree: Tree, kind: type[_Kind], allowed: Sequence[str]) -> _Kind:
    if tree.text() not in allowed:
        tree.fail(tr("It must be one of {names}.", names=", ".join(allowed)))
    return kind(tree.text())


def _day(tree: Tree) -> date | None:
    try:
        return day(tree.text()) if tree.text() else None
    except ValueError:
        tree.fail(tr("“{text}” is no day as YYYY-MM-DD.", text=tree.text()))


def day(text: str) -> date:
    """Read a day in the form YYYY-MM-DD; raises ValueError."""
    found = date.fromisoformat(text)
    if found.isoformat() != text:
        raise ValueError(text)
    return found
