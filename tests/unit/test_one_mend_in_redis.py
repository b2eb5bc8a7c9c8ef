"""Several roles of Redis, or one address wrong in one way: one thing to do, and no password shown as a user's name."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.redis_facts import facts
from wizard.app.open_source import open_source
from wizard.app.places import placed
from wizard.checks.plan.rules import rules
from wizard.checks.redis.cross import judge_distinct
from wizard.checks.redis.judge_use import judge_database
from wizard.checks.redis.target import RedisTarget
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.kinds import BadValueError
from wizard.plan.secret import Secret
from wizard.plan.sections import RedisRole
from wizard.plan.urls import Address, build, split

SHARED = {f"redis.databases.{role.field}": 0 for role in RedisRole}
SCHEMES = {"redis": ("redis", "rediss"), "amqps": ("amqp", "amqps")}
ENV = """DB_DIALECT=postgres
CACHE_DEFAULT_STORE=redis
CACHE_REDIS_URL=redis://127.0.0.1:1/0
PUBSUB_ADAPTER_REDIS_URL=redis://127.0.0.1:1/0
REDIS_URL=redis://Vt8kQ2mW%40x@127.0.0.1:1/4
"""


def plan_with(values):
    plan = good_plan()
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


def targets_of(plan):
    return {role: RedisTarget.of(plan, SECRETS, role) for role in plan.redis_roles}


def test_roles_in_one_database_are_one_thing_to_do_for_the_rule_and_the_look_at_the_server():
    plan = plan_with(SHARED)
    targets = targets_of(plan)
    found = [one for one in rules(plan, SECRETS) if one.id == "plan.redis_distinct"]
    found += judge_distinct(targets, {("redis", role): facts(role) for role in targets})
    assert [(one.id, one.severity) for one in found] == [
        ("plan.redis_distinct", Severity.FAIL),
        ("redis.distinct", Severity.FAIL),
    ]
    assert len(actions(found, spec_of, lambda _one: "redis")) == 1


def test_databases_that_a_server_lacks_are_one_thing_to_do_that_is_enough_for_all():
    plan = plan_with({"redis.databases.queue": 7})
    lacks = Trouble(ErrorKind.MISSING, "ERR DB index is out of range", "", 2)
    found = [judge_database(target, facts(role, database=lacks)) for role, target in targets_of(plan).items()]
    (action,) = actions(found, spec_of, lambda _one: "redis")
    assert action.remedy.text.splitlines()[-1] == "databases 8"


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prod.env").write_text(ENV)
    return open_source("prod.env").plan


def test_what_roles_share_stands_at_the_address_of_each(plan):
    found = next(one for one in rules(plan, {}) if one.id == "plan.redis_distinct" and one.severity is Severity.FAIL)
    assert [(place.name, place.line) for place in placed(found, plan).places] == [
        ("CACHE_REDIS_URL", 3),
        ("PUBSUB_ADAPTER_REDIS_URL", 4),
    ]


def test_a_password_without_its_colon_is_told_and_never_shown(plan):
    found = list(rules(plan, {}))
    told = [one for one in found if one.facts.get("setting") == "REDIS_URL"]
    assert [one.severity for one in told] == [Severity.FAIL]
    assert "Write a colon before a password." in told[0].summary
    assert "Vt8kQ2mW" not in str([one.as_json() for one in found])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["Vt8kQ2mW", "a%40b", "4f9a1c7e5b2d48f6", "x" * 41, "with%20blank"])
def test_a_user_alone_that_looks_like_a_password_is_refused_unquoted(scheme, text):
    with pytest.raises(BadValueError) as refused:
        split(Secret(f"{scheme}://{text}@db.internal:1/0"), SCHEMES[scheme])
    assert text not in str(refused.value)


@pytest.mark.parametrize("name", ["default", "app", "nocobase-prod", "app_user1", "svc.redis2", "guest", "node-1"])
def test_a_user_alone_that_may_be_a_name_is_one(name):
    assert split(Secret(f"redis://{name}@db.internal:1/0"), SCHEMES["redis"]).username == name
    assert split(Secret("redis://Vt8kQ2mW:secret@db.internal:1/0"), SCHEMES["redis"]).username == "Vt8kQ2mW"


IN_DOUBT = ["summer", "hunter2", "nocobase2024", "correct-horse"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("word", IN_DOUBT)
def test_a_word_alone_before_the_host_that_no_user_is_called_by_is_not_shown(scheme, word):
    with pytest.raises(BadValueError, match="may be a password") as refused:
        split(Secret(f"{scheme}://{word}@db.internal:1/0"), SCHEMES[scheme])
    assert word not in str(refused.value)
    assert split(Secret(f"{scheme}://{word}:@db.internal:1/0"), SCHEMES[scheme]).username == word
    assert split(Secret(f"{scheme}://{word}@db.internal:1/0"), SCHEMES[scheme], (word,)).username == word


def test_a_user_of_the_plan_or_of_its_host_is_one_and_a_databases_needs_no_password():
    assert split(Secret("redis://acme@acme-redis.internal:1/0"), SCHEMES["redis"]).username == "acme"
    assert split(Secret("postgres://summer@db.internal/x"), ("postgres",)).username == "summer"


def test_whether_it_is_a_user_or_a_password_is_unknown_and_one_thing_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    two = "REDIS_URL=redis://summer@h:1/4\nCACHE_REDIS_URL=redis://summer@h:1/0\n"
    one = "LOCK_ADAPTER_REDIS_URL=redis://shopcache@h:1/2\n"
    (tmp_path / "prod.env").write_text(f"DB_DIALECT=postgres\nDB_USER=shopcache\n{two}{one}")
    opened = open_source("prod.env")
    found = list(rules(opened.plan, opened.secrets))
    told = [one for one in found if "not known whether" in one.summary]
    assert {one.subject: one.severity for one in told} == dict.fromkeys(
        ("REDIS_URL", "CACHE_REDIS_URL"), Severity.UNKNOWN
    )
    assert len(actions(told, spec_of, lambda _one: "redis")) == 1
    assert "summer" not in str([one.as_json() for one in found])


@pytest.mark.parametrize("user", ["nocobase", "Zr4vT9qL-mX2", "a b", "ä", *IN_DOUBT])
def test_a_user_without_a_password_is_written_so_that_it_is_read_again(user):
    written = build(Address("redis", "db.internal", 6379, user))
    assert split(written, ("redis",)).username == user


@pytest.mark.parametrize("query", ["?password=Canary-1", "?db=1&user=app", "?AUTH=Canary-1"])
def test_an_account_behind_the_host_is_said_to_go_before_it(query):
    with pytest.raises(BadValueError, match="stand before the host"):
        split(Secret(f"redis://db.internal:6379{query}"), SCHEMES["redis"])
    with pytest.raises(BadValueError, match="take out what begins there"):
        split(Secret("redis://db.internal:6379?db=1"), SCHEMES["redis"])


def test_addresses_that_are_wrong_in_one_way_are_one_thing_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = "CACHE_REDIS_URL=redis://:a@b@h:1/0\nPUBSUB_ADAPTER_REDIS_URL=redis://:a@b@h:1/1\n"
    (tmp_path / "prod.env").write_text(f"DB_DIALECT=postgres\n{wrong}REDIS_URL=redis:/h:1/3\n")
    plan = open_source("prod.env").plan
    found = [one for one in rules(plan, {}) if one.id == "plan.value" and one.subject.endswith("_URL")]
    assert [one.subject for one in found] == ["CACHE_REDIS_URL", "PUBSUB_ADAPTER_REDIS_URL", "REDIS_URL"]
    made = actions((placed(one, plan) for one in found), spec_of, lambda _one: "redis")
    assert [[subject for _id, subject in one.clears] for one in made] == [
        ["CACHE_REDIS_URL", "PUBSUB_ADAPTER_REDIS_URL"],
        ["REDIS_URL"],
    ]
    assert [place.line for place in made[0].places] == [2, 3]
