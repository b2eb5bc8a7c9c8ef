"""A window without a screen, on services that never leave this process."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from pytestqt.qtbot import QtBot

from tests.patience import patience
from wizard.app import export
from wizard.app.bundle_files import look_at
from wizard.app.changes import Changes
from wizard.app.export import Exported, ExportError
from wizard.app.former_choices import FormerChoices, former_choices
from wizard.app.open_source import OpenedSource
from wizard.checks.plan import bundle_files
from wizard.engine.check import Check, Nothing, settled
from wizard.engine.component import FromInside
from wizard.engine.report import Report
from wizard.engine.runner import Run
from wizard.engine.selection import Selection
from wizard.engine.since import Since
from wizard.formats import cluster_file
from wizard.formats.files import BundleFile, SecretsMode
from wizard.gui import application
from wizard.gui.pace import pace
from wizard.gui.services import Asked, Verbs
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.theme import Scheme, theme
from wizard.guide.last_runs import LastRun
from wizard.guide.targets import names
from wizard.plan.accepted import Accepted
from wizard.plan.changed_meanwhile import learned
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.spec import Spec
from wizard.storage.saved_clusters import SavedCluster
from wizard.storage.secret_store import Opened, SecretStoreError, SessionStore

CONNECT = Spec("database.connect", "The database answers.")
VERSION = Spec("database.version", "The database is new enough.")
REDIS = Spec("redis.connect", "Redis answers.")


class KeptStore(SessionStore):
    """A secret store that says it lasts, like a keyring."""

    title = "Secret Service (login keyring)"
    persistent = True


@dataclass
class FakeServices:
    """Services with plain data: what they are asked is kept, and what they answer can be set."""

    secret_store: Any = field(default_factory=KeptStore)
    reason: str = ""
    library: dict[str, str] = field(default_factory=dict)
    opened: OpenedSource | Exception | None = None
    checks: list[Check[Any]] = field(default_factory=list)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    looked: list[bool] = field(default_factory=list)
    refusal: str = ""
    exported: list[tuple[Path, str, tuple[str, ...]]] = field(default_factory=list)
    previews: list[tuple[BundleFile, ...]] = field(default_factory=list)
    save_trouble: Exception | None = None
    former: Changes | None = None
    runs: dict[str, LastRun] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    noted: list[tuple[Path, list[tuple[str, str]], list[tuple[str, str]]]] = field(default_factory=list)
    since: Since | None = None
    locked: str = ""
    encrypted: dict[str, dict[str, Secret]] = field(default_factory=dict)
    phrase: str = "correct horse"

    def locked_in(self, opened: OpenedSource, known: Any) -> str:
        return self.locked

    def unlock(self, opened: OpenedSource, passphrase: Secret) -> Mapping[str, Secret]:
        if passphrase != Secret(self.phrase):
            raise SecretStoreError("The passphrase is wrong, or the encrypted file is damaged.")
        return self.encrypted[opened.plan.id]

    def encrypted_files(self, identities: Iterable[str]) -> Sequence[str]:
        return [f"/saved/{identity}.age" for identity in identities if identity in self.encrypted]

    def keep_encrypted(self, values: Mapping[str, Mapping[str, Secret]], passphrase: Secret) -> None:
        self.phrase = passphrase.reveal()
        for identity, secrets in values.items():
            self.encrypted.setdefault(identity, {}).update(secrets)

    def open_secret_store(self) -> Opened:
        return Opened(self.secret_store, self.reason)

    def open_source(self, source: str) -> OpenedSource:
        del source
        if isinstance(self.opened, Exception):
            raise self.opened
        assert self.opened is not None
        return self.opened

    def open_saved(self, identity: str) -> OpenedSource:
        return OpenedSource(cluster_file.read(self.library[identity], "cluster.yaml", draft=True))

    def gather(self, plan: Plan, opened: Any, secret_store: Any) -> dict[str, Secret]:
        kept = (
            {ref.name: secret_store.get(plan.id, ref.name) for _key, ref in plan.secret_refs()} if secret_store else {}
        )
        return {**{name: secret for name, secret in kept.items() if secret}, **opened}

    def clusters(self) -> Sequence[SavedCluster]:
        plans = [self.open_saved(identity).plan for identity in list(self.library)]  # a draft may be saved meanwhile
        return [SavedCluster(plan.id, plan.name, datetime.now(UTC), Path("/saved")) for plan in plans]

    def last_runs(self, identities: Iterable[str]) -> Mapping[str, LastRun]:
        return {identity: self.runs[identity] for identity in identities if identity in self.runs}

    def keep_run(self, plan: Plan, report: Report, secrets: Any) -> Since | None:
        del report, secrets
        self.kept.append(plan.id)
        return self.since

    def note_accepted(self, file: Path, before: Sequence[Accepted], after: Sequence[Accepted]) -> None:
        if self.save_trouble:
            raise self.save_trouble
        self.noted.append((file, [one.name for one in before], [one.name for one in after]))

    def open_sources(self, sources: Sequence[str]) -> OpenedSource:
        return self.open_source(", ".join(sources))

    def save(self, plan: Plan, *, known: Plan | None) -> Plan:
        if self.save_trouble:
            raise self.save_trouble
        former = self.library.get(plan.id, "")
        there = cluster_file.read(former, plan.id, draft=True) if former else plan
        kept = learned(plan, known, there) if known else plan
        self.library[plan.id] = cluster_file.write(kept)
        return kept

    def delete(self, identity: str, secret_store: Any) -> None:
        del secret_store
        self.library.pop(identity)

    def look_inside(self) -> FromInside:
        return FromInside(script="// nobody runs it", key=Secret("key-of-fingerprints"))

    def prepare(self, asked: Asked, emit: Callable[[Any], None]) -> Run:
        self.asked.append(asked.only)
        self.looked.append(asked.inside is not None)
        checks = [*self.checks, *_of_bundle(asked)]
        return Run(checks=checks, emit=emit, selection=Selection(only=asked.only))

    def targets(self) -> Sequence[str]:
        return names()

    def former_choices(self, bundle: Path) -> FormerChoices:
        return former_choices(bundle)

    def changes(self, plan: Plan, secrets: Any, place: Path, mode: str, targets: Sequence[str]) -> Changes:
        return self.former or Changes(place, ())

    def preview(self, plan: Plan, secrets: Any, mode: str, targets: Sequence[str]) -> Sequence[BundleFile]:
        self.previews.append(export.preview(plan, secrets, SecretsMode(mode), targets))
        return self.previews[-1]

    def export(
        self,
        plan: Plan,
        secrets: Any,
        place: Path,
        mode: str,
        targets: Sequence[str],
        passphrase: Secret | None = None,
    ) -> Exported:
        if self.refusal:
            raise ExportError(self.refusal)
        self.exported.append((place, mode, tuple(targets)))
        return Exported((BundleFile("cluster.yaml", ""),), place)

    def save_report(self, report: Report, plan: Plan, source: str, secrets: Any, path: Path) -> None:
        Verbs().save_report(report, plan, source, secrets, path)


class WithoutKeyring(Verbs):
    """The real verbs, but for the keyring of whoever runs the tests."""

    store: SessionStore | None = None
    """Where secrets are, if they are anywhere."""

    def open_secret_store(self) -> Opened:
        return Opened(self.store, "") if self.store else Opened(SessionStore(), "These tests keep no secret.")


def _of_bundle(asked: Asked) -> list[Check[Any]]:
    """Return the check of the opened bundle as the real services do."""
    if asked.bundle is None:
        return []
    bundle = asked.bundle
    return [*bundle_files.checks(lambda: look_at(bundle), str(bundle), edited=asked.edited)]


@dataclass
class Gate:
    """Facts of a check that waits until the test lets it go."""

    open: threading.Event = field(default_factory=threading.Event)

    def _wait(self) -> None:
        self.open.wait(patience())

    def check(self, component: str, specs: tuple[Spec, ...], *findings: Finding) -> Check[Nothing]:
        return Check(
            component=component,
            specs=specs,
            facts=Nothing,
            probe=lambda _facts: self._wait(),
            judge=lambda _facts: findings,
            deadline=patience(),
        )


def passing(spec: Spec, summary: str, **more: Any) -> Check[Any]:
    return settled(spec.id.partition(".")[0], more.get("subject", ""), (spec,), [spec.passed(summary, **more)])


def failing(spec: Spec, summary: str, **more: Any) -> Check[Any]:
    finding = spec.fail(summary, ErrorKind.REFUSED, **more)
    return settled(spec.id.partition(".")[0], more.get("subject", ""), (spec,), [finding])


_loaded = [0]
"""How many modules were loaded when what they brought was last set apart."""


@pytest.fixture(autouse=True)
def _garbage_in_this_thread() -> Iterator[None]:
    """Collect garbage here alone: a session that a thread of its background collects takes the process with it.

    What modules brought stays, and is not looked through again after each test.
    """
    gc.disable()
    if len(sys.modules) > _loaded[0]:
        _loaded[0] = len(sys.modules)
        gc.collect()
        gc.freeze()
    yield
    gc.collect()
    gc.enable()


class PatientBot(QtBot):
    """A robot that waits for events as long as a busy machine may need; pytest-qt's own gives up after 5 s.

    What it waits for must hold while the window rests: one part of a page is shown before another, and what holds in
    between may hold no more once all is shown.
    """

    def waitSignal(self, signal: Any, *, timeout: int | None = None, **options: Any) -> Any:  # noqa: N802
        return super().waitSignal(signal, timeout=timeout or _milliseconds(), **options)

    def waitUntil(self, callback: Callable[[], Any], *, timeout: int | None = None) -> None:  # noqa: N802
        def holds_at_rest() -> Any:
            held = callback()
            return pace().rests if held in (None, True) else held

        super().waitUntil(holds_at_rest, timeout=timeout or _milliseconds())


def _milliseconds() -> int:
    return int(patience() * 1000)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(scope="session")
def _look(qapp: Any) -> None:
    application.prepare()


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def session(_look: None, services: FakeServices, qtbot: QtBot) -> Iterator[Session]:
    made = Session(services)
    yield made
    made.runs.cancel()
    qtbot.waitUntil(lambda: made.background.idle)


@pytest.fixture
def shell(session: Session, services: FakeServices, qtbot: QtBot) -> Iterator[Shell]:
    """A window in which a new cluster was begun and the secret store was found."""
    window = Shell(session)
    qtbot.addWidget(window, before_close_func=_settle)
    with qtbot.waitSignal(session.autosave.kept):
        session.opening.begin(None)
    session.start_new("production")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    theme().choose(Scheme.SYSTEM)


def _settle(window: Shell) -> None:
    """Forget what is not written yet, so that closing does not wait."""
    window.session.runs.cancel()
    window.session.autosave.flush()


def plan_with(**texts: str) -> Plan:
    plan = Plan()
    for key, text in texts.items():
        plan = plan.with_text(key.replace("__", "."), text)
    return replace(plan, id="abc")
