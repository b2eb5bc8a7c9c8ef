"""What the rules on Redis and RabbitMQ say to the letter: addresses that lack, databases that are shared, localhost."""

from dataclasses import replace

import pytest

from wizard.checks.plan.rules import redis
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.sections import Deployment, Node, QueueKind
from wizard.plan.sections.redis import Layout

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
ROLES = {
    "cache": "CACHE_REDIS_URL",
    "sync": "PUBSUB_ADAPTER_REDIS_URL",
    "lock": "LOCK_ADAPTER_REDIS_URL",
    "queue": "QUEUE_ADAPTER_REDIS_URL",
    "worker-id": "REDIS_URL",
}
OWN = {f"redis.databases.{role.replace('-', '_')}": at for at, role in enumerate(ROLES)}
TWO = (Node(name="a", host="10.0.0.1"), Node(name="b", host="10.0.0.2"))


def plan_with(values, nodes=TWO):
    plan = replace(Plan(id="x"), nodes=nodes)
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


def judged(plan, identifier):
    found = [finding for rule in redis.RULES for finding in rule.findings(plan, {})]
    return [one for one in found if one.id == identifier]


def apart(**hosts):
    """Return settings of a server for each role, by the roles' names; the others are at one."""
    servers = {f"redis.{role.replace('-', '_')}.host": hosts.get(role.replace("-", "_"), "r") for role in ROLES}
    return {"redis.layout": Layout.PER_ROLE, **servers, **OWN}


@pytest.mark.parametrize("role", ROLES)
def test_the_address_of_a_role_that_lacks_is_asked_for_with_its_variable_and_database(role):
    plan = plan_with(apart(**{role.replace("-", "_"): ""}))
    [finding] = judged(plan, "plan.redis_address")
    assert (finding.severity, finding.error, finding.subject) == (FAIL, ErrorKind.MISSING, role)
    assert finding.remedy == f"{ROLES[role]}=redis://HOST:6379/{list(ROLES).index(role)}"
    assert finding.facts == {"setting": f"redis.{role.replace('-', '_')}.host"}
    assert f"Without {ROLES[role]} " in finding.detail


@pytest.mark.parametrize(
    ("values", "subjects"),
    [
        ({"redis.server.host": "r"}, []),
        ({}, list(ROLES)),
        ({"queue.kind": QueueKind.RABBITMQ}, [role for role in ROLES if role != "queue"]),
        (apart(), []),
        (apart(cache="", lock=""), ["cache", "lock"]),
    ],
)
def test_each_role_that_is_used_wants_an_address(values, subjects):
    found = judged(plan_with(values), "plan.redis_address")
    assert [one.subject for one in found if one.severity is FAIL] == subjects
    if not subjects:
        [finding] = found
        assert (finding.severity, finding.facts) == (PASS, {"setting": "redis.layout"})


def test_where_no_address_could_be_read_none_is_missing_and_none_is_there():
    plan = plan_with(apart())
    for variable in ROLES.values():
        plan = plan.with_unreadable(Unreadable(variable, "redis:/x", "no address"))
    assert [judged(plan, f"plan.redis_{name}") for name in ("address", "localhost", "distinct")] == [[], [], []]


def test_a_role_whose_address_could_not_be_read_lacks_none():
    plan = plan_with(apart(cache="")).with_unreadable(Unreadable("CACHE_REDIS_URL", "redis:/x", "no address"))
    [finding] = judged(plan, "plan.redis_address")
    assert finding.severity is UNKNOWN


@pytest.mark.parametrize(
    ("values", "severity", "summary", "roles"),
    [
        ({"redis.databases.sync": 2}, WARN, "sync, lock share database 2 of r:6379.", ["sync", "lock"]),
        ({"redis.databases.sync": 0}, FAIL, "cache, sync share database 0 of r:6379.", ["cache", "sync"]),
        ({"redis.databases.sync": 9}, PASS, "Every role has a database of its own.", None),
        ({"redis.databases.sync": 2, "redis.sync.host": "other"}, PASS, "Every role has a database of its own.", None),
        ({"redis.databases.sync": 2, "redis.sync.port": 6380}, PASS, "Every role has a database of its own.", None),
        (
            {"redis.databases.sync": 2, "redis.sync.host": "R"},  # names of hosts have no case
            WARN,
            "sync, lock share database 2 of r:6379.",
            ["sync", "lock"],
        ),
        (
            {"redis.databases.sync": 2, "redis.sync.host": "", "redis.lock.host": ""},  # told as addresses that lack
            PASS,
            "Every role has a database of its own.",
            None,
        ),
    ],
)
def test_a_database_is_of_one_role_and_that_of_the_cache_must_be(values, severity, summary, roles):
    [finding] = judged(plan_with(apart() | values), "plan.redis_distinct")
    assert (finding.severity, finding.summary, finding.subject) == (severity, summary, "")
    if roles:
        assert finding.facts == {"setting": f"redis.databases.{roles[-1]}", "roles": roles}
        empties = "“Clear cache” empties the whole database, and the others' data with it."
        assert finding.detail == (empties if severity is FAIL else "NocoBase advises a database for each role.")


def test_several_databases_that_are_shared_are_a_finding_each_and_of_one_cause():
    values = apart() | {"redis.databases.sync": 0, "redis.databases.queue": 2}
    plan = replace(plan_with(values), places={"redis.databases.sync": Place("a.env", 3, "PUBSUB_ADAPTER_REDIS_URL")})
    first, second = judged(plan, "plan.redis_distinct")
    assert [(one.severity, one.subject) for one in (first, second)] == [
        (FAIL, "cache, sync"),
        (WARN, "lock, queue"),
    ]
    assert first.cause == second.cause != ""
    assert [place.line for place in first.places] == [3]
    assert second.places == ()


@pytest.mark.parametrize("key", ["redis.databases.sync", "redis.sync.port"])
def test_a_default_that_stands_for_what_could_not_be_read_is_shared_with_nobody(key):
    values = apart() | {"redis.databases.sync": 2}
    plan = plan_with(values).with_unreadable(Unreadable(key, "x", "no number"))
    assert [one.severity for one in judged(plan, "plan.redis_distinct")] == [PASS]


def test_roles_of_one_server_share_a_database_whatever_its_port_is():
    values = {"redis.server.host": "r", **OWN, "redis.databases.sync": 2}
    plan = plan_with(values).with_unreadable(Unreadable("redis.server.port", "63x", "no number"))
    assert [one.severity for one in judged(plan, "plan.redis_distinct")] == [WARN]


ASTRAY = "is on localhost, but on each machine localhost is that machine."
WITHIN = "is on localhost, but inside a container localhost is the container itself."


@pytest.mark.parametrize(
    ("nodes", "deployment", "ends"),
    [
        (TWO, Deployment.BARE, ASTRAY),
        (TWO[:1], Deployment.BARE, ""),
        (TWO[:1], Deployment.DOCKER, WITHIN),
        (TWO, Deployment.KUBERNETES, WITHIN),
    ],
)
def test_localhost_is_one_machine_only_where_all_nodes_are_on_it(nodes, deployment, ends):
    values = {
        "application.deployment": deployment,
        "redis.server.host": "localhost",
        "queue.kind": QueueKind.RABBITMQ,
        "queue.host": "localhost",
    }
    plan = plan_with(values, nodes)
    of_redis, [of_queue] = judged(plan, "plan.redis_localhost"), judged(plan, "plan.queue_localhost")
    if ends:
        assert [one.subject for one in of_redis] == [role for role in ROLES if role != "queue"]
        assert {one.summary for one in of_redis} == {f"Redis {ends}"}
        assert {one.facts["setting"] for one in of_redis} == {"redis.server.host"}
        assert (of_queue.severity, of_queue.summary) == (FAIL, f"RabbitMQ {ends}")
    else:
        assert [(one.severity, one.facts) for one in of_redis] == [(PASS, {"setting": "redis.layout"})]
        assert (of_queue.severity, of_queue.summary) == (PASS, "Every node reaches RabbitMQ as localhost.")
    assert of_queue.facts == {"setting": "queue.host"}


def test_where_redis_carries_the_queue_or_rabbitmq_has_no_host_nothing_is_said_of_it():
    assert judged(plan_with({"queue.host": "localhost"}), "plan.queue_localhost") == []
    assert judged(plan_with({"queue.kind": QueueKind.RABBITMQ}), "plan.queue_localhost") == []
    assert judged(plan_with({"queue.host": "mq"}), "plan.queue_variables") == []


@pytest.mark.parametrize(
    ("variable", "severity", "detail"),
    [
        ("QUEUE_ADAPTER_RABBITMQ_URL", WARN, ""),
        ("MY_QUEUE_URL", WARN, ""),
        ("QUEUE_ADAPTER_REDIS_URL", WARN, ""),
        ("REDIS_URL", FAIL, "It is the variable of redis.server: one of the two would be lost."),
        ("DB_HOST", FAIL, "It is the variable of database.host: one of the two would be lost."),
    ],
)
def test_the_variable_of_rabbitmqs_address_is_no_other_one_of_nocobases(variable, severity, detail):
    plan = plan_with({"queue.kind": QueueKind.RABBITMQ, "queue.url_variable": variable})
    [finding] = judged(plan, "plan.queue_variables")
    assert (finding.severity, finding.facts) == (severity, {"setting": "queue.url_variable"})
    if severity is FAIL:
        assert finding.detail == detail
        assert finding.remedy == "Give queue.url_variable a name of its own: QUEUE_ADAPTER_RABBITMQ_URL."
    else:
        assert finding.summary == f"QUEUE_ADAPTER={plan.queue.adapter} and {variable} are unverified names."
        assert finding.cause
