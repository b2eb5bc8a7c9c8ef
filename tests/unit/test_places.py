"""Findings of every component say where the values stand that they are about."""

import threading

import pytest

from tests.patience import patience
from tests.unit.plans import good_plan
from wizard.app.check import prepare
from wizard.app.open_source import open_source
from wizard.app.places import placed
from wizard.checks.registry import component, spec_of
from wizard.engine.actions import actions
from wizard.engine.events import RunFinished
from wizard.engine.selection import Selection
from wizard.engine.unanswered import too_busy
from wizard.guide.groups import grouped
from wizard.guide.places import of_finding
from wizard.guide.reports.style import Style
from wizard.guide.reports.text_actions import actions_text
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.place import Place
from wizard.plan.remedy import PlanValue
from wizard.plan.sections import Layout

ENV = """APP_KEY=short
DB_DIALECT=postgres
DB_HOST=127.0.0.1
DB_PORT=1
DB_DATABASE=crm
DB_USER=crm
DB_PASSWORD=Vt8kQ2mW
CACHE_DEFAULT_STORE=redis
CACHE_REDIS_URL=redis://127.0.0.1:1/0
"""


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A plan that was read from an env file in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prod.env").write_text(ENV)
    return open_source("prod.env").plan


def finding(identifier, severity=Severity.FAIL, **more):
    return Finding(id=identifier, severity=severity, summary="It is so.", **more)


def lines(found):
    return [(place.name, place.line) for place in found.places]


@pytest.mark.parametrize(
    ("identifier", "more", "told"),
    [
        ("database.connect", {"error": ErrorKind.REFUSED}, [("DB_HOST", 3)]),
        ("database.connect", {"error": ErrorKind.MISSING}, [("DB_DATABASE", 5)]),
        ("database.connect", {"error": ErrorKind.CREDENTIALS}, [("DB_USER", 6), ("DB_PASSWORD", 7)]),
        ("database.dialect", {"remedy_value": PlanValue("database.dialect", "mariadb")}, [("DB_DIALECT", 2)]),
        ("database.table_names", {"remedy_value": PlanValue("database.underscored", True)}, []),
        ("redis.connect", {"error": ErrorKind.REFUSED, "subject": "cache"}, [("CACHE_REDIS_URL", 9)]),
        ("cluster.database", {"error": ErrorKind.MISSING}, [("DB_HOST", 3), ("DB_DATABASE", 5)]),
        ("plan.app_key", {"facts": {"setting": "application.app_key"}}, [("APP_KEY", 1)]),
        ("plan.value", {"facts": {"setting": "nodes"}}, []),
        ("storage.exists", {"error": ErrorKind.MISSING}, []),
        ("made.up", {}, []),
    ],
)
def test_a_finding_names_the_lines_of_what_it_is_about(plan, identifier, more, told):
    assert lines(placed(finding(identifier, **more), plan)) == told


@pytest.mark.parametrize("severity", [Severity.PASS, Severity.INFO, Severity.SKIP, Severity.UNKNOWN])
def test_what_asks_for_nothing_or_was_not_judged_names_no_place(plan, severity):
    assert lines(placed(finding("database.connect", severity), plan)) == []


def test_what_could_not_be_found_out_for_a_reason_names_the_place(plan):
    unknown = finding("database.connect", Severity.UNKNOWN, error=ErrorKind.TIMEOUT)
    assert lines(placed(unknown, plan)) == [("DB_HOST", 3)]


@pytest.mark.parametrize("severity", [Severity.SKIP, Severity.FAIL])
def test_what_this_machine_was_too_busy_to_tell_stands_in_no_file_and_leads_to_no_field(plan, severity):
    late = finding("redis.connect", severity, error=ErrorKind.TIMEOUT, subject="cache")
    assert of_finding(plan, late) == "redis.cache.host"
    busy = placed(too_busy(late), plan)
    assert (busy.severity, lines(busy), of_finding(plan, busy)) == (Severity.UNKNOWN, [], "redis")


def test_a_secret_that_is_not_at_hand_names_where_it_is_asked_for_and_no_server(plan):
    unknown = finding("database.connect", Severity.UNKNOWN, error=ErrorKind.MISSING, lacks="database.password")
    assert lines(placed(unknown, plan)) == [("DB_PASSWORD", 7)]


def test_each_role_of_one_redis_stands_where_its_own_address_does(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("CACHE", "PUBSUB_ADAPTER", "LOCK_ADAPTER", "QUEUE_ADAPTER")
    addresses = [f"{name}_REDIS_URL=redis://redis/{number}" for number, name in enumerate(names)]
    (tmp_path / "prod.env").write_text("\n".join([*addresses, "REDIS_URL=redis://redis/4", ""]))
    plan = open_source("prod.env").plan
    assert plan.redis.layout is Layout.ONE
    told = [finding("redis.connect", error=ErrorKind.DNS, subject=role) for role in ("cache", "lock", "worker-id")]
    found = [lines(placed(one, plan)) for one in told]
    assert found == [[("CACHE_REDIS_URL", 1)], [("LOCK_ADAPTER_REDIS_URL", 3)], [("REDIS_URL", 5)]]


def test_what_was_not_judged_stands_nowhere(plan):
    facts = {"setting": "database.host", "unsaid": ["application.deployment"]}
    assert lines(placed(finding("plan.database_localhost", Severity.UNKNOWN, facts=facts), plan)) == []


def test_a_finding_that_knows_its_place_keeps_it(plan):
    own = Place("env/cluster.env", 7, "DB_HOST")
    told = finding("database.connect", error=ErrorKind.REFUSED, places=(own,))
    assert placed(told, plan).places == (own,)


def test_a_plan_that_was_read_from_nothing_has_no_places():
    assert lines(placed(finding("database.connect", error=ErrorKind.DNS), good_plan())) == []


def test_a_node_is_found_by_its_name_or_its_number():
    found = component("node").concerns(good_plan(), finding("node.connect", subject="node2"))
    assert found == ("nodes.1.host",)


def test_a_run_tells_the_places_in_text_json_and_to_the_window(plan):
    secrets = open_source("prod.env").secrets
    over = threading.Event()
    events = []

    def note(event):
        events.append(event)
        if isinstance(event, RunFinished):
            over.set()

    prepare(plan, secrets, note, selection=Selection(only=("plan.app_key",))).start()
    assert over.wait(patience())
    found = events[-1].report.findings
    assert [item.as_json()["places"] for item in found] == [[{"file": "prod.env", "line": 1, "name": "APP_KEY"}]]
    made = actions(found, spec_of, lambda _finding: "")
    assert "   Stands in: APP_KEY, prod.env line 1." in actions_text(made, Style())
    assert [group.details[-1] for group in grouped(found)] == ["Stands in: APP_KEY, prod.env line 1."]
    assert [action.as_json()["places"][0]["line"] for action in made] == [1]


def test_an_action_names_each_place_once():
    place = Place("a.env", 3, "DB_HOST")
    both = [finding("database.connect", subject=name, places=(place,)) for name in ("a", "b")]
    [action] = actions(both, spec_of, lambda _finding: "")
    assert action.places == (place,)
    assert action.as_json()["places"] == [{"file": "a.env", "line": 3, "name": "DB_HOST"}]


def test_places_come_back_from_json():
    told = finding("database.connect", places=(Place("a.env", 3, "DB_HOST"), Place("b.yaml")))
    assert Finding.from_json(told.as_json()) == told
    assert "places" not in finding("database.connect").as_json()


@pytest.mark.parametrize(
    ("name", "error", "keys"),
    [
        ("database.writable", ErrorKind.PERMISSION, ["database.host"]),
        ("database.rights", ErrorKind.MISSING, ["database.schema"]),
        ("database.connect", ErrorKind.MISSING, ["database.name"]),
        ("database.connect", ErrorKind.TLS, ["database.tls", "database.host"]),
        ("rabbitmq.virtual_host", ErrorKind.MISSING, ["queue.virtual_host", "queue.host"]),
        ("rabbitmq.connect", ErrorKind.CREDENTIALS, ["queue.username", "queue.password"]),
        ("rabbitmq.connect", ErrorKind.TLS, ["queue.tls", "queue.host"]),
        ("redis.connect", ErrorKind.CREDENTIALS, ["redis.server.username", "redis.server.password"]),
        ("redis.connect", ErrorKind.TLS, ["redis.server.tls", "redis.server.host"]),
        ("redis.primary", ErrorKind.VERSION, ["redis.server.host"]),
    ],
)
def test_what_a_server_refuses_for_is_the_setting_that_is_wrong(name, error, keys):
    told = finding(name, error=error, subject="cache" if name.startswith("redis.") else "")
    assert list(component(told.component).concerns(good_plan(), told)) == keys
