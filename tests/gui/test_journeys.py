"""Three journeys through the window with mouse and keyboard alone, counted, on throw-away servers.

`--pictures FOLDER` keeps a picture of each page. The short form walks one journey in each language, themes in turn; the
long form all of them, on a large screen and with large text, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import KeptStore, WithoutKeyring
from tests.gui.person import SIZES, Person
from tests.servers.fixtures import running
from wizard.app import language
from wizard.app.demo import running_demo
from wizard.app.saved_clusters import Library
from wizard.demo.cluster import DemoCluster
from wizard.demo.process import Missing
from wizard.engine.report import Report
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.theme import Scheme, theme
from wizard.plan import i18n
from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

pytestmark = [
    pytest.mark.live,
    pytest.mark.timeout(240),
    pytest.mark.qt_log_ignore(r"raise\(\)", "grabbing the keyboard"),  # no list that opens can have them offscreen
]

LARGE_SCREEN = ((1920, 1080),)
Look = tuple[str, Scheme, float, tuple[tuple[int, int], ...]]
"""Language, theme, times the usual text, and sizes of the window."""
EN: Look = ("en", Scheme.LIGHT, 1.0, SIZES)
FR: Look = ("fr", Scheme.DARK, 1.0, SIZES)
ZH: Look = ("zh-CN", Scheme.LIGHT, 1.0, SIZES)


def _looks(usual: Look) -> list[Any]:
    """Return the look that the short form has, and those of the long one."""
    usual_sized = [(spoken, scheme, 1.0, SIZES) for spoken in ("en", "fr", "zh-CN") for scheme in list(Scheme)[1:]]
    others = [(spoken, Scheme.LIGHT, 1.0, LARGE_SCREEN) for spoken in ("en", "fr", "zh-CN")]
    large = [(spoken, Scheme.DARK, 1.6, SIZES) for spoken in ("en", "fr", "zh-CN")]
    long = [look for look in (*usual_sized, *others, *large) if look != usual]
    return [pytest.param(usual, id=_name(usual)), *(pytest.param(o, id=_name(o), marks=pytest.mark.slow) for o in long)]


def _name(look: Look) -> str:
    spoken, scheme, scale, sizes = look
    return f"{spoken}-{scheme.value}-{scale}-{sizes[-1][0]}"


def _no_broker() -> Any:
    raise Missing("RabbitMQ", "the queue of these journeys is in Redis")


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoCluster]:
    with running(lambda: running_demo(lambda _line: None, broker=_no_broker)) as cluster:
        yield cluster


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home whose saved clusters and settings are this test's alone."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.fixture
def person(
    request: pytest.FixtureRequest, home: Path, _look: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Person]]:
    """Return what opens the window of a program just started, in a look, and sits a person down before it."""
    pictures = Path(request.config.getoption("--pictures") or home / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    former, windows = theme().scale, []

    def sit_down(look: Look, store: KeptStore | None = None) -> Person:
        spoken, scheme, scale, sizes = look
        theme().scale = scale
        theme().choose(scheme)
        language.use(spoken)
        monkeypatch.setattr(WithoutKeyring, "store", store)
        session = Session(WithoutKeyring())
        window = Shell(session)
        windows.append(window)
        qtbot.addWidget(window, before_close_func=lambda window: window.session.autosave.flush())
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        session.opening.begin(None)
        return Person(window, qtbot, pictures, f"{request.node.originalname.split('_')[1]}-{_name(look)}", sizes)

    yield sit_down
    for window in windows:
        window.session.runs.cancel()
        qtbot.waitUntil(lambda window=window: window.session.background.idle)
    theme().scale = former
    theme().choose(Scheme.SYSTEM)
    language.use(i18n.ENGLISH)


def _saved(demo: DemoCluster, store: KeptStore, name: str) -> None:
    """Save the demo's cluster as one whose last check was good, and whose Redis does not listen any more."""
    plan = replace(demo.plan, id=f"saved{name}", name=name).with_value("redis.server.port", 1)
    Library().save(plan)
    for key, secret in demo.secrets.items():
        store.set(plan.id, key, secret)
    found = Finding(id="redis.connect", severity=Severity.PASS, summary="Connected.")
    WithoutKeyring().keep_run(plan, Report((found,), datetime.now(UTC) - timedelta(hours=8), 1234), {})


@pytest.mark.parametrize("look", _looks(ZH))
@pytest.mark.usefixtures("home")
def test_night_takes_two_clicks_from_the_start_to_the_result(
    look: Look, demo: DemoCluster, person: Callable[..., Person]
) -> None:
    store = KeptStore()
    _saved(demo, store, "staging")
    _saved(demo, store, "production")
    me = person(look, store)
    me.wait(lambda: me.sees("saved"))
    me.picture("1-start")
    me.click("saved", at="staging")
    me.click("primary")
    me.wait(lambda: me.window.session.runs.report is not None)
    me.picture("2-result")
    assert (me.clicks, me.keys) == (2, 0)
    assert me.window.current == "review"
    assert me.sees("verdict")
    assert me.sees("since")
    assert me.wrongs == []


@pytest.mark.parametrize("look", _looks(FR))
def test_open_what_runs_complete_it_and_see_how_it_stands(
    look: Look, demo: DemoCluster, person: Callable[..., Person], home: Path
) -> None:
    WithoutKeyring().export(demo.plan, demo.secrets, home / "old", "inline", ["env"])
    me = person(look, KeptStore())
    me.click("open-file")
    me.wait(lambda: me.sees("fileNameEdit"))
    me.type(str(home / "old" / "env" / "cluster.env"))
    me.press(Qt.Key.Key_Return)
    me.wait(lambda: me.sees("what-was-read"))
    me.picture("1-read")
    me.click("paste-anything")
    QApplication.clipboard().setText("\n".join(f"{node.host}:{node.port}" for node in demo.plan.nodes))
    me.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    me.wait(lambda: me.thing("take-over").isEnabled())
    me.picture("2-paste")
    me.click("take-over")
    me.click("gap.application.public_url")
    me.type(demo.plan.application.public_url)
    me.picture("3-gap")
    me.click("step.review")
    me.press(Qt.Key.Key_Return)
    me.wait(lambda: me.window.session.runs.report is not None)
    me.picture("4-review")
    assert me.window.current == "review"
    assert me.sees("verdict")
    assert me.clicks <= 15
    assert me.keys <= 30
    assert me.wrongs == []


def _enter_application(me: Person, plan: Plan) -> None:
    me.type(plan.application.public_url)
    me.press(Qt.Key.Key_Tab)
    me.type(plan.application.version)
    me.click("input.application.deployment", at=1)
    for key in ("app_key", "aes_key"):
        me.click(f"generate.application.{key}")
    me.click("input.application.root_email")
    me.type("admin@example.com")
    me.click("generate.application.root_password")
    me.picture("03-application")
    me.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def _enter_servers(me: Person, plan: Plan, secrets: Secrets) -> None:
    database, redis = plan.database, plan.redis.server
    password = quote(secrets["database.password"].reveal(), safe="")
    me.type(f"postgres://{database.user}:{password}@{database.host}:{database.effective_port}/{database.name}")
    me.press(Qt.Key.Key_Tab)
    me.picture("04-database")
    me.press(Qt.Key.Key_Return)
    password = quote(secrets["redis.server.password"].reveal(), safe="")
    me.type(f"redis://{redis.username}:{password}@{redis.host}:{redis.port}")
    me.press(Qt.Key.Key_Tab)
    me.picture("05-redis")
    me.press(Qt.Key.Key_Return)
    me.picture("06-queue")
    me.press(Qt.Key.Key_Return)


def _enter_the_rest(me: Person, plan: Plan) -> None:
    me.type(plan.storage.path)
    me.picture("07-storage")
    me.press(Qt.Key.Key_Return)
    me.press(Qt.Key.Key_Tab)
    me.press(Qt.Key.Key_Return)
    me.type("\n".join(f"{node.name}, {node.host}, {node.port}" for node in plan.nodes))
    me.click("add-listed")
    me.picture("08-nodes")
    me.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    me.picture("09-balancer")
    me.press(Qt.Key.Key_Return)


@pytest.mark.parametrize("look", _looks(EN))
def test_new_cluster_from_nothing_to_a_bundle(
    look: Look, demo: DemoCluster, person: Callable[..., Person], home: Path
) -> None:
    me = person(look, KeptStore())
    me.picture("01-start")
    me.type("production")
    me.press(Qt.Key.Key_Return)
    me.type("a-key-that-nobody-can-read")
    me.picture("02-licence")
    me.press(Qt.Key.Key_Return)
    _enter_application(me, demo.plan)
    _enter_servers(me, demo.plan, demo.secrets)
    _enter_the_rest(me, demo.plan)
    me.press(Qt.Key.Key_Return)
    me.wait(lambda: me.window.session.runs.report is not None)
    me.picture("10-review")
    me.press(Qt.Key.Key_Return)
    me.wait(lambda: me.thing("primary").isEnabled())
    me.picture("11-export")
    me.press(Qt.Key.Key_Return)
    me.wait(lambda: me.sees("result"))
    me.picture("12-exported")
    assert (home / "home" / "production-cluster" / "manifest.json").exists()
    assert me.clicks <= 15
    assert me.keys <= 30
    assert me.wrongs == []
