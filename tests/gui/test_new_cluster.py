"""A new cluster: what must be asked is asked first, what follows from it is filled in, the rest is folded away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import line, press, type_into
from wizard.gui.shell import Shell
from wizard.gui.widgets.inputs import Segments
from wizard.gui.widgets.listed import ListArrow, Listed
from wizard.plan.sections import Deployment, LicenceMethod


def _fold(shell: Shell) -> QPushButton:
    found = shell.page.findChild(QPushButton, "more-settings")
    assert found is not None
    return found


def test_a_new_cluster_is_licensed_by_a_key_and_the_older_way_is_second(shell: Shell) -> None:
    assert shell.session.document.plan.licence.method is LicenceMethod.KEY
    shell.go("licence")
    choice = shell.page.findChild(Segments, "input.licence.method")
    assert choice is not None
    assert [choice.button(at).text() for at in (0, 1)] == ["Licence key", "User name and password"]
    assert line(shell.page, "licence.key").isVisible()


def test_a_fold_says_how_much_of_it_differs_from_its_default(shell: Shell) -> None:
    shell.go("balancer")
    assert _fold(shell).text() == "More settings (6)"
    shell.session.document.edit("balancer.server_name", "app.example.com")
    assert _fold(shell).text() == "More settings (6; 1 differs from its default)"
    shell.session.document.set("balancer.behind_proxy", value=True)
    assert _fold(shell).text() == "More settings (6; 2 differ from their defaults)"
    press(shell.page, "more-settings")
    assert _fold(shell).text() == "Fewer settings"


def test_a_folded_setting_with_which_a_rule_finds_something_wrong_is_in_sight(shell: Shell, qtbot: QtBot) -> None:
    shell.go("balancer")
    assert _fold(shell).text().startswith("More settings")
    shell.session.document.edit("balancer.upload_limit", "plenty")
    qtbot.waitUntil(lambda: line(shell.page, "balancer.upload_limit").isVisible())


def test_a_folded_setting_where_a_run_found_something_is_in_sight(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    from tests.gui.conftest import CONNECT, failing

    services.checks = [failing(CONNECT, "No.", facts={"setting": "database.pool_max"})]
    shell.go("database")
    assert _fold(shell).text().startswith("More settings")
    with qtbot.waitSignal(shell.session.runs.finished):
        press(shell, "test")
    qtbot.waitUntil(lambda: line(shell.page, "database.pool_max").isVisible())


def test_the_balancer_listens_as_the_public_address_says(shell: Shell) -> None:
    shell.go("application")
    type_into(shell.page, "application.public_url", "https://app.example.com:8443")
    line(shell.page, "application.version").setFocus()
    balancer = shell.session.document.plan.balancer
    assert (balancer.tls, balancer.port, balancer.tls_port) == (True, 80, 8443)
    type_into(shell.page, "application.public_url", "http://app.example.com:8080")
    line(shell.page, "application.version").setFocus()
    balancer = shell.session.document.plan.balancer
    assert (balancer.tls, balancer.port, balancer.tls_port) == (False, 8080, 443)


def test_a_balancer_that_was_set_by_hand_stays(shell: Shell) -> None:
    shell.session.document.edit("balancer.port", "8888")
    shell.go("application")
    type_into(shell.page, "application.public_url", "https://app.example.com")
    line(shell.page, "application.version").setFocus()
    assert shell.session.document.plan.balancer.port == 8888
    assert not shell.session.document.plan.balancer.tls


def test_nodes_without_containers_get_paths_of_their_own(shell: Shell) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    assert shell.session.document.plan.nodes[0].pm2_home == ""
    shell.go("application")
    choice = shell.page.findChild(Segments, "input.application.deployment")
    assert choice is not None
    choice.button(1).click()
    assert shell.session.document.plan.application.deployment is Deployment.BARE
    shell.go("nodes")
    press(shell, "add-node")
    assert [(node.pm2_home, node.socket_path) for node in shell.session.document.plan.nodes] == [
        ("/var/lib/nocobase/node1/.pm2", "/var/lib/nocobase/node1/gateway.sock"),
        ("/var/lib/nocobase/node2/.pm2", "/var/lib/nocobase/node2/gateway.sock"),
    ]


@pytest.mark.qt_log_ignore("This plugin does not support")  # of a popup without a screen
def test_a_language_is_found_by_its_name_and_put_down_by_its_code(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    edit = type_into(shell.page, "application.language", "portug")
    listed = edit.completer()
    assert isinstance(listed, Listed)
    popup = listed.popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert shell.session.document.plan.application.language == "pt-BR"
    assert edit.text() == "pt-BR"


@pytest.mark.qt_log_ignore("This plugin does not support")  # of a popup without a screen
def test_the_arrow_shows_every_time_zone_and_a_part_of_a_name_finds_one(shell: Shell, qtbot: QtBot) -> None:
    shell.go("application")
    edit = line(shell.page, "application.time_zone")
    qtbot.waitUntil(lambda: edit.completer() is not None)
    arrow = edit.findChild(ListArrow)
    assert arrow is not None
    assert arrow.accessibleName() == "Show the list: Time zone"
    QTest.keyClick(edit, Qt.Key.Key_Down)
    listed = edit.completer()
    assert listed is not None
    popup = listed.popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert listed.completionCount() > 300
    popup.hide()
    type_into(shell.page, "application.time_zone", "paris")
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert shell.session.document.plan.application.time_zone == "Europe/Paris"
