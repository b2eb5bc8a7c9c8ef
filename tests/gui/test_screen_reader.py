"""A real client of AT-SPI on a session bus of its own reads the window and works in it, as a screen reader does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from tests.patience import patience
from tests.servers.desktop import Desktop
from tests.servers.fixtures import running
from wizard.app import language
from wizard.demo.process import wait_until
from wizard.guide import flow
from wizard.plan import i18n
from wizard.plan.i18n import tr

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

    assert wait_until(so, patience(20)), told()
    return found[-1]


def _says(told: list[Told], words: str) -> bool:
    return any(one["name"] == words for one in told if one["role"] == "label")


@pytest.mark.parametrize("spoken", LANGUAGES, indirect=True)
def test_a_screen_reader_reads_a_journey(desktop: Desktop, spoken: str) -> None:
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
