"""A whole address in a host's field fills the others, and its password never reaches the draft."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeServices
from tests.gui.pages import line, note, press, type_into
from wizard.gui.shell import Shell
from wizard.gui.steps.node_table import NodeTable
from wizard.guide import edits
from wizard.guide.layouts import NODE_COLUMNS
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Dialect, Layout, QueueKind, Tls


def _paste(shell: Shell, key: str, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    edit = line(shell.page, key)
    edit.setFocus()
    edit.selectAll()
    edit.paste()


def test_a_pasted_redis_address_fills_all_fields(shell: Shell) -> None:
    shell.go("redis")
    _paste(shell, "redis.server.host", "rediss://noco:p%40ss-word@redis.internal:6380/0")
    server = shell.session.document.plan.redis.server
    assert (server.host, server.port, server.tls, server.username) == ("redis.internal", 6380, True, "noco")
    assert shell.session.document.secret("redis.server.password") == Secret("p@ss-word")
    assert line(shell.page, "redis.server.host").text() == "redis.internal"
    assert line(shell.page, "redis.server.port").text() == "6380"
    assert line(shell.page, "redis.server.password").text() == "p@ss-word"


def test_a_typed_address_is_taken_apart_when_the_field_is_left(shell: Shell) -> None:
    shell.go("redis")
    type_into(shell.page, "redis.server.host", "redis://redis.internal:6381/2")
    assert shell.session.document.plan.problem("redis.server.host")
    line(shell.page, "redis.server.port").setFocus()
    assert shell.session.document.plan.redis.server.host == "redis.internal"
    assert shell.session.document.plan.redis.server.port == 6381


def test_with_a_server_for_each_role_the_database_comes_from_the_address(shell: Shell) -> None:
    shell.session.document.set("redis.layout", Layout.PER_ROLE)
    shell.go("redis")
    _paste(shell, "redis.lock.host", "redis://lock.internal/7")
    assert shell.session.document.plan.redis.lock.host == "lock.internal"
    assert shell.session.document.plan.redis.databases.lock == 7


def test_a_pasted_rabbitmq_address_fills_all_fields(shell: Shell) -> None:
    shell.session.document.set("queue.kind", QueueKind.RABBITMQ)
    shell.go("queue")
    _paste(shell, "queue.host", "amqps://noco:secret-pw@mq.internal/%2Fprod")
    queue = shell.session.document.plan.queue
    assert (queue.host, queue.port, queue.tls, queue.virtual_host) == ("mq.internal", None, True, "/prod")
    assert shell.session.document.secret("queue.password") == Secret("secret-pw")


@pytest.mark.parametrize(
    "text",
    [
        "jdbc:postgresql://db.internal:5433/noco?user=app&password=kT7-quite.secret&sslmode=require",
        "PGPASSWORD=kT7-quite.secret PGSSLMODE=require psql -h db.internal -p 5433 -U app noco",
        "PGPASSWORD=kT7-quite.secret psql \\\n  'sslmode=require host=db.internal port=5433 user=app dbname=noco'",
        "host=db.internal port=5433 user=app dbname=noco password=kT7-quite.secret sslmode=require",
        "db.internal:5433:noco:app:kT7-quite.secret",
        "[noco]\nhost=db.internal\nport=5433\ndbname=noco\nuser=app\npassword=kT7-quite.secret\n",
    ],
)
def test_what_a_databases_clients_take_and_read_fills_the_fields(shell: Shell, text: str) -> None:
    shell.go("database")
    _paste(shell, "database.host", text)
    database = shell.session.document.plan.database
    assert (database.host, database.port, database.user, database.name) == ("db.internal", 5433, "app", "noco")
    assert (database.tls is Tls.ENCRYPT) == ("require" in text)
    assert shell.session.document.secret("database.password") == Secret("kT7-quite.secret")
    assert line(shell.page, "database.host").text() == "db.internal"


_PG = "jdbc:postgresql://db.internal:5433/noco?user=app&password=kT7-quite.secret"
_LEFT = "Left out, as no single setting takes it: "


@pytest.mark.parametrize(
    ("key", "text", "taken", "left"),
    [
        (
            "database.host",
            f"{_PG}&sslmode=require&ApplicationName=crm&connectTimeout=5&s3cond-half",
            "Host, Port, Database, User, Password, TLS",
            f" {_LEFT}ApplicationName, connectTimeout, ••••••.",
        ),
        ("database.host", "postgres://db.internal/noco", "Host, Database", ""),
        ("redis.server.host", "rediss://cache.internal/2", "Host, TLS", f" {_LEFT}database 2."),
        ("redis.server.host", "redis://cache.internal/0", "Host", ""),
    ],
)
def test_below_the_host_it_is_said_what_an_address_filled_and_what_was_left_out(
    shell: Shell, qtbot: QtBot, key: str, text: str, taken: str, left: str
) -> None:
    shell.go(key.partition(".")[0])
    below = note(shell.page, key)
    hint, told = below.text(), f"Taken from it: {taken}.{left}"
    _paste(shell, key, text)
    qtbot.waitUntil(lambda: below.text() == told)
    assert below.property("role") == "hint"
    type_into(shell.page, key.replace("host", "port"), "5555")
    qtbot.waitUntil(lambda: shell.session.document.judged and below.text() == told)
    shell.session.undo()
    qtbot.waitUntil(lambda: below.text() == hint)
    _paste(shell, key, text)
    qtbot.waitUntil(lambda: below.text().startswith("Taken from it: "))
    type_into(shell.page, key, "other.internal")
    qtbot.waitUntil(lambda: below.text() == hint)


def test_a_command_of_redis_fills_the_server_of_a_role(shell: Shell) -> None:
    shell.session.document.set("redis.layout", Layout.PER_ROLE)
    shell.go("redis")
    _paste(shell, "redis.lock.host", "redis-cli -h lock.internal -p 6380 -n 7 --tls -a kT7-quite.secret")
    redis = shell.session.document.plan.redis
    assert (redis.lock.host, redis.lock.port, redis.lock.tls, redis.databases.lock) == ("lock.internal", 6380, True, 7)
    assert shell.session.document.secret("redis.lock.password") == Secret("kT7-quite.secret")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("database.host", "redis-cli -h cache.internal -a kT7-quite.secret"),
        ("redis.server.host", "mysql\t-hdb.internal\t-pkT7-quite.secret"),
        ("redis.server.host", "db.internal:5432:noco:app:kT7-quite.secret"),
        ("redis.server.host", "*:*:noco:app:kT7-quite.secret"),
    ],
)
def test_what_names_another_server_is_not_taken_apart_and_is_held_back(shell: Shell, key: str, text: str) -> None:
    shell.go(key.partition(".")[0])
    _paste(shell, key, text)
    plan = shell.session.document.plan
    assert [(item.key, type(item.value)) for item in plan.unreadable] == [(key, SecretRef)]
    assert plan.problem(key) == "Enter the host alone: user and password have fields of their own."


@pytest.mark.parametrize("text", ["2001:1:2:3:4:5:6:7", "fe80:1:2:3", "fe80:1::1%eth0"])
def test_an_address_of_ipv6_is_no_secret(shell: Shell, text: str) -> None:
    shell.session.document.edit("database.host", text)
    assert [item.value for item in shell.session.document.plan.unreadable] == [text]


@pytest.mark.parametrize(("scheme", "tls"), [("redis", False), ("rediss", True)])
def test_the_scheme_alone_decides_about_tls(shell: Shell, scheme: str, tls: bool) -> None:  # noqa: FBT001 - a case
    shell.go("redis")
    _paste(shell, "redis.server.host", f"{scheme}://redis.internal:6379")
    assert shell.session.document.plan.redis.server.tls is tls


@pytest.mark.parametrize(
    ("address", "dialect"),
    [
        ("postgres://u:p%40ss-word@db.internal:5433/noco", Dialect.POSTGRES),
        ("postgresql://u:p%40ss-word@db.internal:5433/noco", Dialect.POSTGRES),
        ("mysql://u:p%40ss-word@db.internal:5433/noco", Dialect.MYSQL),
        ("mariadb://u:p%40ss-word@db.internal:5433/noco", Dialect.MARIADB),
    ],
)
def test_a_pasted_database_address_fills_all_fields(shell: Shell, address: str, dialect: Dialect) -> None:
    shell.go("database")
    _paste(shell, "database.host", address)
    database = shell.session.document.plan.database
    assert (database.dialect, database.host, database.port) == (dialect, "db.internal", 5433)
    assert (database.user, database.name) == ("u", "noco")
    assert shell.session.document.secret("database.password") == Secret("p@ss-word")
    assert line(shell.page, "database.host").text() == "db.internal"


@pytest.mark.parametrize("around", ["", " ", "\u00a0"])
def test_a_pasted_database_address_says_how_it_is_protected(shell: Shell, around: str) -> None:
    shell.go("database")
    _paste(shell, "database.host", f"{around}postgres://u:p%40ss-word@db.internal:5433/noco?sslmode=require{around}")
    database = shell.session.document.plan.database
    assert (database.host, database.tls) == ("db.internal", Tls.ENCRYPT)
    assert shell.session.document.secret("database.password") == Secret("p@ss-word")


@pytest.mark.parametrize("text", ["http://host:13000/", " host:13000 ", "host:13000/"])
def test_a_node_takes_its_port_from_an_address(shell: Shell, text: str) -> None:
    shell.go("nodes")
    press(shell, "add-node")
    model = shell.page.findChild(NodeTable, "nodes").model()  # type: ignore[union-attr]
    model.setData(model.index(0, NODE_COLUMNS.index("host")), text)
    [node] = shell.session.document.plan.nodes
    assert (node.host, node.port) == ("host", 13000)


def test_a_half_typed_database_address_never_reaches_the_draft(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("database")
    type_into(shell.page, "database.host", "postgres://noco:hidden-password")
    shell.session.autosave.flush()
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert "hidden-password" not in "".join(services.library.values())


def test_an_address_that_cannot_be_read_is_kept_out_of_the_draft(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("redis")
    _paste(shell, "redis.server.host", "redis:/noco:hidden-password@redis.internal")
    line(shell.page, "redis.server.port").setFocus()
    qtbot.waitUntil(lambda: note(shell.page, "redis.server.host").property("role") == "problem")
    shell.session.autosave.flush()
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert "hidden-password" not in "".join(services.library.values())
    shell.next()
    shell.back()
    assert line(shell.page, "redis.server.host").text() == "redis:/noco:hidden-password@redis.internal"


def test_a_password_typed_into_a_field_that_takes_none_stays_there_alone(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("application")
    type_into(shell.page, "application.public_url", "https://noco:hidden-password@app.example.com")
    assert "hidden-password" not in repr(shell.session.document.plan)
    shell.session.autosave.flush()
    qtbot.waitUntil(lambda: shell.session.background.idle)
    assert "hidden-password" not in "".join(services.library.values())
    shell.next()
    shell.back()
    assert line(shell.page, "application.public_url").text() == "https://noco:hidden-password@app.example.com"


def test_databases_can_be_changed_behind_one_line(shell: Shell) -> None:
    shell.go("redis")
    assert not line(shell.page, "redis.databases.lock").isVisible()
    change = shell.page.databases.change  # type: ignore[attr-defined]
    change.click()
    type_into(shell.page, "redis.databases.lock", "9")
    assert shell.session.document.plan.redis.databases.lock == 9


PASTED = "redis:/noco:hidden-password@redis.internal"


def _held(shell: Shell, services: FakeServices, qtbot: QtBot) -> list[str]:
    """Return the names in the secret store once all that was typed is written."""
    shell.session.autosave.flush()
    qtbot.waitUntil(lambda: not shell.session.autosave.waits)
    return services.secret_store.names(shell.session.document.plan.id)


@pytest.mark.parametrize("mended", ["redis.internal", "redis://noco:hidden-password@redis.internal", ""])
def test_an_address_that_was_held_back_is_forgotten_once_it_is_mended(
    shell: Shell, services: FakeServices, qtbot: QtBot, mended: str
) -> None:
    shell.go("redis")
    _paste(shell, "redis.server.host", PASTED)
    assert _held(shell, services, qtbot) == ["unreadable.redis.server.host"]
    _paste(shell, "redis.server.host", mended)
    line(shell.page, "redis.server.port").setFocus()
    names = _held(shell, services, qtbot)
    assert names == (["redis.server.password"] if ":" in mended else [])
    assert "unreadable.redis.server.host" not in shell.session.document.secrets


def test_addresses_of_nodes_stay_apart_where_one_moves_to_the_place_of_another(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    session = shell.session
    session.document.replace(edits.with_new_node(edits.with_new_node(session.document.plan)), "nodes")
    session.document.edit("nodes.1.host", "http://a:first-password@x")
    session.document.replace(edits.without_node(session.document.plan, 0), "nodes")
    session.document.replace(edits.with_new_node(session.document.plan), "nodes")
    session.document.edit("nodes.1.host", "http://b:second-password@y")
    assert session.document.text("nodes.0.host") == "http://a:first-password@x"
    session.document.replace(edits.without_node(session.document.plan, 0), "nodes")
    assert [session.document.text("nodes.0.host")] == ["http://b:second-password@y"]
    assert len(_held(shell, services, qtbot)) == 1


def test_addresses_that_a_former_version_left_in_the_secret_store_are_forgotten_at_opening(
    shell: Shell, services: FakeServices, qtbot: QtBot
) -> None:
    shell.go("redis")
    _paste(shell, "redis.server.host", PASTED)
    shell.session.document.set_secret("database.password", Secret("kept"))
    identity = shell.session.document.plan.id
    names = _held(shell, services, qtbot)
    services.secret_store.set(identity, "unreadable.database.host", Secret("postgres://u:left-behind@h"))
    with qtbot.waitSignal(shell.session.opened):
        shell.session.opening.open_saved(identity)
    assert services.secret_store.names(identity) == names
    assert shell.session.document.text("redis.server.host") == PASTED
