"""Env files as people write them: Compose's expressions, variables that nobody reads."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.export import bundle
from wizard.formats import cluster_file, dotenv
from wizard.formats.dotenv.expressions import expanded
from wizard.formats.dotenv.grammar import parse
from wizard.formats.files import SecretsMode
from wizard.plan.action import Area
from wizard.plan.finding import Severity
from wizard.plan.plan import Extra
from wizard.plan.versions import release_of

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
BASE = f"""\
APP_KEY={KEY}
TZ=UTC
DB_DIALECT=postgres
DB_HOST=127.0.0.1
DB_DATABASE=shop
DB_USER=shop
DB_PASSWORD=Vt8kQ2mW
"""


def with_line(line: str) -> str:
    """Return the text with one of its variables in another way."""
    name = line.partition("=")[0]
    return "".join(f"{one}\n" for one in BASE.splitlines() if not one.startswith(f"{name}=")) + line + "\n"


def judged(text: str, *ids: str):
    """Return what the rules say of an env file: of `ids` alone, without what passed."""
    plan, secrets = dotenv.read(text, "x.env")
    found = rules(plan, secrets)
    return [one for one in found if (not ids or one.id in ids) and one.severity is not Severity.PASS]


COMPOSED = """\
NAME=shop
PLAIN_PASSWORD='Rb7k!zQmWt2x'
DB_DIALECT=postgres
DB_HOST=$NAME-db
DB_PORT=${PORT:-5432}
DB_DATABASE="${NAME}"
DB_USER=${DB_ACCOUNT-shop}
DB_PASSWORD=$PLAIN_PASSWORD
REDIS_URL=redis://:${REDIS_PASSWORD}@redis:6379/1
TZ=${TZ:-UTC}
"""


def test_what_is_written_for_compose_is_said_once_with_what_it_makes_of_each():
    [finding] = judged(COMPOSED, "plan.expressions")
    assert finding.severity is Severity.WARN
    for shown in ("DB_HOST, x.env line 4: shop-db", "DB_PORT, x.env line 5: 5432", "DB_DATABASE, x.env line 6: shop"):
        assert shown in finding.detail
    assert "DB_HOST=shop-db\n" in finding.remedy
    assert "TZ=UTC" in finding.remedy
    assert "Rb7k" not in str(finding)
    assert "PLAIN_PASSWORD" in finding.detail


def test_nothing_else_is_judged_of_what_is_written_for_compose():
    names = {"database.host", "database.port", "database.name", "database.user", "database.password", "REDIS_URL"}
    names |= {"DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USER", "DB_PASSWORD", "TZ", "application.time_zone"}
    asking = [one for one in judged(COMPOSED) if one.severity in {Severity.FAIL, Severity.WARN, Severity.UNKNOWN}]
    about = {one.subject for one in asking} | {
        one.facts.get("setting") for one in asking if one.id != "plan.expressions"
    }
    assert about & names == set()


def test_a_value_that_compose_itself_refuses_is_a_failure():
    [finding] = judged(f"{BASE}INIT_ROOT_PASSWORD=${{ROOT:?say it}}\n", "plan.expressions")
    assert finding.severity is Severity.FAIL
    assert "INIT_ROOT_PASSWORD" in finding.summary


def test_a_dollar_in_single_quotes_is_a_dollar():
    assert not judged(f"{BASE.replace('Vt8kQ2mW', chr(39) + 'V$t8kQ2mW' + chr(39))}", "plan.expressions")


@pytest.mark.parametrize(
    ("value", "meant", "unset"),
    [
        ("$A", "a", ()), ("${A}", "a", ()), ("x$A-y", "xa-y", ()), ("$$A", "$A", ()), ("${B}", "", ("B",)),
        ("${B:-d}", "d", ()), ("${B-d}", "d", ()), ("${E:-d}", "d", ()), ("${E-d}", "", ()), ("${A:+r}", "r", ()),
        ("${B:+r}", "", ()), ("${E+r}", "r", ()), ("${B:-${A}}", "a", ()), ("${B:-${C:-${A}x}}", "ax", ()),
        ("${B:?m}", None, ("B",)), ("${E:?m}", None, ("E",)), ("${E?m}", "", ()), ("${A:?m}", "a", ()),
        ("${A:-", None, ()),
    ],
)  # fmt: skip
def test_an_expression_gives_what_composes_specification_says(value, meant, unset):
    found = expanded(parse(f"A=a\nE=\nX={value}$A\n").values())["X"]
    assert found.value == (None if meant is None else f"{meant}a")
    assert found.unset == unset


def test_no_export_freezes_the_dollar():
    plan, secrets = dotenv.read(COMPOSED, "x.env")
    files = {file.path: file.text for file in bundle.render(plan, secrets, SecretsMode.INLINE, ["env"])}
    assert not [line for line in files["env/cluster.env"].splitlines() if "$" in line and not line.startswith("#")]
    again = cluster_file.read(files["cluster.yaml"], "cluster.yaml", tolerant=True)
    assert {item.key for item in again.unreadable} >= {"database.host", "database.name", "database.user"}
    assert "$NAME" not in str(again.database)


@pytest.mark.parametrize(
    ("line", "severity", "words", "remedy"),
    [
        ("DB_SSL=true", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("DB_SSL=false", Severity.INFO, "decides nothing", ""),
        ("DB_SSL_ENABLED=true", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("POSTGRES_SSL_MODE=require", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("PGSSLMODE=require", Severity.WARN, "encrypts the connection", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("PGSSLMODE=prefer", Severity.WARN, "encrypts the connection", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("PGSSLMODE=disable", Severity.INFO, "decides nothing", ""),
        ("PGSSLMODE=allow", Severity.INFO, "decides nothing", ""),
        ("PGSSLROOTCERT=/etc/ca.pem", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("WORKER_ID_ALLOCATOR_URL=redis://redis:6379/4", Severity.FAIL, "REDIS_URL", "probably meant"),
        ("LOCK_MANAGER_URL=redis://redis:6379/2", Severity.FAIL, "LOCK_ADAPTER_REDIS_URL", "Rename LOCK_MANAGER_URL"),
        ("MYSQL_TLS=1", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("DATABASE_URL=postgres://shop:pw@db/shop", Severity.INFO, "DB_HOST", ""),
        ("DB_TYPE=postgres", Severity.INFO, "DB_DIALECT", ""),
        ("WORKER_ID_REDIS_URL=redis://redis:6379/4", Severity.FAIL, "REDIS_URL", "probably meant"),
        ("PUBSUB_ADAPTER=redis", Severity.INFO, "PUBSUB_ADAPTER_REDIS_URL", ""),
        ("REDIS_HOST=redis", Severity.FAIL, "REDIS_URL", ""),
        ("DB_PASSWORD_FILE=/run/secrets/db", Severity.WARN, "DB_PASSWORD", "cat"),
        ("DB_PASS_FILE=/run/secrets/db", Severity.WARN, "DB_PASSWORD", "cat"),
        ("REDIS_PASSWORD_FILE=/run/secrets/redis", Severity.FAIL, "CACHE_REDIS_URL", ""),
        ("DATABASE_URL_FILE=/run/secrets/url", Severity.INFO, "DB_HOST", ""),
        ("APP_AES_SECRET_KEY_FILE=/run/secrets/aes", Severity.FAIL, "both are missing", "cat"),
        ("JWT_SECRET=abc", Severity.INFO, "APP_KEY", ""),
        ("LOCK_REDIS_URL=redis://redis:6379/3", Severity.FAIL, "LOCK_ADAPTER_REDIS_URL", "Rename LOCK_REDIS_URL to"),
        ("DATABASE_HOST=db", Severity.INFO, "DB_HOST", ""),
        ("POSTGRES_PASSWORD=abc", Severity.INFO, "DB_PASSWORD", ""),
        ("POSTGRES_PASSWORD_FILE=/run/secrets/db", Severity.INFO, "DB_PASSWORD", ""),
        ("MYSQL_DATABASE=shop", Severity.INFO, "DB_DATABASE", ""),
        ("SSL_MODE=require", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("DB_DIALECT_OPTIONS_SSL=true", Severity.WARN, "not encrypted", "DB_DIALECT_OPTIONS_SSL_MODE=verify-full"),
        ("REDIS_CACHE_URL=redis://redis:6379/0", Severity.FAIL, "CACHE_REDIS_URL", "Rename REDIS_CACHE_URL to"),
        ("CACHE_REDIS_HOST=redis", Severity.FAIL, "CACHE_REDIS_URL", ""),
        ("WORKERID_ALLOCATOR_REDIS_URL=redis://redis:6379/4", Severity.FAIL, "REDIS_URL", "probably meant"),
        ("TIMEZONE=UTC", Severity.INFO, "TZ", ""),
        ("APP_BASE_PATH=/crm/", Severity.INFO, "APP_PUBLIC_PATH", ""),
        ("API_BASE_URI=https://api.example.com/api", Severity.INFO, "API_BASE_URL", ""),
        ("WEB_SOCKET_URL=wss://app.example.com/ws", Severity.INFO, "WEBSOCKET_URL", ""),
        ("PORT=13000", Severity.INFO, "APP_PORT", ""),
        ("APP_BIND=0.0.0.0", Severity.INFO, "APP_HOST", ""),
        ("UPLOAD_DIR=/data/uploads", Severity.WARN, "STORAGE_PATH, LOCAL_STORAGE_DEST", "take UPLOAD_DIR out"),
        ("LOCAL_STORAGE_ROOT=/data", Severity.WARN, "LOCAL_STORAGE_DEST", "Mount the folder that all nodes share at"),
        ("STORAGE_DIR=/app/nocobase/storage", Severity.INFO, "STORAGE_PATH", ""),
        ("UPLOADS_PATH=storage/uploads", Severity.INFO, "STORAGE_PATH", ""),
        ("LICENSE_KEY=Xk39dkwqLs0Pq2", Severity.INFO, "storage/.license/license-key", ""),
        ("DEFAULT_ADMIN_PASSWORD=Xk39dkwq", Severity.WARN, "INIT_ROOT_PASSWORD", "Rename DEFAULT_ADMIN_PASSWORD to"),
        ("ADMIN_USERNAME=boss", Severity.INFO, "INIT_ROOT_USERNAME", ""),
        ("DB_CONNECTION_POOL_MAX=20", Severity.INFO, "DB_POOL_MAX", ""),
        ("REDIS_TLS_URL=rediss://redis:6379/4", Severity.FAIL, "REDIS_URL", "probably meant"),
        ("REDISHOST=redis", Severity.FAIL, "REDIS_URL", ""),
    ],
)
def test_a_variable_that_people_believe_in_is_told_with_what_is_read_instead(line, severity, words, remedy):
    [finding] = judged(f"{BASE}{line}\n", "plan.unread_variables")
    assert (finding.severity, finding.subject) == (severity, line.partition("=")[0])
    assert words in finding.summary
    assert remedy in finding.remedy
    assert not judged(f"{BASE}{line}\n", "plan.unknown_variables")


@pytest.mark.parametrize("there", [True, False])
def test_a_path_never_becomes_the_password(there):
    text = BASE if there else BASE.replace("DB_PASSWORD=Vt8kQ2mW\n", "")
    found = judged(f"{text}DB_PASSWORD_FILE=/run/secrets/db\n")
    assert not [one for one in found if "ename" in one.remedy and "DB_PASSWORD" in one.remedy]
    [finding] = [one for one in found if one.id == "plan.unread_variables"]
    assert finding.severity is (Severity.WARN if there else Severity.FAIL)


def test_an_encrypted_connection_is_not_called_open_for_a_variable_that_nobody_reads():
    text = f"{BASE}DB_SSL=true\nDB_DIALECT_OPTIONS_SSL_MODE=verify-full\nDB_DIALECT_OPTIONS_SSL_CA=/etc/ca.pem\n"
    [finding] = judged(text, "plan.unread_variables")
    assert finding.severity is Severity.INFO


@pytest.mark.parametrize(
    ("lines", "subject", "severity"),
    [
        ("API_BASE_URL=https://old.example.com/api/", "API_BASE_URL", Severity.WARN),
        ("WEBSOCKET_URL=wss://old.example.com/ws", "WEBSOCKET_URL", Severity.WARN),
        ("API_BASE_URL=http://localhost:13000/api/", "API_BASE_URL", Severity.FAIL),
        ("APP_PUBLIC_PATH=/shop/\nAPI_BASE_URL=/shop/shop/api/", "API_BASE_URL", Severity.FAIL),
        ("APP_PUBLIC_PATH=/shop/\nWEBSOCKET_URL=wss://x.example.com/ws", "WEBSOCKET_URL", Severity.FAIL),
        ("APP_PUBLIC_PATH=/shop/\nWS_PATH=/shop/ws", "WS_PATH", Severity.WARN),
        ("APP_PUBLIC_PATH=/shop/\nAPI_BASE_PATH=/api/\nAPI_BASE_URL=/shop/api/", None, None),
        ("API_BASE_PATH=/backend/", "API_BASE_PATH", Severity.WARN),
        ("WS_PATH=/websocket", "WS_PATH", Severity.WARN),
        ("API_BASE_PATH=/api", None, None),
        ("WS_PATH=/ws\nPLUGIN_STATICS_PATH=/static/plugins/", None, None),
    ],
)
def test_an_address_that_leads_the_browser_away_is_told(lines, subject, severity):
    found = judged(f"{BASE}{lines}\n", "plan.client_addresses")
    assert [(one.subject, one.severity) for one in found] == ([(subject, severity)] if subject else [])


@pytest.mark.parametrize(
    ("address", "severity"),
    [
        ("https://app.example.com/api/", Severity.PASS),
        ("https://APP.example.com:443/api", Severity.PASS),
        ("https://old.example.com/api/", Severity.FAIL),
        ("http://app.example.com/api/", Severity.FAIL),
    ],
)
def test_the_public_address_itself_may_be_told_to_the_browser(address, severity):
    from dataclasses import replace

    plan = replace(good_plan(), extras=(Extra("API_BASE_URL", address),))
    [finding] = [one for one in rules(plan, SECRETS) if one.id == "plan.client_addresses"]
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("STORAGE_PATH=/data/storage\nLOCAL_STORAGE_DEST=/app/uploads", Severity.FAIL),
        ("STORAGE_PATH=/data/storage\nLOCAL_STORAGE_DEST=/data/storage/uploads", None),
        ("LOCAL_STORAGE_DEST=/var/uploads", Severity.WARN),
        ("LOCAL_STORAGE_DEST=/app/nocobase/storage/uploads", None),
        ("LOCAL_STORAGE_DEST=storage/uploads", None),
        ("STORAGE_PATH=/data\nLOCAL_STORAGE_DEST=/data/../up", Severity.FAIL),
        ("LOCAL_STORAGE_DEST=/app/nocobase/storage/../../up", Severity.WARN),
        ("LOCAL_STORAGE_DEST=uploads", Severity.WARN),
        ("LOCAL_STORAGE_DEST=../uploads", Severity.WARN),
    ],
)
def test_uploads_outside_the_shared_folder_are_told(lines, severity):
    found = judged(f"{BASE}{lines}\n", "plan.uploads")
    assert [one.severity for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize("word", ["true", "on", "cluster"])
def test_the_number_of_processes_is_no_switch(word):
    [finding] = [one for one in judged(f"{BASE}CLUSTER_MODE={word}\n", "plan.value") if "processes" in one.subject]
    assert finding.severity is Severity.FAIL
    assert f"“{word}”: it is how many processes a node runs" in finding.summary
    assert finding.remedy == "Take CLUSTER_MODE out, or write the number of processes of the node."


@pytest.mark.parametrize("name", ["APP_KEY", "DB_PASSWORD", "INIT_ROOT_PASSWORD", "APP_AES_SECRET_KEY"])
def test_a_command_of_a_shell_is_no_placeholder_of_a_sample(name):
    found = judged(f"{BASE}{name}=$(cat /run/secrets/x)\n", "plan.unfilled", "plan.app_key", "plan.root_password")
    told = [one for one in found if one.severity is Severity.FAIL]
    assert told
    assert [one.summary for one in told if "is a command of a shell" not in one.summary] == []


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("STORAGE_PATH=/data/storage\nPLUGIN_STORAGE_PATH=/opt/plugins", Severity.FAIL),
        ("STORAGE_PATH=/data/storage\nPLUGIN_STORAGE_PATH=/data/storage/plugins", None),
        ("PLUGIN_STORAGE_PATH=/opt/plugins", Severity.WARN),
        ("PLUGIN_STORAGE_PATH=storage/plugins", None),
    ],
)
def test_plug_ins_outside_the_shared_folder_are_told(lines, severity):
    found = judged(f"{BASE}{lines}\n", "plan.uploads")
    assert [one.severity for one in found] == ([severity] if severity else [])
    for one in found:
        assert one.summary.startswith("PLUGIN_STORAGE_PATH puts added plug-ins into /opt/plugins")
        assert "take PLUGIN_STORAGE_PATH out" in one.remedy


@pytest.mark.parametrize(
    ("line", "severity"), [("", Severity.FAIL), ("APP_AES_SECRET_KEY_PATH=/run/key\n", Severity.WARN)]
)
def test_a_file_with_the_key_for_fields_may_be_given_by_its_path(line, severity):
    [finding] = judged(f"{BASE}{line}APP_AES_SECRET_KEY_FILE=/run/secrets/aes\n", "plan.unread_variables")
    assert finding.severity is severity
    assert "at APP_AES_SECRET_KEY_PATH" in finding.summary
    assert "32 raw bytes" in finding.detail
    assert "rename APP_AES_SECRET_KEY_FILE to APP_AES_SECRET_KEY_PATH" in finding.remedy


@pytest.mark.parametrize("word", ["sqlite", "SQLite3", "better-sqlite3", "sqlite::memory:"])
def test_sqlite_is_no_database_of_a_cluster(word):
    text = BASE.replace("postgres", word)
    [finding] = [one for one in judged(text, "plan.value") if one.subject == "database.dialect"]
    assert finding.severity is Severity.FAIL
    assert "one machine" in finding.summary


@pytest.mark.parametrize(
    "line",
    [
        "REDIS_URL=redis://:S3cret@Part2#x@127.0.0.1:6379/4",
        "REDIS_URL='redis://:S3cret@Part2#x@127.0.0.1:6379/4'",
        "REDIS_URL=redis://shop:S3cret/Part2@127.0.0.1:6379/4",
        "REDIS_URL=redis://S3cret/Part2@127.0.0.1:6379/4",
        "REDIS_URL=redis://:S3cret@Part2@127.0.0.1:6379/4",
        "REDIS_URL=redis://:S3cret#Part2@127.0.0.1:6379/4",
        "QUEUE_ADAPTER_RABBITMQ_URL=amqp://shop:S3cret@Part2#x@mq:5672/",
    ],
)
def test_a_raw_sign_in_the_password_of_an_address_shows_no_piece_of_it(line):
    plan, secrets = dotenv.read(f"{BASE}{line}\n", "x.env")
    name = line.partition("=")[0]
    [finding] = [one for one in rules(plan, secrets) if one.id == "plan.value" and one.subject == name]
    assert "percent-encoded" in finding.summary
    shown = str(plan) + str(rules(plan, secrets))
    assert "S3cret" not in shown
    assert "Part2" not in shown


def test_a_comment_behind_an_address_is_no_part_of_it():
    plan, _secrets = dotenv.read(f"{BASE}REDIS_URL=redis://redis:6379/4 # worker IDs\n", "x.env")
    assert plan.redis.worker_id.host == "redis"


@pytest.mark.parametrize("tag", ["2.2.15", "2.2.15-full", "2.2.15-no-nginx", "2.2.15-full-no-nginx"])
def test_an_images_packing_is_no_other_version(tag):
    assert release_of(tag) == "2.2.15"
    assert release_of("2.2.15-beta.1") != "2.2.15"


def test_the_value_of_a_variable_nobody_knows_is_called_hidden_only_where_it_is():
    found = {item.subject: item for item in judged(f"{BASE}W9_ID=crm\nW9_TOKEN=abcdef\n", "plan.unknown_variables")}
    assert "hidden" not in found["W9_ID"].detail
    assert "its value is hidden" in found["W9_TOKEN"].detail


def test_a_variable_under_another_name_and_the_lack_of_the_right_one_are_one_thing_to_do():
    lines = "".join(f"{role}_REDIS_URL=redis://redis:6379/1\n" for role in ("CACHE", "PUBSUB_ADAPTER", "LOCK_ADAPTER"))
    text = f"{BASE}{lines}QUEUE_ADAPTER=redis\nQUEUE_ADAPTER_REDIS_URL=redis://redis:6379/3\n"
    found = judged(f"{text}WORKER_ID_REDIS_URL=redis://redis:6379/4\n", "plan.unread_variables", "plan.redis_address")
    [action] = actions(found, spec_of, lambda _finding: "")
    assert "Rename WORKER_ID_REDIS_URL to REDIS_URL" in action.remedy.text
    assert ("plan.redis_address", "worker-id") in action.clears


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("DB_USER=other\n", True),
        ("DB_USER='other'\nDB_USER=third\n", True),
        ("DB_USER=shop\n", False),
        ("DB_USER='shop'\n", False),
        ("#DB_USER=other\n", False),
    ],
)
def test_a_variable_that_stands_twice_is_told_with_the_line_that_counts(more, said):
    found = [one for one in judged(BASE + more, "plan.env_text") if "twice" in one.summary]
    assert [(one.subject, one.severity) for one in found] == ([("DB_USER", Severity.WARN)] if said else [])
    number = (BASE + more).count("\n")
    assert all(f"the one at line {number} counts" in one.summary for one in found)


def test_a_placeholder_of_a_variable_that_nocobase_does_not_read_decides_nothing():
    found = judged("JWT_SECRET=changeme\nMY_TOKEN=changeme\n")
    failed = [
        finding.subject for finding in found if finding.id == "plan.unfilled" and finding.severity is Severity.FAIL
    ]
    assert failed == ["MY_TOKEN"]


def test_two_offsets_keep_nodes_from_starting_and_that_is_what_is_said_to_follow():
    found = judged(BASE.replace("TZ=UTC", "TZ=Europe/Paris\nDB_TIMEZONE=+08:00"), "plan.time_zone")
    [action] = actions(found, spec_of, lambda _finding: "")
    assert (action.impact.area, action.impact.text) == (Area.START, "No node can start.")


def test_a_kind_of_database_that_is_not_said_is_named_by_its_variable_with_what_it_may_be():
    plan, secrets = dotenv.read(BASE.replace("DB_DIALECT=postgres\n", ""), "x.env")
    [found] = [one for one in rules(plan, secrets) if one.subject == "database.dialect"]
    assert found.summary == "DB_DIALECT is missing: NocoBase does not start without it."
    assert found.remedy == "# Add it with what is meant, one of postgres, mysql, mariadb:\nDB_DIALECT=postgres"
