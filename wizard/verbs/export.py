"""Verb export: render a bundle, show it, and write it in one step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.bundle import bundle, env
from wizard.bundle.files import BundleFile, LaterError, SecretsMode, UnwritableError
from wizard.bundle.former import has_own_lines, keep_own_lines, only_around, predecessors
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secrets
from wizard.plan.words import tr
from wizard.verbs.changes import Changes, compare
from wizard.workspace.former import Former
from wizard.workspace.tree import RefusedError, TreeFile, kept_for, resolved, standing, write_tree

_NAMED = 5


class ExportError(Exception):
    """A bundle that cannot be written. The message is a sentence; `key` the setting it is about, if it is about one."""

    def __init__(self, message: str, key: str = "") -> None:
        """Keep the key beside the sentence."""
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where. `kept` is the former bundle's new place, if files in it were changed by hand."""

    files: tuple[BundleFile, ...]
    destination: Path
    kept: Path | None = None
    changed: tuple[str, ...] = ()


def preview(
    plan: Plan, secrets: Secrets, mode: SecretsMode = SecretsMode.REFERENCE, targets: Iterable[str] = ()
) -> tuple[BundleFile, ...]:
    """Give the files that an export would write, in the order of their paths; raises ExportError."""
    try:
        return bundle.render(plan, secrets, SecretsMode(mode), targets)
    except UnwritableError as error:
        raise ExportError(str(error), error.key) from error
    except (LaterError, ValueError) as error:
        raise ExportError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Ready:
    """What an export would write, and what is there now.

    `carried` are the files there whose changes by hand go on in the new ones, `precious` those with lines of the
    admin's own that no new file takes over.
    """

    files: tuple[BundleFile, ...]
    former: Former | None = None
    carried: dict[str, bytes] = field(default_factory=dict)
    precious: tuple[str, ...] = ()


def _ready(plan: Plan, secrets: Secrets, destination: Path, mode: SecretsMode, targets: Iterable[str]) -> _Ready:
    """Render the bundle over what stands at `destination`; raises ExportError."""
    if mode is SecretsMode.INLINE:
        _refuse_missing(plan, secrets)
    files = preview(plan, secrets, mode, targets)
    with _told(destination):
        former = standing(resolved(destination))
    if former is None:
        return _Ready(files)
    own = _marked_texts(former)
    places = predecessors(files, own)
    texts = {path: own[old] for path, old in places.items()}
    carried = {old: own[old].encode() for old in places.values() if only_around(own[old], former.listed[old].block)}
    precious = tuple(old for old, text in own.items() if old not in places.values() and has_own_lines(text))
    return _Ready(keep_own_lines(files, texts, plan.id), former, carried, precious)


def _marked_texts(former: Former) -> dict[str, str]:
    """Give the texts of the files there that have a marked block, as far as they can be read, by their paths."""
    found: dict[str, str] = {}
    for path, listed in former.listed.items():
        data = former.found.get(path) if listed.block else None
        with contextlib.suppress(UnicodeDecodeError):  # what cannot be read cannot go on: the bundle is kept for it
            found |= {path: data.decode()} if data else {}
    return found


def changes(
    plan: Plan,
    secrets: Secrets,
    destination: Path,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> Changes:
    """Give what `export` with the same arguments would do to each file at `destination`; writes nothing.

    Raises ExportError where the export would be refused.
    """
    ready = _ready(plan, secrets, destination, mode, targets)
    former = ready.former or Former({}, {}, b"")
    found = compare(ready.files, former, _plain(plan), Redactor(secrets.values()))
    return Changes(resolved(destination), tuple(found), kept_for(former, ready.carried, ready.precious))


def _plain(plan: Plan) -> set[str]:
    """Give the variables whose values are no secrets: those that the plan's settings decide without one."""
    found = env.variables(plan)
    every = [*found.common, *(variable for _name, own in found.nodes for variable in own)]
    return {variable.name for variable in every if variable.ref is None} - {extra.name for extra in plan.extras}


def export(
    plan: Plan,
    secrets: Secrets,
    destination: Path,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> Exported:
    """Write the bundle as the folder `destination`, or as an archive if its name ends with `.zip`.

    The destination may be missing, empty, or a former bundle; what an admin added to it outside the marked blocks goes
    on in the new one. Raises ExportError, and then nothing has changed.
    """
    ready = _ready(plan, secrets, destination, mode, targets)
    data = [TreeFile(file.path, file.text.encode(), file.mode) for file in ready.files]
    with _told(destination):
        written = write_tree(destination, data, ready.carried, ready.precious)
    return Exported(ready.files, written.destination, written.kept, written.changed)


@contextlib.contextmanager
def _told(destination: Path) -> Iterator[None]:
    """Turn what the workspace and the system refuse into a sentence."""
    try:
        yield
    except RefusedError as error:
        raise ExportError(str(error)) from error
    except OSError as error:
        # a name of our own beside the destination says nothing to anybody; one inside it says where to look
        inside = isinstance(error.filename, str) and resolved(destination) in Path(error.filename).parents
        raise ExportError(
            tr(
                "The bundle cannot be written to “{path}”: {reason}.",
                path=error.filename if inside else destination,
                reason=error.strerror or error,
            )
        ) from error


def absent(plan: Plan, secrets: Secrets) -> dict[str, str]:
    """Give the secrets that the env files need and that have no value at hand: key by the reference's name.

    Raises ExportError where the plan cannot be written at all.
    """
    try:
        found = env.variables(plan)
    except UnwritableError as error:
        raise ExportError(str(error), error.key) from error
    every = [*found.common, *(variable for _name, own in found.nodes for variable in own)]
    keys = {ref.name: key for key, ref in reversed(list(plan.secret_refs()))}
    names = dict.fromkeys(variable.ref.name for variable in every if variable.ref)
    return {name: keys.get(name, name) for name in names if not secrets.get(name)}


def _refuse_missing(plan: Plan, secrets: Secrets) -> None:
    gone = list(absent(plan, secrets).values())
    if gone:
        shown = ", ".join(gone[:_NAMED]) + (" …" if len(gone) > _NAMED else "")
        raise ExportError(
            tr("Secrets can only be written if they are at hand, and these are not: {names}.", names=shown), gone[0]
        )
