"""The verbs as the window uses them: one place that imports them, late, and one seam for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from wizard.dataclass import dataclass

if TYPE_CHECKING:
    from wizard.app.changes import Changes
    from wizard.app.export import Exported
    from wizard.app.former_choices import FormerChoices
    from wizard.app.open_source import OpenedSource
    from wizard.engine.component import FromInside
    from wizard.engine.events import Event
    from wizard.engine.report import Report
    from wizard.engine.runner import Run
    from wizard.engine.since import Since
    from wizard.formats.files import BundleFile
    from wizard.guide.last_runs import LastRun
    from wizard.plan.accepted import Accepted
    from wizard.plan.plan import Plan
    from wizard.plan.secret import Secret, Secrets
    from wizard.storage.saved_clusters import SavedCluster
    from wizard.storage.secret_store import Opened, SecretStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run is about. `only` are prefixes of ids, none means all.

    `bundle` is where the bundle lies that the plan was read from, `edited` says that the plan is no longer that one.
    `inside` brings facts from inside the nodes.
    """

    plan: Plan
    secrets: Secrets
    only: tuple[str, ...] = ()
    bundle: Path | None = None
    edited: bool = False
    inside: FromInside | None = None


class Services(Protocol):
    """What the window asks of the rooms below. Each call may take its time, so none is made in the window's thread."""

    def open_secret_store(self) -> Opened:
        """Find where secrets go."""

    def open_source(self, source: str) -> OpenedSource:
        """Read a file, a folder, or a saved cluster by its name."""

    def open_sources(self, sources: Sequence[str]) -> OpenedSource:
        """Read files and folders that say together what one cluster is."""

    def open_saved(self, identity: str) -> OpenedSource:
        """Read a saved cluster by its id."""

    def gather(self, plan: Plan, opened: Secrets, secret_store: SecretStore | None) -> dict[str, Secret]:
        """Return the secrets at hand for a plan just opened."""

    def locked_in(self, opened: OpenedSource, known: Secrets) -> str:
        """Name the encrypted file that may have the secrets not known of what was opened; empty if there is none."""

    def unlock(self, opened: OpenedSource, passphrase: Secret) -> Mapping[str, Secret]:
        """Return the secrets in that file; raises SecretStoreError."""

    def encrypted_files(self, identities: Iterable[str]) -> Sequence[str]:
        """Name the encrypted files that are there for these clusters."""

    def keep_encrypted(self, values: Mapping[str, Secrets], passphrase: Secret) -> None:
        """Keep secrets by their clusters' ids in encrypted files; raises SecretStoreError."""

    def clusters(self) -> Sequence[SavedCluster]:
        """Return the saved clusters."""

    def last_runs(self, identities: Iterable[str]) -> Mapping[str, LastRun]:
        """Return the last whole run of each saved cluster that has one, by its id."""

    def keep_run(self, plan: Plan, report: Report, secrets: Secrets) -> Since | None:
        """Keep a whole run of a saved cluster; return what changed since its last good one, None if there is none."""

    def save(self, plan: Plan, *, known: Plan | None) -> Plan:
        """Save the draft, and return it with what another program has changed there meanwhile.

        `known` is what stood there when it was read or saved last, None if it never was.
        """

    def note_accepted(self, file: Path, before: Sequence[Accepted], after: Sequence[Accepted]) -> None:
        """Bring into the file of a source what was accepted and withdrawn; raises AcceptError, SourceError."""

    def delete(self, identity: str, secret_store: SecretStore | None) -> None:
        """Forget a saved cluster and its secrets."""

    def look_inside(self) -> FromInside:
        """Return what a run is given to look from inside the nodes."""

    def prepare(self, asked: Asked, emit: Callable[[Event], None]) -> Run:
        """Put a run together."""

    def targets(self) -> Sequence[str]:
        """Return the names of the targets that can be exported."""

    def former_choices(self, bundle: Path) -> FormerChoices:
        """Return how a bundle that lies there was exported."""

    def changes(self, plan: Plan, secrets: Secrets, place: Path, mode: str, targets: Sequence[str]) -> Changes:
        """Return what an export would do to each file at a place."""

    def preview(self, plan: Plan, secrets: Secrets, mode: str, targets: Sequence[str]) -> Sequence[BundleFile]:
        """Return the files of an export."""

    def export(
        self,
        plan: Plan,
        secrets: Secrets,
        place: Path,
        mode: str,
        targets: Sequence[str],
        passphrase: Secret | None = None,
    ) -> Exported:
        """Write the files; with the mode `encrypted`, secrets are encrypted with the passphrase."""

    def save_report(self, report: Report, plan: Plan, source: str, secrets: Secrets, path: Path) -> None:
        """Write a report without any of `secrets`: as a page, Markdown or JSON where the name ends so, else as text.

        Raises OSError.
        """


@dataclass(frozen=True, slots=True)
class Verbs:
    """The real services."""

    def open_secret_store(self) -> Opened:
        from wizard.storage.secret_store import open_secret_store

        return open_secret_store()

    def open_source(self, source: str) -> OpenedSource:
        from wizard.app.open_source import open_source

        return open_source(source)

    def open_sources(self, sources: Sequence[str]) -> OpenedSource:
        from wizard.app.open_source import open_sources

        return open_sources(sources)

    def open_saved(self, identity: str) -> OpenedSource:
        from wizard.app.saved_clusters import Library

        return Library().open(identity)

    def gather(self, plan: Plan, opened: Secrets, secret_store: SecretStore | None) -> dict[str, Secret]:
        from wizard.app.gather_secrets import gather_secrets, missing
        from wizard.app.outside_secrets import follow

        found = gather_secrets(plan, opened)
        found |= follow(plan, missing(plan, found), found).values
        return gather_secrets(plan, found, secret_store, environ={})

    def locked_in(self, opened: OpenedSource, known: Secrets) -> str:
        from wizard.app.sealed_secrets import locked_in

        return locked_in(opened, known)

    def unlock(self, opened: OpenedSource, passphrase: Secret) -> Mapping[str, Secret]:
        from wizard.app.sealed_secrets import unlocked

        return unlocked(opened, passphrase)

    def encrypted_files(self, identities: Iterable[str]) -> Sequence[str]:
        from wizard.app.sealed_secrets import encrypted_files

        return encrypted_files(identities)

    def keep_encrypted(self, values: Mapping[str, Secrets], passphrase: Secret) -> None:
        from wizard.app.sealed_secrets import keep_encrypted

        keep_encrypted(values, passphrase)

    def clusters(self) -> Sequence[SavedCluster]:
        from wizard.app.saved_clusters import Library

        return Library().clusters()

    def last_runs(self, identities: Iterable[str]) -> Mapping[str, LastRun]:
        from wizard.guide.last_runs import last_run

        return {identity: found for identity in identities if (found := last_run(identity))}

    def keep_run(self, plan: Plan, report: Report, secrets: Secrets) -> Since | None:
        from wizard.guide.last_runs import keep

        return keep(plan, report, secrets)

    def save(self, plan: Plan, *, known: Plan | None) -> Plan:
        from wizard.app.saved_clusters import Library

        return Library().save(plan, known=known)

    def note_accepted(self, file: Path, before: Sequence[Accepted], after: Sequence[Accepted]) -> None:
        from wizard.app.acceptance import note_accepted

        note_accepted(file, before, after)

    def delete(self, identity: str, secret_store: SecretStore | None) -> None:
        from wizard.app.saved_clusters import Library

        Library().delete(identity, secret_store)

    def look_inside(self) -> FromInside:
        from wizard.app.inside import from_nodes

        return from_nodes()

    def prepare(self, asked: Asked, emit: Callable[[Event], None]) -> Run:
        from wizard.app.check import prepare
        from wizard.checks.registry import selection

        return prepare(
            asked.plan,
            asked.secrets,
            emit,
            selection=selection(only=asked.only),
            bundle=asked.bundle,
            edited=asked.edited,
            inside=asked.inside,
        )

    def targets(self) -> Sequence[str]:
        from wizard.guide.targets import names

        return names()

    def former_choices(self, bundle: Path) -> FormerChoices:
        from wizard.app.former_choices import former_choices

        return former_choices(bundle)

    def changes(self, plan: Plan, secrets: Secrets, place: Path, mode: str, targets: Sequence[str]) -> Changes:
        from wizard.app.export import changes
        from wizard.formats.files import SecretsMode

        return changes(plan, secrets, place, SecretsMode(mode), targets)

    def preview(self, plan: Plan, secrets: Secrets, mode: str, targets: Sequence[str]) -> Sequence[BundleFile]:
        from wizard.app.export import preview
        from wizard.formats.files import SecretsMode

        return preview(plan, secrets, SecretsMode(mode), targets)

    def export(
        self,
        plan: Plan,
        secrets: Secrets,
        place: Path,
        mode: str,
        targets: Sequence[str],
        passphrase: Secret | None = None,
    ) -> Exported:
        from wizard.app.export import export
        from wizard.formats.files import SecretsMode

        return export(plan, secrets, place, SecretsMode(mode), targets, passphrase)

    def save_report(self, report: Report, plan: Plan, source: str, secrets: Secrets, path: Path) -> None:
        from wizard.guide.reports.report import Format, redacted, rendered, write
        from wizard.guide.reports.told import Told

        forms = {".json": Format.JSON, ".html": Format.HTML, ".md": Format.MARKDOWN}
        form = forms.get(path.suffix.lower(), Format.TEXT)
        write(path, rendered(Told(redacted(report, secrets.values()), source, plan=plan), form))
