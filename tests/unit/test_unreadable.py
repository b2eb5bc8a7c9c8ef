"""What could not be read is kept as it came; where it may hold a secret, it hides."""

import json
import pickle
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_rules import BROKEN_VALUES
from wizard.app.diff import compare
from wizard.checks.plan.rules import rules
from wizard.formats import cluster_file, dotenv
from wizard.plan.finding import Severity
from wizard.plan.kinds import Boolean
from wizard.plan.plan import Extra, Unreadable
from wizard.plan.secret import HIDDEN, Secret, SecretRef

PASTED = [
    ("application.public_url", "https://admin:S3cr3t@app.example.com", f"https://{HIDDEN}@app.example.com"),
    ("nodes.0.host", "redis://:S3cr3t/x@redis.internal", f"redis://{HIDDEN}@redis.internal"),
    ("database.tls_key", "-----BEGIN PRIVATE KEY----- S3cr3t", HIDDEN),
]


@pytest.mark.parametrize(("key", "text", "shown"), PASTED)
def test_a_secret_at_a_wrong_place_hides_wherever_the_plan_goes(key, text, shown):
    plan = good_plan().with_text(key, text)
    assert plan.text(key) == shown
    everything = [repr(plan), str(plan), repr(rules(plan, SECRETS)), cluster_file.write(plan)]
    everything.append(repr(compare(good_plan(), SECRETS, plan, SECRETS)))
    assert not [words for words in everything if "S3cr3t" in words]
    with pytest.raises(TypeError):
        pickle.dumps(plan.unreadable)
    with pytest.raises(TypeError):
        json.dumps(plan.unreadable[0].value)


@pytest.mark.parametrize(("key", "text", "_shown"), PASTED)
def test_the_text_is_not_lost_to_the_field_it_was_typed_into(key, text, _shown):
    plan = good_plan().with_text(key, text)
    assert plan.held_back(key).reveal() == text
    assert plan.with_text(key, text) == plan
    assert plan.with_value(key, "").held_back(key) is None


def test_what_holds_no_secret_stays_plain_text():
    plan = good_plan().with_text("database.port", "fifty")
    assert plan.held_back("database.port") is None
    assert plan.unreadable[0].value == plan.text("database.port") == "fifty"


def test_what_stands_at_a_secret_setting_is_a_secret_whatever_it_is():
    plan = good_plan().with_unreadable(Unreadable("database.password", "S3cr3t", "It is a number.", "line 3"))
    assert plan.unreadable[0].value == Secret("S3cr3t")
    assert plan.text("database.password") == HIDDEN
    assert "S3cr3t" not in repr(plan)
    text = cluster_file.write(plan)
    assert "S3cr3t" not in text
    back = cluster_file.read(text, "draft", tolerant=True)
    assert back.database.password == plan.database.password
    assert back.problem("database.password") == "It is a number."


def test_a_variable_with_an_address_is_written_without_its_account():
    plan = good_plan().with_unreadable(Unreadable("CACHE_REDIS_URL", "redis://:S3cr3t@h:x/0", "The port is no number."))
    text = cluster_file.write(plan)
    assert "S3cr3t" not in text
    assert cluster_file.read(text, "draft", tolerant=True).unreadable[0].value == f"redis://{HIDDEN}@h:x/0"


def test_nothing_typed_is_no_secret():
    assert good_plan().with_unreadable(Unreadable("database.password", "", "It is missing.")).unreadable[0].value == ""


def test_a_reference_stays_one_and_shows_nothing():
    plan = good_plan().with_unreadable(Unreadable("database.host", SecretRef("unreadable.database.host"), "No host."))
    assert plan.unreadable[0].shown == ""
    assert plan.text("database.host") == "db.internal"


def test_two_pasted_secrets_at_a_secret_setting_differ_by_fingerprint():
    left, right = (
        replace(good_plan(), id="x").with_unreadable(Unreadable("database.password", word, "no"))
        for word in ("S3cr3t-1", "S3cr3t-2")
    )
    [found] = compare(left, SECRETS, right, SECRETS)
    assert found.key == "database.password"
    assert found.left != found.right
    assert "S3cr3t" not in repr(found)
    [found] = compare(left, SECRETS, good_plan(), SECRETS)
    assert found.left != found.right
    assert "S3cr3t" not in repr(found)


def judged(plan, identifier):
    return next(finding for finding in rules(plan, SECRETS) if finding.id == identifier)


def unread(key):
    return good_plan().with_unreadable(Unreadable(key, "?", "It is no value.", "line 3"))


RESTS_ON = sorted({(key, rule) for key, _value, rule, *_rest in BROKEN_VALUES if key != "nodes"})


@pytest.mark.parametrize(("key", "rule"), RESTS_ON)
def test_no_rule_passes_on_a_default_in_the_place_of_what_could_not_be_read(key, rule):
    found = [finding for finding in rules(unread(key), SECRETS) if finding.id == rule]
    if rule == "plan.required" and key != "licence.method":
        assert {finding.severity for finding in found} == {Severity.PASS}  # there is a value, if a wrong one
        return
    assert not [finding for finding in found if finding.severity is not Severity.UNKNOWN]
    for finding in found:
        assert key in finding.summary
        assert "It is no value." in finding.detail


@pytest.mark.parametrize("key", [key for key, setting, _value in good_plan().settings() if not setting.secret])
def test_what_could_not_be_read_is_a_fault_once_and_breaks_no_other_rule(key):
    found = rules(unread(key), SECRETS)
    setting = good_plan().setting(key)
    no_effect = isinstance(setting.kind, Boolean) and setting.env  # NocoBase takes any other text for “no”
    grave = Severity.WARN if no_effect else Severity.FAIL
    bad = {finding.id: finding.severity for finding in found if finding.severity in {Severity.FAIL, Severity.WARN}}
    assert bad == {"plan.value": grave}
    assert len([finding for finding in found if finding.severity is grave]) == 1
    assert {finding.severity for finding in found} <= {Severity.PASS, grave, Severity.UNKNOWN}


@pytest.mark.parametrize("rule", ["plan.worker_ids", "plan.pool"])
def test_too_many_processes_in_an_env_file_are_not_one(rule):
    plan, secrets = dotenv.read("DB_DIALECT=postgres\nCLUSTER_MODE=40\n", "cluster.env")
    found = {finding.id: finding for finding in rules(plan, secrets)}
    assert found[rule].severity is Severity.UNKNOWN
    assert "nodes.0.processes" in found[rule].summary
    assert "40" in found[rule].detail


def test_a_fault_beside_what_could_not_be_read_stays_one():
    plan = unread("nodes.2.port").with_value("nodes.1.name", "node1")
    assert judged(plan, "plan.nodes").severity is Severity.FAIL
    plan = unread("nodes.0.worker_mode").with_value("nodes.1.worker_mode", "!,*")
    assert judged(plan, "plan.worker_mode").subject == "node2"


def test_a_default_in_the_place_of_a_port_makes_no_two_places_one():
    plan = unread("nodes.1.port").with_value("nodes.1.host", "10.0.0.1")
    assert judged(plan, "plan.nodes").severity is Severity.UNKNOWN
    plan = unread("redis.databases.cache").with_value("redis.databases.sync", 0)
    assert judged(plan, "plan.redis_distinct").severity is Severity.UNKNOWN


@pytest.mark.parametrize("rule", ["plan.redis_address", "plan.redis_localhost", "plan.redis_distinct"])
def test_what_holds_for_the_other_roles_is_not_said_of_one_whose_address_could_not_be_read(rule):
    finding = judged(unread("CACHE_REDIS_URL"), rule)
    assert (finding.severity, "CACHE_REDIS_URL" in finding.summary) == (Severity.UNKNOWN, True)


def test_a_further_variable_is_told_beside_a_setting_that_could_not_be_read():
    plan = replace(unread("application.version"), extras=(Extra("DB_PORT", "5432"),))
    assert judged(plan, "plan.overridden").severity is Severity.PASS
    assert judged(plan.with_text("database.port", "x"), "plan.overridden").severity is Severity.WARN
