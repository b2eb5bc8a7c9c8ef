"""Programs that change the same file at the same time: each change is there in the end."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.age import quick_age  # noqa: F401 - a fixture
from tests.unit.killed_writes import STARTED
from wizard.app.acceptance import accept_finding
from wizard.app.history import key_of
from wizard.app.open_source import open_source
from wizard.formats import cluster_file
from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage import atomic_files
from wizard.storage.atomic_files import alone_in
from wizard.storage.bundle_writer import TreeFile, write_tree
from wizard.storage.consents import Consents
from wizard.storage.kept_runs import KeptRuns
from wizard.storage.saved_clusters import Workspace
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore
from wizard.storage.window_settings import WindowSettings

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked"),
    pytest.mark.usefixtures("quick_age"),
]

PROGRAMS = 6


def at_once(work: Callable[[int], object]) -> None:
    """Do the work in several processes at the same time."""
    children = []
    for number in range(PROGRAMS):
        child = os.fork()
        if not child:
            code = 1
            try:
                work(number)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * PROGRAMS


@pytest.mark.parametrize(
    ("name", "text"), [("app.env", "DB_DIALECT=mysql\n"), ("cluster.yaml", cluster_file.write(Plan()))]
)
def test_no_finding_that_is_accepted_at_the_same_time_is_lost(tmp_path: Path, name: str, text: str):
    source, runs = tmp_path / name, KeptRuns(tmp_path / "runs")
    source.write_text(text)
    found = [
        Finding(id=f"plan.a{number}", subject="a", severity=Severity.FAIL, summary="s") for number in range(PROGRAMS)
    ]
    document = {"schema": 1, "started": STARTED.isoformat(), "elapsed_ms": 1, "tool": {"version": "1"}}
    document["findings"] = [finding.as_json() for finding in found]
    runs.keep(key_of([str(source)]), document, started=STARTED, good=False)
    opened = open_source(str(source))
    at_once(lambda number: accept_finding(str(source), opened, (f"plan.a{number}", "a"), "known", None, runs))
    accepted = {one.id for one in open_source(str(source)).plan.accepted}
    assert accepted == {finding.id for finding in found}


def test_no_change_of_a_saved_cluster_is_lost(tmp_path: Path):
    Workspace(tmp_path).save("shop", "shop", "")
    at_once(lambda number: Workspace(tmp_path).change("shop", lambda text: f"{text}{number}\n"))
    assert sorted(Workspace(tmp_path).load("shop").split()) == [str(number) for number in range(PROGRAMS)]


def test_no_consent_is_lost(tmp_path: Path):
    at_once(lambda number: Consents(tmp_path / "a/c.json").give("shop", "key", f"env:A{number}"))
    assert all(Consents(tmp_path / "a/c.json").given("shop", "key", f"env:A{number}") for number in range(PROGRAMS))


WRITES: dict[str, Callable[[Path], object]] = {
    "a consent": lambda folder: Consents(folder / "c.json").give("shop", "key", "env:A"),
    "a setting of the window": lambda folder: WindowSettings(folder / "window.json").keep("colours", "dark"),
    "a saved cluster": lambda folder: Workspace(folder.parent).save(folder.name, "shop", ""),
    "a change of a saved cluster": lambda folder: Workspace(folder.parent).change(folder.name, str),
    "an encrypted file": lambda folder: EncryptedFileStore(Secret("x"), folder).set("shop", "a", Secret("b")),
    "a bundle": lambda folder: write_tree(folder / "bundle", [TreeFile("manifest.json", b"{}")]),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_waits_for_the_program_that_is_at_work_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    folder = tmp_path / "shop"
    Workspace(tmp_path).save("shop", "shop", "")
    monkeypatch.setattr(atomic_files, "_LONGEST_TURN", 0.0)
    with alone_in(folder), pytest.raises(Exception, match="another program is at work in it"):
        WRITES[name](folder)
    WRITES[name](folder)


def test_who_waits_for_a_program_that_does_not_end_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(atomic_files, "_LONGEST_TURN", 0.05)
    with alone_in(tmp_path), pytest.raises(OSError, match="another program is at work in it"), alone_in(tmp_path):
        pass
