"""Accepted findings as YAML: a list in the cluster file, or in a file of their own beside another source."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from datetime import date
from textwrap import dedent
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.formats.cluster_file import list_lines
from wizard.formats.cluster_file.tree import Tree, compose
from wizard.formats.files import SourceError
from wizard.plan.accepted import GRAVITY, Accepted
from wizard.plan.bundle_names import ACCEPTED
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.i18n import listing, tr
from wizard.plan.variable_names import told

if TYPE_CHECKING:
    from ruamel.yaml import YAML

KEY = "accepted"
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
            known = tr("Known are: {names}.", names=KEY)
            part.fail(tr("“{name}” is unknown here. {advice}", name=told(key), advice=known))
    return read_list(parts[KEY]) if KEY in parts else ()


def read_within(text: str, name: str) -> tuple[Accepted, ...]:
    """Read the list in a file that has other things, too; raises SourceError."""
    found = next((part for key, part in compose(text, name).items() if key == KEY), None) if text else None
    return read_list(found) if found else ()


def with_accepted(text: str, accepted: Sequence[Accepted]) -> str:
    """Return the text of a YAML file in which the list is `accepted`; all else in it stays, comments too.

    Line ends are those of its first line. It is empty where nothing is left in it, not even a comment.
    """
    ends = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    plain = text.replace("\r\n", "\n")
    there = read_within(plain, ACCEPTED)
    if list(there) == list(accepted):
        return text
    new = _by_lines(plain, there, accepted)
    return (_anew(plain, accepted) if new is None else new).replace("\n", ends)


def _by_lines(text: str, there: Sequence[Accepted], accepted: Sequence[Accepted]) -> str | None:
    """Change the lines of the list alone; None where it is not written so that this gives what is wanted."""
    was, wanted = ({one.name: one for one in ones} for ones in (there, accepted))
    gone = [at for at, one in enumerate(there) if wanted.get(one.name) != one]
    added = [one for one in accepted if was.get(one.name) != one]
    new = list_lines.changed(text, KEY, gone, dedent(_dumped(rows(added))) if added else "") if text else None
    if not new or not new.strip():
        return new and ""
    new = _readable(new)
    with contextlib.suppress(SourceError):
        return new if read_within(new, ACCEPTED) == tuple(accepted) else None
    return None


def _readable(text: str) -> str:
    """Let a file have a value in which comments alone are left."""
    said = any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())
    return text if said else f"{text}{KEY}: []\n"


def _anew(text: str, accepted: Sequence[Accepted]) -> str:
    """Write the whole file anew: comments within the list go."""
    from ruamel.yaml.comments import CommentedMap

    document = _yaml().load(text)
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
    if accepted:
        document[KEY] = rows(accepted)
    else:
        document.pop(KEY, None)
    return _dumped(document) if document else ""


def _dumped(value: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(value, stream)
    return stream.getvalue()


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 30
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


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
            known = tr("Known are: {names}.", names=listing(KEYS))
            part.fail(tr("“{name}” is unknown here. {advice}", name=told(name), advice=known))
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
        tree.fail(tr("It must be one of {names}.", names=listing(allowed)))
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
