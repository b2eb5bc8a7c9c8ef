"""Comparing plans: every decision, nodes by name, secrets by fingerprint and never by value."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.diff import Difference, Outcome, compare
from wizard.formats import dotenv
from wizard.plan.plan import Extra, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Node, QueueKind, Tls


def test_a_plan_equals_itself_with_and_without_secrets():
    assert compare(good_plan(), SECRETS, good_plan(), SECRETS) == []
    assert compare(good_plan(), {}, good_plan(), {}) == []


def test_the_same_decisions_under_another_identity_are_equal():
    assert compare(good_plan(), SECRETS, replace(good_plan(), id="other"), SECRETS) == []


def test_each_setting_that_differs_is_shown_as_text():
    right = good_plan().with_value("database.port", 6432).with_value("balancer.tls", False)
    assert compare(good_plan(), SECRETS, right, SECRETS) == [
        Difference("database.port", "", "6432", variables=("DB_PORT",)),
        Difference("balancer.tls", "true", "false"),
    ]


def test_secrets_differ_by_fingerprint_and_are_not_shown():
    [found] = compare(good_plan(), SECRETS, good_plan(), {**SECRETS, "database.password": Secret("another-password")})
    assert found.key == "database.password"
    assert found.left != found.right
    assert not {"another-password", SECRETS["database.password"].reveal()} & {found.left, found.right}


def test_addresses_pasted_into_the_field_of_a_host_differ_and_do_not_show_their_passwords():
    left, right = (good_plan().with_text("redis.server.host", f"redis://:{word}@redis.internal") for word in "ab")
    [found] = compare(left, SECRETS, right, SECRETS)
    assert found.left == found.right == "redis://••••••@redis.internal"


def test_a_secret_that_one_side_has_not_at_hand_is_not_called_equal_or_different():
    some = {name: secret for name, secret in SECRETS.items() if name != "database.password"}
    [found] = compare(good_plan(), SECRETS, good_plan(), some)
    assert (found.key, found.outcome) == ("database.password", Outcome.UNKNOWN)


def test_a_secret_where_the_other_has_none_is_different():
    [found] = compare(good_plan(), SECRETS, good_plan().with_value("database.password", None), SECRETS)
    assert (found.key, found.right, found.outcome) == ("database.password", "none", Outcome.DIFFERENT)


def test_nodes_are_matched_by_name():
    nodes = good_plan().nodes
    assert compare(good_plan(), SECRETS, good_plan().with_value("nodes", tuple(reversed(nodes))), SECRETS) == []
    right = good_plan().with_value("nodes", (*nodes[:2], Node(name="node4", host="10.0.0.4")))
    keys = {found.key.rpartition(".")[0] for found in compare(good_plan(), SECRETS, right, SECRETS)}
    assert keys == {"nodes.node3", "nodes.node4"}


def test_nodes_of_one_name_do_not_hide_each_other():
    twice = good_plan().with_value("nodes.1.name", "node1")
    right = twice.with_value("nodes.0.port", 13001)
    assert compare(twice, SECRETS, right, SECRETS) == [
        Difference("nodes.node1.port", "13000", "13001", variables=("APP_PORT",))
    ]
    right = twice.with_value("nodes.1.port", 13001)
    assert compare(twice, SECRETS, right, SECRETS) == [
        Difference("nodes.node1#2.port", "13000", "13001", variables=("APP_PORT",))
    ]
    fewer = twice.with_value("nodes", (twice.nodes[0], twice.nodes[2]))
    found = {one.key: (one.left, one.right) for one in compare(twice, SECRETS, fewer, SECRETS)}
    assert found["nodes.node1#2.host"] == ("10.0.0.2", "(not there)")
    assert {key.rpartition(".")[0] for key in found} == {"nodes.node1#2"}


def test_a_node_without_a_name_is_called_by_its_number_and_hides_none_of_that_name():
    left = good_plan().with_value("nodes.0.name", "2").with_value("nodes.1.name", "")
    found = compare(left, SECRETS, left.with_value("nodes.0.port", 13001), SECRETS)
    assert found == [Difference("nodes.2.port", "13000", "13001", variables=("APP_PORT",))]


def test_extras_and_what_could_not_be_read_count():
    right = replace(good_plan(), extras=(Extra("SMTP_HOST", "mail"),))
    right = right.with_unreadable(Unreadable("database.port", "54x", "no"))
    found = {one.key: (one.left, one.right) for one in compare(good_plan(), SECRETS, right, SECRETS)}
    assert found == {"extras.SMTP_HOST": ("(not there)", "mail"), "database.port": ("", "54x")}


def test_the_variables_of_a_setting_stand_beside_its_key():
    right = good_plan().with_value("redis.server.port", 6380)
    [found] = compare(good_plan(), SECRETS, right, SECRETS)
    assert found.key == "redis.server.port"
    assert {"REDIS_URL", "CACHE_REDIS_URL"} <= set(found.variables)


@pytest.mark.parametrize(
    ("key", "value", "variables"),
    [
        ("database.tls", Tls.VERIFY, {"DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED", "DB_DIALECT_OPTIONS_SSL_MODE"}),
        ("licence.enable_plugins", False, {"APPEND_PRESET_BUILT_IN_PLUGINS"}),
        ("queue.kind", QueueKind.RABBITMQ, {"QUEUE_ADAPTER"}),
        ("application.version", "2.2.14", set()),
        ("balancer.port", 8080, set()),
    ],
)
def test_a_setting_without_a_variable_of_its_own_names_those_that_it_changes(key, value, variables):
    [found] = [one for one in compare(good_plan(), {}, good_plan().with_value(key, value), {}) if one.key == key]
    assert variables <= set(found.variables)
    assert bool(found.variables) == bool(variables)


def test_what_an_export_writes_is_found_once_for_each_plan_and_once_more_for_each_difference(monkeypatch):
    variables, asked = dotenv.variables, []
    monkeypatch.setattr(dotenv, "variables", lambda plan: asked.append(plan) or variables(plan))
    left = good_plan()
    right = left.with_value("application.version", "2.2.14").with_value("balancer.port", 8080)
    assert [one.variables for one in compare(left, {}, right, {})] == [(), ()]
    assert len(asked) == 2 + 2 * 2
    asked.clear()
    assert compare(left, {}, left.with_value("database.port", 6432), {})[0].variables == ("DB_PORT",)
    assert not asked  # it has a variable of its own


def test_a_secret_within_an_address_names_the_variable_of_the_address():
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "mq")
    plan = plan.with_value("queue.password", SecretRef("queue.password"))
    sides = ({"queue.password": Secret(text)} for text in ("one-of-them", "another-one"))
    [found] = compare(plan, next(sides), plan, next(sides))
    assert (found.key, found.variables) == ("queue.password", (plan.queue.url_variable,))


def test_a_name_that_came_from_a_files_name_is_no_difference():
    left = replace(good_plan(), name="a", unsaid=frozenset({"name"}))
    assert compare(left, SECRETS, replace(good_plan(), name="b"), SECRETS) == []
    assert [one.key for one in compare(replace(good_plan(), name="a"), SECRETS, good_plan(), SECRETS)] == ["name"]


def test_fingerprints_are_of_one_run_so_that_nobody_can_guess_a_weak_secret_from_them():
    other = {**SECRETS, "database.password": Secret("weak")}
    first, second = (compare(good_plan(), SECRETS, good_plan(), other)[0] for _run in range(2))
    assert first.right != second.right
    assert Secret("weak").fingerprint() not in first.right
    assert first.left != first.right


FILE = "APP_ENV=production\nDB_HOST=pg\nDB_DATABASE=shop\nDB_USER=shop\nREDIS_URL=redis://redis/4\n"
WITH_ADAPTERS = f"{FILE}CACHE_DEFAULT_STORE=redis\nLOCK_ADAPTER_DEFAULT=redis\nQUEUE_ADAPTER=redis\n"


@pytest.mark.parametrize(
    ("more", "without", "key", "left", "right"),
    [
        ("DB_POOL_MAX=20\n", "", "database.pool_max", "20", "(not said; the default is 5)"),
        ("TZ=UTC\n", "", "application.time_zone", "UTC", "(not said)"),
        ("", "APP_ENV=production\n", "application.environment", "production", "(not said)"),
        ("", "LOCK_ADAPTER_DEFAULT=redis\n", "unreadable.LOCK_ADAPTER_DEFAULT", "redis", "(not said)"),
        ("", "DB_HOST=pg\n", "database.host", "pg", "(not said)"),
    ],
)
def test_what_a_file_does_not_say_is_called_so_and_no_default_stands_in(more, without, key, left, right):
    plans = [dotenv.read(text, "x.env")[0] for text in (WITH_ADAPTERS + more, WITH_ADAPTERS.replace(without, ""))]
    [found] = compare(plans[0], {}, plans[1], {})
    assert (found.key, found.left, found.right) == (key, left, right)
    [found] = compare(plans[1], {}, plans[0], {})
    assert (found.key, found.left, found.right) == (key, right, left)


def test_of_a_node_on_one_side_alone_that_alone_is_told_which_its_source_says():
    text = "APP_PORT=13001\nAPP_KEY=x\n"
    ours, _secrets = dotenv.read(text, "a.env")
    theirs, _secrets = dotenv.read("APP_KEY=x\n", "b.env")
    found = [one for one in compare(ours, {}, theirs, {}) if one.key.startswith("nodes.")]
    assert [(one.key, one.left, one.right) for one in found] == [
        ("nodes.node1.name", "node1", "(not there)"),
        ("nodes.node1.port", "13001", "(not there)"),
    ]


def test_what_a_source_has_no_way_to_say_is_not_shown_as_empty():
    theirs, _secrets = dotenv.read("APP_KEY=x\n", "b.env")
    [found] = [one for one in compare(good_plan(), {}, theirs, {}) if one.key == "application.version"]
    assert found.right == "(not said)"
