"""A finding that is accepted on the command line while the window has the cluster open."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from wizard.formats import cluster_file
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.gui.shell import Shell
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity

KNOWN = Accepted("redis.connect", "cache", Severity.FAIL, "known")


def test_the_next_save_keeps_it_and_the_window_knows_it_from_then_on(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    identity = session.document.plan.id
    session.document.edit("database.name", "first")
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    services.library[identity] = with_accepted(services.library[identity], [KNOWN])
    session.document.seal()
    session.document.edit("database.name", "second")
    session.autosave.flush()
    qtbot.waitUntil(lambda: session.document.plan.accepted == (KNOWN,))
    saved = cluster_file.read(services.library[identity], identity, draft=True)
    assert (saved.accepted, saved.database.name) == ((KNOWN,), "second")
    session.undo()
    assert session.document.text("database.name") == "first"
    session.autosave.flush()
    qtbot.waitUntil(lambda: not session.autosave.waits)
    assert session.document.plan.accepted == (KNOWN,)
