"""A real client of AT-SPI on a session bus of its own reads the three journeys, and works in them, as a screen reader.

The short form reads one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from tests.gui.conftest import WithoutKeyring
from tests.patience import wait_until
from tests.servers.desktop import Desktop
from tests.servers.fixtures import running
from wizard.app import language
from wizard.app.saved_clusters import Library
from wizard.engine.report import Report
from wizard.guide import flow
from wizard.plan import i18n
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]
LANGUAGES = ["en", *(pytest.param(spoken, marks=pytest.mark.slow) for spoken in ("fr", "zh-CN"))]
Told: TypeAlias = dict[str, Any]


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with running(Desktop) as made:
        yield made


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    language.use(request.param)
    yield request.param
    language.use(i18n.ENGLISH)


def _reads(desktop: Desktop, wanted: Callable[[list[Told]], Any]) -> Any:
    """Read until what is wanted is told; return it."""
    return _until(desktop.read, wanted)


def _thing(desktop: Desktop, identifier: str, so: Callable[[Told], bool] = lambda _one: True) -> Told:
    """Look until what has this id is shown, and is so."""
    return _until(lambda: desktop.find(identifier), lambda found: [one for one in found if so(one)])[0]


def _until(told: Callable[[], list[Told]], wanted: Callable[[list[Told]], Any]) -> Any:
    found: list[Any] = []

    def so() -> bool:
        found.append(wanted(told()))
        return bool(found[-1])

    assert wait_until(so, 20), told()
    return found[-1]


def _contents(desktop: Desktop, identifier: str) -> str:
    """Return what stands in a line of text."""
    return str(_thing(desktop, identifier, lambda one: bool(one["text"]))["text"])


def _says(told: list[Told], words: str) -> bool:
    return any(one["name"] == words for one in told if one["role"] == "label")


@pytest.mark.parametrize("spoken", LANGUAGES, indirect=True)
def test_a_screen_reader_reads_how_a_cluster_is_begun(desktop: Desktop, spoken: str) -> None:
    desktop.open("--lang", spoken)
    _reads(desktop, lambda told: _says(told, tr(flow.step("start").intro)))
    _begins_a_cluster(desktop)
    _hears_of_an_error(desktop)
    _reads_the_review(desktop)


def _begins_a_cluster(desktop: Desktop) -> None:
    name = _thing(desktop, "new-name")
    called = tr("Name of the new cluster"), [tr("Name of the cluster")]
    assert (name["role"], name["name"], name["labels"]) == ("text", *called)
    assert {"editable", "focusable", "enabled"} <= set(name["states"])
    desktop.focus("new-name")
    _thing(desktop, "new-name", lambda one: "focused" in one["states"])
    desktop.type("harbour")
    _thing(desktop, "primary", lambda one: "enabled" in one["states"])
    desktop.press("primary")
    key = _thing(desktop, "input.licence.key")
    assert (key["role"], key["name"]) == ("password text", tr("Licence key"))


def _hears_of_an_error(desktop: Desktop) -> None:
    desktop.press("step.database")
    port = _thing(desktop, "input.database.port")
    assert (port["role"], port["name"], port["labels"]) == ("text", tr("Port"), [tr("Port")])
    assert _thing(desktop, "input.database.tls")["labels"] == [tr("TLS")]
    kinds = _reads(desktop, lambda told: [one for one in told if ".input.database.dialect." in one["id"]])
    assert {one["role"] for one in kinds} == {"radio button"}
    assert ["checked" in one["states"] for one in kinds] == [True, False, False]
    desktop.focus("input.database.port")
    _thing(desktop, "input.database.port", lambda one: "focused" in one["states"])
    desktop.type("fifty", "Tab")
    wrong = tr("“{text}” is not a whole number.", text="fifty")
    _thing(desktop, "input.database.port", lambda one: one["description"] == wrong)
    _reads(desktop, lambda told: _says(told, wrong))


def _reads_the_review(desktop: Desktop) -> None:
    desktop.press("step.review")
    boxes = _reads(desktop, lambda told: [one for one in told if one["id"].endswith(".map-item")])
    assert {one["role"] for one in boxes} == {"push button"}
    assert boxes[0]["name"] == f"nginx: {tr('not tested yet')}"
    desktop.press("primary")
    verdict = _thing(desktop, "verdict", lambda one: bool(one["name"]))
    assert verdict["role"] == "label"


@pytest.mark.slow
@pytest.mark.parametrize("spoken", ["en", "fr", "zh-CN"], indirect=True)
def test_a_screen_reader_reads_how_what_runs_is_opened(desktop: Desktop, spoken: str) -> None:
    path = desktop.write("cluster.env", "DB_DIALECT=postgres\nDB_HOST=db.internal\nDB_PORT=5433\n")
    desktop.open("--lang", spoken)
    desktop.press("open-file")
    named = _thing(desktop, "fileNameEdit")
    assert named["labels"]
    desktop.dictate("fileNameEdit", str(path))
    desktop.press("buttonBox.QPushButton")
    read = _reads(desktop, lambda told: [one for one in told if one["id"].endswith("what-was-read")])
    assert path.name in read[0]["name"]
    desktop.activate()
    gap = _thing(desktop, "gap.application.public_url")
    assert (gap["role"], gap["name"].endswith(tr("Public address"))) == ("push button", True)
    desktop.press("gap.application.public_url")
    _thing(desktop, "input.application.public_url", lambda one: "focused" in one["states"])
    desktop.dictate("input.application.public_url", "https://crm.example.com")
    desktop.press("step.database")
    assert _contents(desktop, "input.database.host") == "db.internal"
    desktop.press("step.application")
    assert _contents(desktop, "input.application.public_url") == "https://crm.example.com"


@pytest.mark.slow
@pytest.mark.parametrize("spoken", ["en", "fr", "zh-CN"], indirect=True)
def test_a_screen_reader_reads_how_a_saved_cluster_stands_at_night(
    desktop: Desktop, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", desktop.environment()["XDG_DATA_HOME"])
    _save_a_good_cluster()
    desktop.open("--lang", spoken)
    saved = _reads(desktop, lambda told: [one for one in told if one["name"].startswith("production")])
    assert (saved[0]["role"], "selected" in saved[0]["states"]) == ("list item", True)
    assert _thing(desktop, "saved")["name"] == tr("Saved clusters")
    assert _thing(desktop, "primary")["name"] == tr("Check &now").replace("&", "")
    desktop.press("primary")
    assert _thing(desktop, "verdict", lambda one: bool(one["name"]))["role"] == "label"
    since = _thing(desktop, "since", lambda one: bool(one["name"]))
    assert since["role"] == "label"
    boxes = _reads(desktop, lambda told: [one for one in told if one["id"].endswith(".map-item")])
    assert [one for one in boxes if not one["name"].endswith(f": {tr('not tested yet')}")]


def _save_a_good_cluster() -> None:
    """Save a cluster whose last check was good, and whose database does not listen any more."""
    plan = (
        Plan().with_text("name", "production").with_text("database.host", "127.0.0.1").with_text("database.port", "1")
    )
    plan = replace(plan, id="saved")
    Library().save(plan)
    found = Finding(id="database.connect", severity=Severity.PASS, summary="Connected.")
    WithoutKeyring().keep_run(plan, Report((found,), datetime.now(UTC) - timedelta(hours=8), 1234), {})
