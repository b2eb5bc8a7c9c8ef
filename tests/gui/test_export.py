"""The export shows every file before it writes it, and loses nothing on an error."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import REDIS, FakeServices, failing
from tests.gui.pages import check_all, press
from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.changes import Change, ChangeKind, Changes
from wizard.app.export import ExportError
from wizard.export.targets import target_names
from wizard.gui.shell import Shell
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.sections import BalancerKind

PASSWORD = "kT7-quite.secret_value"


def _preview(shell: Shell) -> QPlainTextEdit:
    found = shell.page.findChild(QPlainTextEdit, "file-text")
    assert found is not None
    return found


def _destination(shell: Shell) -> QLineEdit:
    found = shell.page.findChild(QLineEdit, "destination")
    assert found is not None
    return found


def _complete(shell: Shell) -> None:
    session = shell.session
    for key, text in (
        ("application.public_url", "http://app.example.com"),
        ("application.version", "2.2.15"),
        ("database.host", "db.internal"),
        ("redis.server.host", "redis.internal"),
        ("storage.path", "/mnt/nocobase"),
    ):
        session.document.edit(key, text)
    for key in ("application.app_key", "application.aes_key", "database.password", "licence.password"):
        session.document.set_secret(key, Secret(PASSWORD))


def test_the_preview_masks_secrets_in_either_way_of_exporting(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    _complete(shell)
    shell.go("nodes")
    press(shell, "add-node")
    shell.session.document.edit("nodes.0.host", "10.0.0.11")
    shell.go("export")
    qtbot.waitUntil(lambda: "DB_HOST=db.internal" in _preview(shell).toPlainText())
    shell.page.secrets.button(1).click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "DB_PASSWORD=••••••" in _preview(shell).toPlainText())
    for file in services.previews[-1]:
        assert PASSWORD not in file.text


def _ready(shell: Shell, qtbot: QtBot) -> None:
    """Complete the plan, go to the export, and wait until it can be done."""
    _complete(shell)
    shell.go("nodes")
    press(shell, "add-node")
    shell.session.document.edit("nodes.0.host", "10.0.0.11")
    _choose(shell, qtbot)


def _choose(shell: Shell, qtbot: QtBot, *names: str) -> None:
    """Choose targets at the export: the env files, and `names`."""
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_box(shell, "env")))
    for name in target_names():
        box = _box(shell, name)
        if box and box.isVisibleTo(shell.page) and box.isChecked() != (name in {"env", *names}):
            box.click()
    qtbot.waitUntil(lambda: shell.session.background.idle and not shell.page._soon.isActive())  # type: ignore[attr-defined]


def _export(shell: Shell, qtbot: QtBot) -> None:
    """Export as soon as all that would be written was shown."""
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")
    if shell.bar.primary_button.text() == "&Export all the same":
        press(shell, "primary")


def _box(shell: Shell, name: str) -> QCheckBox | None:
    return shell.page.findChild(QCheckBox, f"target.{name}")


def _words(shell: Shell) -> list[str]:
    return [item.text() for item in shell.page.findChildren(QLabel) if item.isVisibleTo(shell.page)]


def test_the_balancer_that_the_plan_has_is_offered(shell: Shell, qtbot: QtBot) -> None:
    _complete(shell)
    shell.go("export")
    qtbot.waitUntil(lambda: bool(_box(shell, "haproxy")))
    haproxy = _box(shell, "haproxy")
    assert haproxy is not None
    assert haproxy.text() == "HAProxy"
    assert not haproxy.isVisibleTo(shell.page)
    shell.session.document.set("balancer.kind", BalancerKind.HAPROXY)
    shell.page.plan_changed()
    assert haproxy.isVisibleTo(shell.page)


def test_a_new_choice_takes_the_word_of_success_away_and_an_edit_makes_the_export_stale(
    shell: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    _ready(shell, qtbot)
    _destination(shell).setText(str(tmp_path / "out"))
    for choose in (
        lambda: shell.page.secrets.button(1).click(),
        lambda: shell.session.document.edit("database.host", "new"),
    ):  # type: ignore[attr-defined]
        _export(shell, qtbot)
        qtbot.waitUntil(lambda: shell.page.outcome.told)  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: shell.side.step("export").fact == "out")
        choose()
        assert not shell.page.outcome.told  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: shell.side.step("export").fact == "changed since the export")


def test_a_plan_that_cannot_be_written_is_told_by_its_label_and_export_waits(shell: Shell, qtbot: QtBot) -> None:
    _ready(shell, qtbot)
    shell.session.document.edit("nodes.0.host", "")
    _choose(shell, qtbot, "nginx")
    qtbot.waitUntil(lambda: not shell.bar.primary_button.isEnabled())
    told = next(text for text in _words(shell) if "Without" in text)
    assert told.startswith("“Host”: ")
    assert told.endswith("Without “nginx” the other files can be written.")
    _choose(shell, qtbot)
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)


def test_changes_to_a_former_bundle_are_shown_before_and_after_they_are_written(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    files = (
        Change("README.md", ChangeKind.UNCHANGED),
        Change("env/cluster.env", ChangeKind.CHANGED, "-DB_HOST=old\n+DB_HOST=new\n"),
        Change("env/node1.env", ChangeKind.NEW),
    )
    services.former = Changes(tmp_path, files)
    _ready(shell, qtbot)
    view = shell.page.changes  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: view.isVisibleTo(shell.page))
    assert view.words.text() == "2 of 3 files: 1 new, 1 changed."
    assert "+DB_HOST=new" in view.preview.text.toPlainText()
    _export(shell, qtbot)
    qtbot.waitUntil(lambda: shell.page.findChild(QFrame, "result") is not None)
    services.former = Changes(tmp_path, files[:1])
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    assert view.isVisibleTo(shell.page)
    assert view.words.text() == "2 of 3 files: 1 new, 1 changed."
    services.former = Changes(tmp_path, files[2:])
    _destination(shell).setText(str(tmp_path / "elsewhere"))
    qtbot.waitUntil(lambda: not view.isVisibleTo(shell.page))


def test_changes_say_what_goes_on_what_does_not_and_what_is_hidden(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    env = Change("env/cluster.env", ChangeKind.CHANGED, f"-{HIDDEN}\n", filled=("APP_KEY",), lost=("REDIS_URL",))
    services.former = Changes(tmp_path, (env,))
    _ready(shell, qtbot)
    view = shell.page.changes  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: view.isVisibleTo(shell.page))
    assert "What was filled in goes on: env/cluster.env." in view.words.text()
    assert "not taken over, as its place changed: REDIS_URL." in view.words.text()
    assert f"{HIDDEN} stands for what this program did not write" in view.words.text()


def test_nothing_is_written_before_its_changes_were_shown(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    _ready(shell, qtbot)
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    services.former = Changes(tmp_path, (Change("README.md", ChangeKind.CHANGED, "-old\n+new\n"),))
    gate = threading.Event()
    compare = services.changes

    def slowly(*asked: Any) -> Changes:
        gate.wait(patience())
        return compare(*asked)

    services.changes = slowly  # type: ignore[method-assign]
    for choose in (
        lambda: _destination(shell).setText(str(tmp_path)),
        lambda: shell.session.document.edit("name", "other"),
    ):
        gate.clear()
        choose()
        assert not shell.bar.primary_button.isEnabled()
        previews = len(services.previews)
        shell.primary()
        qtbot.waitUntil(lambda seen=previews: len(services.previews) > seen)  # type: ignore[misc]
        shell.primary()
        assert services.exported == []
        gate.set()
        qtbot.waitUntil(shell.bar.primary_button.isEnabled)
        assert shell.page.changes.isVisibleTo(shell.page)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ExportError("It is no bundle."), "Nothing can be written there. It is no bundle."),
        (OSError("It is gone."), "What would change there could not be found out. It is gone."),
    ],
)
def test_a_comparison_that_fails_says_so_and_asks_for_another_look(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path, error: Exception, said: str
) -> None:
    _ready(shell, qtbot)
    compare = services.changes

    def broken(*_asked: Any) -> Changes:
        raise error

    services.changes = broken  # type: ignore[method-assign]
    _destination(shell).setText(str(tmp_path))
    qtbot.waitUntil(lambda: shell.page.findChild(QFrame, "uncompared") is not None)
    assert said in _words(shell)
    assert not shell.bar.primary_button.isEnabled()
    services.changes = compare  # type: ignore[method-assign]
    press(shell, "look-again")
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    assert said not in _words(shell)


def test_export_writes_what_was_chosen_and_says_where(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    _ready(shell, qtbot)
    _destination(shell).setText(str(tmp_path / "out"))
    _export(shell, qtbot)
    qtbot.waitUntil(lambda: bool(services.exported))
    assert services.exported == [(tmp_path / "out", "reference", ("env",))]
    services.former = Changes(tmp_path, (Change("README.md", ChangeKind.UNCHANGED),))
    qtbot.waitUntil(lambda: shell.page.findChild(QFrame, "result") is not None)
    qtbot.waitUntil(lambda: shell.side.step("export").fact == "out")
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    assert not shell.page.changes.isVisibleTo(shell.page)  # type: ignore[attr-defined]


def test_an_export_that_is_refused_says_why_and_loses_nothing(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    services.refusal = "The folder holds other files."
    _ready(shell, qtbot)
    _destination(shell).setText(str(tmp_path))
    shell.page.secrets.button(1).click()  # type: ignore[attr-defined]
    _export(shell, qtbot)
    qtbot.waitUntil(lambda: shell.page.findChild(QFrame, "result") is not None)
    assert "The folder holds other files." in _words(shell)
    assert _destination(shell).text() == str(tmp_path)
    assert shell.page.secrets.current() == 1  # type: ignore[attr-defined]
    assert shell.bar.primary_button.isEnabled()


def test_an_export_with_secrets_in_plain_text_is_asked_for_once(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    shell.session.take(good_plan(), SECRETS, "")
    _choose(shell, qtbot)
    _destination(shell).setText(str(tmp_path))
    shell.page.secrets.button(1).click()  # type: ignore[attr-defined]
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")
    assert services.exported == []
    assert "The env files would hold every secret in plain text." in _words(shell)
    assert shell.bar.primary_button.text() == "&Export all the same"
    press(shell, "primary")
    qtbot.waitUntil(lambda: bool(services.exported))
    qtbot.waitUntil(lambda: shell.bar.primary_button.text() == "&Export")
    next_steps = shell.page.outcome.findChildren(QCheckBox)  # type: ignore[attr-defined]
    assert next_steps[0].isChecked()  # the secrets are filled in
    assert not any(box.isChecked() for box in next_steps[1:])


def test_an_export_of_what_has_failed_is_asked_for_once_and_says_so_afterwards(
    shell: Shell, services: FakeServices, qtbot: QtBot, tmp_path: Path
) -> None:
    services.checks = [failing(REDIS, "Redis is gone.", subject="cache")]
    shell.session.take(good_plan(), SECRETS, "")
    shell.go("review")
    check_all(shell, qtbot)
    _choose(shell, qtbot)
    _destination(shell).setText(str(tmp_path))
    qtbot.waitUntil(shell.bar.primary_button.isEnabled)
    press(shell, "primary")
    assert services.exported == []
    assert "1 finding has failed, and the files would be written as the plan is." in _words(shell)
    press(shell, "primary")
    qtbot.waitUntil(lambda: bool(services.exported))
    qtbot.waitUntil(lambda: any(text.endswith(" 1 finding has failed in it.") for text in _words(shell)))
