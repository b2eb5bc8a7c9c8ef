"""Every write of the program but the export's: how it is done below a folder, and what is there afterwards."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from tests.unit.plans import good_plan
from wizard.app.acceptance import accept_finding
from wizard.app.history import key_of
from wizard.app.open_source import open_source
from wizard.app.outside_secrets import references
from wizard.app.secret_references import refer
from wizard.formats import cluster_file
from wizard.guide.reports.report import write as write_report
from wizard.guide.reports.report import write_bytes
from wizard.plan.finding import Finding, Severity
from wizard.plan.secret import Secret
from wizard.storage import age_writer
from wizard.storage.consents import Consents
from wizard.storage.kept_runs import KeptRuns
from wizard.storage.probe_keys import ProbeKeys
from wizard.storage.saved_clusters import Workspace
from wizard.storage.secret_store.encrypted_file import EncryptedFileStore
from wizard.storage.window_settings import WindowSettings

ID = "000000000001"
_PASSPHRASE = Secret("correct horse")
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
FINDING = Finding(id="plan.value", subject="a", severity=Severity.FAIL, summary="s")


@dataclass(frozen=True)
class Write:
    """One write: `write` puts “old” or “new” below a folder, `read` says what is there."""

    write: Callable[[Path, str], object]
    read: Callable[[Path], str]


def _save(folder: Path, word: str) -> None:
    Workspace(folder).save("shop", word, f"schema: 1\nname: {word}\n")


def _saved(folder: Path) -> str:
    [cluster] = Workspace(folder).clusters()
    assert not cluster.problem
    return Workspace(folder).load(cluster.id).split()[-1]


def _keep_run(folder: Path, word: str) -> None:
    KeptRuns(folder).keep("key", {"word": word}, started=STARTED, good=True)


def _kept_run(folder: Path) -> str:
    [run] = KeptRuns(folder).runs("key")
    return str(run.document()["word"])


def _accept(file: str, text: str) -> Callable[[Path, str], None]:
    """Return how a finding is accepted of a source that is called `file` and has that text."""

    def write(folder: Path, word: str) -> None:
        source, runs = folder / file, KeptRuns(folder.parent / "runs")
        if not source.exists():
            source.write_text(text)
        if not runs.runs(key_of([str(source)])):
            document = {"schema": 1, "started": STARTED.isoformat(), "elapsed_ms": 1, "tool": {"version": "1"}}
            document["findings"] = [FINDING.as_json()]
            runs.keep(key_of([str(source)]), document, started=STARTED, good=False)
        accept_finding(str(source), open_source(str(source)), (FINDING.id, FINDING.subject), word, None, runs)

    return write


def _accepted(file: str) -> Callable[[Path], str]:
    def read(folder: Path) -> str:
        [one] = open_source(str(folder / file)).plan.accepted
        return one.reason

    return read


def _refer(folder: Path, word: str) -> None:
    source = folder / "d.yaml"
    if not source.exists():
        source.write_text(cluster_file.write(good_plan()))
    with patch("wizard.app.secret_references.Consents", lambda: Consents(folder / "references.json")):
        refer(str(source), open_source(str(source)), "database.password", f"env:{word}")


def _referred(folder: Path) -> str:
    return references(open_source(str(folder / "d.yaml")).plan)["database.password"].removeprefix("env:")


def _keep_key(folder: Path, word: str) -> None:
    ProbeKeys(folder).keep(ID, Secret(("0" if word == "old" else "1") * 64))


def _kept_key(folder: Path) -> str:
    found = ProbeKeys(folder).find(ID)
    assert found
    return "old" if found.reveal()[0] == "0" else "new"


def _report(folder: Path, word: str) -> None:
    write_report(folder / "report.json", json.dumps({"word": word}))


def _reported(folder: Path) -> str:
    return str(json.loads((folder / "report.json").read_text())["word"])


def _draw(folder: Path, word: str) -> None:
    write_bytes(folder / "map.png", word.encode() * 10_000)


def _drawn(folder: Path) -> str:
    found = (folder / "map.png").read_text()
    assert found == found[:3] * 10_000
    return found[:3]


def _consent(folder: Path, word: str) -> None:
    Consents(folder / "references.json").give("shop", "key", f"env:{word}")


def _consented(folder: Path) -> str:
    kept = Consents(folder / "references.json")
    assert kept.given("shop", "key", "env:old"), "a consent was lost by the next one"
    return "new" if kept.given("shop", "key", "env:new") else "old"


def _encrypt(folder: Path, word: str) -> None:
    with patch.object(age_writer, "FACTOR", 1):
        EncryptedFileStore(_PASSPHRASE, folder / "secrets").set("shop", "database.password", Secret(word))


def _encrypted(folder: Path) -> str:
    found = EncryptedFileStore(_PASSPHRASE, folder / "secrets").get("shop", "database.password")
    assert found
    return found.reveal()


def _keep_settings(folder: Path, word: str) -> None:
    WindowSettings(folder / "window.json").keep("colours", word)


def _kept_settings(folder: Path) -> str:
    return WindowSettings(folder / "window.json").get("colours")


WRITES = {
    "saved cluster": Write(_save, _saved),
    "run": Write(_keep_run, _kept_run),
    "accepted.yaml": Write(_accept("app.env", "DB_DIALECT=mysql\n"), _accepted("app.env")),
    "accepted in a cluster file": Write(_accept("c.yaml", cluster_file.write(good_plan())), _accepted("c.yaml")),
    "reference in a cluster file": Write(_refer, _referred),
    "key of a script": Write(_keep_key, _kept_key),
    "report": Write(_report, _reported),
    "picture of the map": Write(_draw, _drawn),
    "consents": Write(_consent, _consented),
    "settings of the window": Write(_keep_settings, _kept_settings),
    "encrypted file": Write(_encrypt, _encrypted),
}
