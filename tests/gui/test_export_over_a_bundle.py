"""An export over the bundle that was opened is proposed as that one was made; what somebody chose or sees stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import press
from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.export import export
from wizard.app.former_choices import FormerChoices, former_choices
from wizard.app.open_source import open_source
from wizard.formats.files import SecretsMode
from wizard.gui.languages import languages
from wizard.gui.shell import Shell


@pytest.fixture
def gate(shell: Shell, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What lets the window know how the bundle was exported."""
    opened = threading.Event()

    def late(bundle: Path) -> FormerChoices:
        opened.wait(patience())
        return former_choices(bundle)

    monkeypatch.setattr(services, "open_source", open_source)
    monkeypatch.setattr(services, "former_choices", late)
    yield opened
    opened.set()


def _open(shell: Shell, qtbot: QtBot, bundle: Path) -> None:
    with qtbot.waitSignal(shell.session.opened):
        shell.session.opening.open_several([str(bundle)])
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_boxes(shell)))


def _boxes(shell: Shell) -> dict[str, QCheckBox]:
    found = shell.page.findChildren(QCheckBox)
    return {box.objectName().removeprefix("target."): box for box in found if box.objectName().startswith("target.")}


def _ticked(shell: Shell) -> set[str]:
    return {name for name, box in _boxes(shell).items() if box.isChecked() and not box.isHidden()}


def _known(shell: Shell, qtbot: QtBot, gate: threading.Event) -> None:
    """Let the window know how the bundle was exported, and wait until it does."""
    gate.set()
    qtbot.waitUntil(lambda: shell.session.background.idle)


def test_the_targets_that_the_bundle_has_are_ticked_and_no_others(
    shell: Shell, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env", "nginx"))
    gate.set()
    _open(shell, qtbot, tmp_path / "out")
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert _ticked(shell) == {"env", "nginx"}


def test_who_has_chosen_keeps_it_when_the_bundle_is_known(
    shell: Shell, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE, ("env",))
    _open(shell, qtbot, tmp_path / "out")
    shell.page.secrets.button(2).click()  # type: ignore[attr-defined]
    before = _ticked(shell)
    _known(shell, qtbot, gate)
    assert shell.page.secrets.current() == 2  # type: ignore[attr-defined]
    assert _ticked(shell) == {"env"}
    assert before > {"env"}


def test_who_has_ticked_a_target_keeps_the_ticks_when_the_bundle_is_known(
    shell: Shell, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE, ("env",))
    _open(shell, qtbot, tmp_path / "out")
    _boxes(shell)["nginx"].click()
    before = _ticked(shell)
    _known(shell, qtbot, gate)
    assert _ticked(shell) == before
    assert shell.page.secrets.current() == 1  # type: ignore[attr-defined]


def test_an_outcome_stays_when_the_bundle_is_known_late(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE, ("env",))
    _open(shell, qtbot, tmp_path / "out")
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")
    qtbot.waitUntil(lambda: bool(services.exported) and shell.page.outcome.told)  # type: ignore[attr-defined]
    before = _ticked(shell)
    _known(shell, qtbot, gate)
    assert shell.page.outcome.told  # type: ignore[attr-defined]
    assert shell.page.secrets.current() == 0  # type: ignore[attr-defined]
    assert _ticked(shell) == before


def test_a_question_stays_when_the_bundle_is_known_late(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", targets=("env",))
    _open(shell, qtbot, tmp_path / "out")
    shell.page.secrets.button(1).click()  # type: ignore[attr-defined]
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")
    assert shell.bar.primary_button.text() == "&Export all the same"
    _known(shell, qtbot, gate)
    assert shell.bar.primary_button.text() == "&Export all the same"
    assert services.exported == []


def test_an_answer_that_changes_nothing_takes_nothing_away(
    shell: Shell, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out")
    _open(shell, qtbot, tmp_path / "out")
    shell.page.outcome.tell("ok", "Something that was told before.")  # type: ignore[attr-defined]
    _known(shell, qtbot, gate)
    assert shell.page.outcome.told  # type: ignore[attr-defined]


def test_another_language_keeps_what_was_chosen_and_what_the_bundle_was(
    shell: Shell, qtbot: QtBot, tmp_path: Path, gate: threading.Event
) -> None:
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE, ("env",))
    _open(shell, qtbot, tmp_path / "out")
    languages().changed.emit()
    _known(shell, qtbot, gate)
    qtbot.waitUntil(lambda: _ticked(shell) == {"env"})
    assert shell.page.secrets.current() == 1  # type: ignore[attr-defined]
    _boxes(shell)["nginx"].click()
    languages().changed.emit()
    qtbot.waitUntil(lambda: shell.session.background.idle and _ticked(shell) == {"env", "nginx"})
