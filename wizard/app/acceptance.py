"""Use case accept: a finding of the last run that is known and wanted, noted where its source is.

In the cluster file, or in a file `accepted.yaml` beside any other source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.app import history
from wizard.checks.registry import spec_of
from wizard.formats.cluster_file.accepted import read_file, read_within, with_accepted
from wizard.formats.files import SourceError
from wizard.plan.accepted import GRAVITY, Accepted, accept, merged
from wizard.plan.bundle_names import ACCEPTED
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, tr
from wizard.reading import path_of, read_text
from wizard.storage.atomic_files import alone_in, write_atomic

if TYPE_CHECKING:
    from wizard.sources.contract import OpenedSource
    from wizard.storage.kept_runs import KeptRuns

_MODE = 0o644


class AcceptError(Exception):
    """A finding cannot be accepted; the message is a sentence."""


def beside(path: Path) -> Path:
    """Return where the accepted findings of a source are that is no cluster file: in a folder, or beside a file.

    Of whatever lies in an exported bundle they are at its top: an `accepted.yaml` deeper in it would be a foreign file.
    """
    from wizard.storage.previous_bundle import bundle_around  # it brings OpenSSL, once a source is opened

    file = path / ACCEPTED if path.is_dir() else path.parent / ACCEPTED
    bundle = bundle_around(file)
    return bundle / ACCEPTED if bundle else file


def read_beside(path: Path) -> tuple[Accepted, ...]:
    """Return what is accepted beside a source; raises SourceError where that file cannot be read."""
    file = beside(path)
    try:
        return read_file(read_text(file), str(file))
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise _no_text(file) from error
    except OSError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=file, reason=error.strerror or error)) from error


def _no_text(file: Path) -> SourceError:
    return SourceError(tr("{name} cannot be read: {reason}.", name=file, reason=tr("it is not text")))


def accept_finding(
    source: str,
    opened: OpenedSource,
    name: tuple[str, str],
    reason: str,
    until: date | None,
    runs: KeptRuns | None = None,
) -> Path:
    """Accept the finding of this id and subject as the last run of a source found it, and return the file that says so.

    Raises AcceptError, and SourceError.
    """
    if not reason.strip():
        raise AcceptError(no_reason())
    one = accepted_as(_found(history.key_of([source], opened.saved_as), name, runs), reason, until)
    return _write(source, opened, lambda text, title: _with(text, title, one))


def no_reason() -> str:
    """Return the sentence that asks for a reason."""
    return tr("A reason is wanted: whoever reads the report asks for it.")


def accepted_as(finding: Finding, reason: str, until: date | None) -> Accepted:
    """Return what accepts a finding as it is now, by the facts that its check names as its identity."""
    spec = spec_of(finding)
    return accept(finding, spec.identity if spec else (), reason, until)


def _found(key: str, name: tuple[str, str], runs: KeptRuns | None) -> Finding:
    last = next(history.past_runs(key, runs), None)
    if last is None:
        raise AcceptError(tr("Nothing was found yet: check it first, and accept what that says."))
    asking = [item for item in last.findings if item.severity in GRAVITY]
    matching = [item for item in asking if (item.id, item.subject) == name]
    if matching:
        return max(matching, key=lambda item: GRAVITY.index(item.severity))
    same = sorted({f"{item.id}:{item.subject}" for item in asking if item.id == name[0] and item.subject})
    wanted = ":".join(filter(None, name))
    if same:
        raise AcceptError(tr("The last run found “{wanted}” of: {found}.", wanted=wanted, found=listing(same)))
    raise AcceptError(tr("The last run found nothing to accept under “{wanted}”.", wanted=wanted))


def _with(text: str, title: str, one: Accepted) -> str:
    """Return the text with one more accepted finding, in the place of a former one of its name; raises SourceError."""
    others = [other for other in read_within(text, title) if other.name != one.name]
    return with_accepted(text, [*others, one])


def _write(source: str, opened: OpenedSource, changed: Callable[[str, str], str]) -> Path:
    """Write what `changed` makes of the text as it stands now, of whose file it gets the name."""
    if opened.saved_as:
        return _saved(opened.saved_as, changed)
    file = _file_of(source, opened)
    _renew(file, changed)
    return file


def _file_of(source: str, opened: OpenedSource) -> Path:
    path = path_of(source)
    return path if opened.is_cluster_file else beside(path)


def _renew(file: Path, changed: Callable[[str, str], str]) -> None:
    try:
        with alone_in(file.parent):
            there = file.exists()
            text, mode = (read_text(file), file.stat().st_mode & 0o777) if there else ("", _MODE)
            new = changed(text, str(file))
            if there and not new and file.name == ACCEPTED:
                file.unlink()
            elif new != text:
                write_atomic(file, new.encode(), mode)
    except UnicodeDecodeError as error:
        raise _no_text(file) from error
    except OSError as error:
        reason = error.strerror or error
        raise AcceptError(tr("{path} cannot be written: {reason}.", path=file, reason=reason)) from error


def note_accepted(place: Path, before: Sequence[Accepted], after: Sequence[Accepted]) -> None:
    """Bring into the file of a source what was accepted and withdrawn elsewhere: `before` became `after`.

    Where `place` is the folder of a bundle it goes into the file beside its cluster file, and what is withdrawn is
    taken out of both. Raises AcceptError, and SourceError.
    """

    def changed(text: str, title: str) -> str:
        there = read_within(text, title)
        wanted = merged(before, after, there)
        return text if wanted == there else with_accepted(text, wanted)

    def without(text: str, title: str) -> str:
        there = read_within(text, title)
        wanted = tuple(one for one in there if one.name not in gone)
        return text if wanted == there else with_accepted(text, wanted)

    if not place.is_dir():
        _renew(place, changed)
        return
    from wizard.sources.bundle import CLUSTER_FILE

    gone = {one.name for one in before} - {one.name for one in after}
    if gone:
        _renew(place / CLUSTER_FILE, without)
    _renew(place / ACCEPTED, changed)


def _saved(identity: str, changed: Callable[[str, str], str]) -> Path:
    from wizard.storage.saved_clusters import Workspace, WorkspaceError

    try:
        return Workspace().change(identity, lambda text: changed(text, identity))
    except WorkspaceError as error:
        raise AcceptError(str(error)) from error


def with_accepted_of(source: str, opened: OpenedSource) -> OpenedSource:
    """Return an opened source with what is accepted beside it, where it is no cluster file; raises SourceError.

    Of one name that counts which stands beside it, as `accept` writes there.
    """
    if opened.saved_as:
        return opened
    opened = replace(opened, accepts_in=_noted_in(path_of(source), opened))
    if opened.is_cluster_file:
        return opened
    found = read_beside(path_of(source))
    names = {one.name for one in found}
    own = tuple(one for one in opened.plan.accepted if one.name not in names)
    return replace(opened, plan=replace(opened.plan, accepted=(*own, *found))) if found else opened


def _noted_in(path: Path, opened: OpenedSource) -> Path | None:
    """Return where the window notes what is accepted; None where it may not write, or could not withdraw it there."""
    if opened.is_cluster_file:
        return path
    from wizard.sources.bundle import CLUSTER_FILE
    from wizard.storage.previous_bundle import bundle_around  # they bring OpenSSL, once a source is opened

    file = beside(path)
    if opened.bundle or bundle_around(file):
        return file if file.exists() else None  # what is exported anew is no place to put a file into
    if path.is_dir() and (path / CLUSTER_FILE).is_file():
        return path
    return None if opened.plan.accepted else file  # in an archive stands what nobody can take out of it
