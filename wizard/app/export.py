"""Verb export: render a bundle, show it, and write it in one step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from wizard.app.bundle_files import former_files
from wizard.app.changes import Changes, Known, compare
from wizard.app.masking import Ours
from wizard.app.open_source import CLUSTER_FILE
from wizard.dataclass import dataclass
from wizard.export import bundle
from wizard.export.containers import names_image, other_images
from wizard.export.previous import TakenOver, take_over
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import BundleFile, SecretsMode, SourceError, UnwritableError
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Plan
from wizard.plan.redact import Redactor
from wizard.plan.secret import Secret, Secrets
from wizard.storage.age_text import SealError, seal
from wizard.storage.bundle_writer import RefusedError, TreeFile, kept_for, resolved, standing, write_tree
from wizard.storage.previous_bundle import PreviousBundle


class ExportError(Exception):
    """A bundle that cannot be written. The message is a sentence; `key` the setting it is about, if it is about one."""

    def __init__(self, message: str, key: str = "") -> None:
        """Keep the key beside the sentence."""
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where. `kept` is the former bundle's new place, if files in it were changed by hand.

    `lost` are the variables, by path, that were filled in there and that the new files have no such place for;
    `unwritten` those that the function of that name gives. `left_out` are the targets that “all” did not give, each
    with the reason; `removed` the files of the former bundle that the new one has not. `images` are those that the
    nodes of what was opened run, where the files name another.
    """

    files: tuple[BundleFile, ...]
    destination: Path
    kept: Path | None = None
    changed: tuple[str, ...] = ()
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unwritten: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


def unwritten(plan: Plan) -> tuple[str, ...]:
    """Return the variables that no node gets as their values could not be read; the cluster file keeps the texts."""
    try:
        return tuple(dict.fromkeys(variable.name for variable in _variables(plan) if variable.problem))
    except UnwritableError:  # then no file of a bundle has variables
        return ()


def preview(
    plan: Plan, secrets: Secrets, mode: SecretsMode = SecretsMode.REFERENCE, targets: Iterable[str] = ()
) -> tuple[BundleFile, ...]:
    """Return the files that an export would write, in the order of their paths; raises ExportError."""
    return _bundle(plan, secrets, mode, targets).files


def _bundle(
    plan: Plan, secrets: Secrets, mode: SecretsMode, targets: Iterable[str], passphrase: Secret | None = None
) -> bundle.Bundle:
    try:
        if passphrase is None:
            return bundle.bundle_of(plan, secrets, SecretsMode(mode), targets)
        return bundle.bundle_of(plan, secrets, SecretsMode(mode), targets, lambda text: seal(text, passphrase))
    except SealError as error:
        raise ExportError(str(error)) from error
    except UnwritableError as error:
        raise ExportError(str(error), error.key) from error
    except ValueError as error:
        raise ExportError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Ready:
    """What an export would write, and what is there now."""

    over: TakenOver
    former: PreviousBundle | None
    left_out: Mapping[str, str]

    @property
    def removed(self) -> tuple[str, ...]:
        """The files there that the new bundle has not."""
        there = self.former.listed.keys() & self.former.found.keys() if self.former else set()
        return tuple(sorted(there - {file.path for file in self.over.files}))

    @property
    def carried(self) -> dict[str, bytes]:
        """The files there whose changes by hand go on in the new ones, as they were read."""
        return {path: self.former.found[path] or b"" for path in self.over.carried} if self.former else {}


def _ready(
    plan: Plan,
    secrets: Secrets,
    destination: Path,
    mode: SecretsMode,
    targets: Iterable[str],
    passphrase: Secret | None = None,
) -> _Ready:
    """Render the bundle over what stands at `destination`; raises ExportError."""
    if mode in {SecretsMode.INLINE, SecretsMode.ENCRYPTED}:
        _refuse_missing(plan, secrets)
    made = _bundle(plan, secrets, mode, targets, passphrase)
    with _told(destination):
        former = standing(resolved(destination))
    over = take_over(made.files, former_files(former)) if former else TakenOver(made.files)
    return _Ready(over, former, made.left_out)


def changes(
    plan: Plan,
    secrets: Secrets,
    destination: Path,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> Changes:
    """Return what `export` with the same arguments would do to each file at `destination`; writes nothing.

    Raises ExportError where the export would be refused.
    """
    targets = tuple(targets)
    ready = _ready(plan, secrets, destination, mode, targets)
    former = ready.former or PreviousBundle({}, {}, b"")
    found = compare(ready.over, former, _known(plan, secrets, targets, former))
    kept = kept_for(former, ready.carried, ready.over.precious)
    return Changes(resolved(destination), tuple(found), kept, ready.left_out)


def _known(plan: Plan, secrets: Secrets, targets: Iterable[str], former: PreviousBundle) -> Known:
    """Return what may be shown of the files there and of the new ones."""
    targets = tuple(targets)
    there = plan_in(former)
    plans = [plan, there] if there else [plan]
    admins = {extra.name for one in plans for extra in one.extras if isinstance(extra.value, str) and extra.value}
    ours = Ours(_plain(plan), admins, Redactor(secrets.values()))
    return Known(ours, _texts(_rendered(plan, secrets, targets)), _texts(_rendered(there, {})) if there else None)


def _texts(files: Iterable[BundleFile]) -> dict[str, str]:
    return {file.path: file.text for file in files}


def plan_in(former: PreviousBundle) -> Plan | None:
    """Return the plan that a former bundle was exported from; None where its cluster file is not what was exported."""
    text = None if CLUSTER_FILE in former.changed else former.text(CLUSTER_FILE)
    try:
        return cluster_file.read(text, CLUSTER_FILE) if text and CLUSTER_FILE in former.listed else None
    except SourceError:
        return None


def _rendered(plan: Plan, secrets: Secrets, targets: tuple[str, ...] = ()) -> tuple[BundleFile, ...]:
    """Return a bundle's files as this version would write them without a secret in any; none where it would not.

    Some stand in a bundle without secrets alone.
    """
    try:
        masked = preview(plan, secrets, SecretsMode.MASKED, targets)
        return (*preview(plan, secrets, SecretsMode.REFERENCE, targets), *masked)
    except ExportError:
        return ()


def _variables(plan: Plan) -> list[dotenv.Variable]:
    """Return the variables of all nodes and of each."""
    found = dotenv.variables(plan)
    return [*found.common, *(variable for _name, own in found.nodes for variable in own)]


def _plain(plan: Plan) -> set[str]:
    """Return the variables whose values are no secrets: those that the plan's settings decide without one."""
    return {variable.name for variable in _variables(plan) if variable.ref is None and not variable.problem}


def export(
    plan: Plan,
    secrets: Secrets,
    destination: Path,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
    passphrase: Secret | None = None,
) -> Exported:
    """Write the bundle as the folder `destination`, or as an archive if its name ends with `.zip`.

    `passphrase` is what secrets are encrypted with, where `mode` says that they are.
    The destination may be missing, empty, or a former bundle; what an admin added to it outside the marked blocks goes
    on in the new one. Raises ExportError, and then nothing has changed.
    """
    if mode is SecretsMode.ENCRYPTED and not passphrase:
        raise ExportError(tr("Secrets are encrypted with a passphrase, and none was given."))
    ready = _ready(plan, secrets, destination, mode, targets, passphrase)
    over = ready.over
    data = [TreeFile(file.path, file.text.encode(), file.mode) for file in over.files]
    with _told(destination):
        written = write_tree(destination, data, ready.carried, over.precious)
    return Exported(
        over.files,
        written.destination,
        written.kept,
        written.changed,
        over.lost,
        unwritten(plan),
        ready.left_out,
        ready.removed,
        other_images(plan) if names_image(file.path for file in over.files) else (),
    )


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
    """Return the secrets that the env files need and that have no value at hand: key by the reference's name.

    Raises ExportError where the plan cannot be written at all.
    """
    try:
        every = _variables(plan)
    except UnwritableError as error:
        raise ExportError(str(error), error.key) from error
    keys = {ref.name: key for key, ref in reversed(list(plan.secret_refs()))}
    names = dict.fromkeys(variable.ref.name for variable in every if variable.ref)
    return {name: keys.get(name, name) for name in names if not secrets.get(name)}


def _refuse_missing(plan: Plan, secrets: Secrets) -> None:
    gone = list(absent(plan, secrets).values())
    if gone:
        names = listing(gone)
        raise ExportError(
            tr("Secrets can only be written if they are at hand, and these are not: {names}.", names=names), gone[0]
        )
