"""Nodes of one source that are not given the same: what one of them lacks is as grave as another value."""

import pytest

from tests.unit.test_compose_source import TWO, opened
from tests.unit.test_what_people_write import BASE
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Database

ADAPTERS = """\
LOCK_ADAPTER_DEFAULT=redis
LOCK_ADAPTER_REDIS_URL=redis://redis:6379/2
CACHE_DEFAULT_STORE=redis
QUEUE_ADAPTER=redis
REDIS_URL=redis://redis:6379/4
TZ=Europe/Berlin
"""
FILE = f"{BASE}{ADAPTERS}"
OTHER = "two:\n    <<: *node\n    environment: {<<: *env, TZ: UTC, APP_PORT: 13001}"


def told(found):
    """Return the findings on nodes that are not given the same."""
    return [one for one in rules(found.plan, found.secrets) if one.id == "plan.sources"]


def folder(tmp_path, **files):
    (tmp_path / "nodes").mkdir()
    for name, text in files.items():
        (tmp_path / "nodes" / f"{name}.env").write_text(text)
    return open_source(str(tmp_path / "nodes"))


def without(name, text=FILE):
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{name}="))


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("APP_KEY", "application.app_key"),
        ("DB_HOST", "database.host"),
        ("DB_PASSWORD", "database.password"),
        ("TZ", "application.time_zone"),
        ("LOCK_ADAPTER_DEFAULT", "LOCK_ADAPTER_DEFAULT"),
        ("LOCK_ADAPTER_REDIS_URL", "LOCK_ADAPTER_REDIS_URL"),
        ("QUEUE_ADAPTER", "queue.kind"),
        ("REDIS_URL", "REDIS_URL"),
    ],
)
@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_variable_that_one_node_lacks_is_told_with_the_node(tmp_path, name, subject, names):
    found = folder(tmp_path, **dict(zip(names, (FILE, without(name)), strict=True)))
    [finding] = told(found)
    assert (finding.severity, finding.error, finding.subject) == (Severity.FAIL, ErrorKind.MISSING, subject)
    assert finding.summary.startswith(f"{names[1]}: ")
    assert name in finding.detail


def test_what_all_nodes_are_given_by_a_file_for_all_is_lacking_nowhere(tmp_path):
    [finding] = told(folder(tmp_path, common=FILE, a=f"APP_KEY={'k' * 40}\n", b="APP_PORT=13002\n"))
    assert finding.subject == "application.app_key"  # another value than that for all
    assert finding.severity is Severity.FAIL


@pytest.mark.parametrize("beside", ["POSTGRES_PASSWORD=x\n", "WORKER_MODE=*\n"])
def test_a_file_that_says_nothing_of_key_and_database_is_a_part_of_what_its_node_gets(tmp_path, beside):
    assert [one.severity for one in told(folder(tmp_path, app=FILE, beside=beside))] == [Severity.PASS]


@pytest.mark.parametrize(
    "line", ["DB_PORT=5432", "INIT_ROOT_PASSWORD=Wr1te-th1s-d0wn", "APP_PORT=13001", "DB_LOGGING=on"]
)
def test_a_default_and_what_one_node_does_for_all_may_be_said_once(tmp_path, line):
    text = without(line.partition("=")[0])
    found = folder(tmp_path, a=f"{text}{line}\n", b=text)
    assert [one.severity for one in told(found)] == [Severity.PASS]


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("LOCK_ADAPTER_DEFAULT=local", "LOCK_ADAPTER_DEFAULT"),
        ("QUEUE_ADAPTER=memory", "queue.kind"),
        ("LOCK_ADAPTER_REDIS_URL=redis:/redis/2", "LOCK_ADAPTER_REDIS_URL"),
    ],
)
def test_a_value_of_the_second_node_that_cannot_be_read_is_told(tmp_path, line, subject):
    found = folder(tmp_path, a=FILE, b=f"{without(line.partition('=')[0])}{line}\n")
    [finding] = told(found)
    assert (finding.severity, finding.subject) == (Severity.FAIL, subject)
    assert finding.summary.startswith("b: another value")


def test_an_empty_value_is_none(tmp_path):
    [finding] = told(folder(tmp_path, a=FILE, b=f"{without('APP_KEY')}APP_KEY=\n"))
    assert (finding.error, finding.subject) == (ErrorKind.MISSING, "application.app_key")


def test_a_service_without_its_environment_is_one_thing_to_do(tmp_path):
    found = opened(tmp_path, TWO.replace(OTHER, OTHER.partition("<<: *node")[0] + "image: nocobase/nocobase:2.2.15"))
    every = actions(rules(found.plan, found.secrets), spec_of, lambda _finding: "")
    mine = [one for one in every if any(cleared[0] == "plan.sources" for cleared in one.clears)]
    assert len(mine) == 1
    assert mine[0].title.startswith("two: ")
    assert len(mine[0].clears) == 8


def test_a_service_with_an_env_file_that_is_not_there_lacks_nothing(tmp_path):
    text = TWO.replace("{<<: *env, TZ: UTC, APP_PORT: 13001}", "{TZ: UTC}\n    env_file: gone.env")
    assert [one.severity for one in told(opened(tmp_path, text))] == [Severity.PASS]


def test_nodes_of_manifests_are_compared_alike(tmp_path):
    pods = [
        f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    spec:
      containers:
        - name: app
          image: nocobase/nocobase:2.2.15
          env: [{{name: APP_KEY, value: {"k" * 40}}}, {{name: DB_DIALECT, value: postgres}}{more}]
"""
        for name, more in (("web", ", {name: DB_HOST, value: db}"), ("tasks", ""))
    ]
    (tmp_path / "all.yaml").write_text("---\n".join(pods))
    [finding] = told(open_source(str(tmp_path / "all.yaml")))
    assert (finding.severity, finding.subject) == (Severity.FAIL, "database.host")
    assert finding.summary.startswith("tasks-0: ")


@pytest.mark.parametrize(
    ("ours", "theirs", "pool"),
    [
        ("", "DB_POOL_MAX=30\nASYNC_TASK_MAX_CONCURRENCY=8\nNODE_OPTIONS=--max-old-space-size=8192\n", 30),
        (
            "DB_POOL_MAX=10\nNODE_OPTIONS=--max-old-space-size=2048\nLOGGER_LEVEL=warn\n",
            "DB_POOL_MAX=30\nLOGGER_LEVEL=info\n",
            30,
        ),
        (
            "REQUEST_BODY_LIMIT=50mb\nCORS_ORIGIN_WHITELIST=https://a.shop.test\nINIT_APP_LANG=fr-FR\n",
            "",
            Database().pool_max,
        ),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_worker_has_its_own_measures_and_none_of_what_serves_pages(tmp_path, ours, theirs, pool, first):
    names = ("a", "b") if first else ("b", "a")
    texts = (f"{FILE}{ours}", f"{FILE}{theirs}WORKER_MODE=*\n")
    found = folder(tmp_path, **dict(zip(names, texts, strict=True)))
    assert [one.severity for one in told(found)] == [Severity.PASS]
    assert found.plan.database.pool_max == pool


def test_a_second_node_that_serves_needs_what_the_first_has(tmp_path):
    [finding] = told(folder(tmp_path, a=f"{FILE}REQUEST_BODY_LIMIT=50mb\n", b=FILE))
    assert (finding.severity, finding.subject) == (Severity.FAIL, "application.body_limit")


def test_a_worker_may_take_another_pool_than_the_file_for_all_says(tmp_path):
    found = folder(
        tmp_path, common=f"{FILE}DB_POOL_MAX=10\n", a="APP_PORT=13001\n", b="DB_POOL_MAX=30\nWORKER_MODE=*\n"
    )
    assert [one.severity for one in told(found)] == [Severity.PASS]
    assert found.plan.database.pool_max == 30


def test_a_pool_of_the_second_node_that_cannot_be_read_is_told(tmp_path):
    [finding] = told(folder(tmp_path, a=f"{FILE}DB_POOL_MAX=10\n", b=f"{FILE}DB_POOL_MAX=many\n"))
    assert (finding.severity, finding.subject) == (Severity.FAIL, "database.pool_max")
