"""The findings that every component words alike, whole."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.engine.check import Check, Prerequisites, obstructed, ours, settled, skip_rest, stopped_by
from wizard.engine.facts import PENDING, Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.plan import Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.spec import Spec

GATE, REST, LAST = Spec("thing.connect", "m"), Spec("thing.rest", "m"), Spec("thing.last", "m")


def told(finding):
    """Return all of a finding that is not as it is without saying anything."""
    parts = {
        "summary": finding.summary,
        "subject": finding.subject,
        "detail": finding.detail,
        "remedy": finding.remedy,
        "error": finding.error and finding.error.value,
        "because": finding.because,
        "facts": dict(finding.facts),
        "elapsed_ms": finding.elapsed_ms,
    }
    return {"id": finding.id, "severity": finding.severity.value} | {k: v for k, v in parts.items() if v}


def test_trouble_of_the_other_side_fails_with_what_it_said():
    trouble = Trouble(ErrorKind.DNS, "no such host", elapsed_ms=4)
    assert told(obstructed(REST, trouble, GATE, what="It is silent.", subject="x", facts={"a": 1})) == {
        "id": "thing.rest",
        "severity": "fail",
        "summary": "It is silent.",
        "subject": "x",
        "detail": "no such host",
        "error": "dns",
        "facts": {"a": 1},
        "elapsed_ms": 4,
    }
    assert obstructed(REST, trouble, GATE, what="x", detail="").detail == "no such host"


def test_what_was_not_reached_names_its_gate():
    expected = {
        "id": "thing.rest",
        "severity": "skip",
        "summary": "Not looked at, because thing.connect did not pass.",
        "because": ("thing.connect",),
    }
    assert told(obstructed(REST, PENDING, GATE, what="It is silent.")) == expected
    assert told(obstructed(REST, PENDING, GATE, what="It.", subject="x")) == expected | {"subject": "x"}
    assert told(stopped_by(GATE, REST)) == expected
    assert [told(one) for one in skip_rest((GATE, REST), GATE)] == [expected]
    assert [told(one) for one in skip_rest((GATE, REST), GATE, "x")] == [expected | {"subject": "x"}]


def test_trouble_of_this_machine_is_unknown_and_names_the_variable_to_correct():
    trouble = Trouble(ErrorKind.MISSING, "no such file", "SSL_CERT_FILE", 6, ours=True)
    expected = {
        "id": "thing.rest",
        "severity": "unknown",
        "summary": "Could not be found out from this machine: no such file.",
        "remedy": "Correct SSL_CERT_FILE in the environment of this program, or take it out.",
        "error": "missing",
        "elapsed_ms": 6,
    }
    assert told(ours(REST, trouble)) == expected
    assert told(obstructed(REST, trouble, GATE, what="x", subject="s")) == expected | {"subject": "s"}
    nameless = Trouble(ErrorKind.MISSING, "no such file", elapsed_ms=6, ours=True)
    assert told(ours(REST, nameless)) == {key: value for key, value in expected.items() if key != "remedy"}


def missing(plan, secrets=SECRETS, **wanted):
    check = Prerequisites(plan, secrets, **wanted).missing("database", "x", (GATE, REST, LAST))
    assert (check.component, check.subject, check.specs) == ("database", "x", (GATE, REST, LAST))
    first, *others = check.judge(check.facts())
    assert [told(one)["summary"] for one in others] == ["Not looked at, because thing.connect did not pass."] * 2
    assert [(one.id, one.subject) for one in others] == [("thing.rest", "x"), ("thing.last", "x")]
    return told(first)


def test_a_setting_that_is_not_there_is_named():
    expected = {
        "id": "thing.connect",
        "severity": "skip",
        "summary": "Not tested: the plan has no valid “Host” (database.host).",
        "subject": "x",
        "because": ("database.host",),
    }
    for empty in ("", None):
        assert missing(good_plan().with_value("database.host", empty), settings=("database.host",)) == expected
    unread = good_plan().with_unreadable(Unreadable("database.host", "a b", "no host"))
    assert missing(unread, settings=("database.name", "database.host")) == expected
    assert missing(unread, readable=("database.host",)) == expected


@pytest.mark.parametrize("value", [0, False])
def test_a_value_that_is_nought_is_there(value):
    plan = good_plan().with_value("database.underscored", value)
    wanted = {"settings": ("database.underscored",), "readable": ("database.port",)}
    assert Prerequisites(plan, SECRETS, **wanted).missing("database", "x", (GATE,)) is None


def test_a_secret_that_is_not_at_hand_is_named_with_the_way_to_give_it():
    plan = good_plan().with_value("database.password", SecretRef("database.password"))
    found = missing(plan, {}, secret_keys=("queue.password", "database.password"))
    remedy = found.pop("remedy")
    assert "DB_PASSWORD" in remedy
    assert found == {
        "id": "thing.connect",
        "severity": "unknown",
        "summary": "Not tested: the secret “Password” (database.password) is not at hand.",
        "subject": "x",
        "detail": "The plan refers to it, but neither the secret store nor the environment gave a value.",
        "error": "missing",
    }


def test_a_check_has_no_subject_and_no_drivers_unless_it_names_them():
    bare = Check(component="a", specs=(GATE,), facts=dict, probe=print, judge=list)
    assert (bare.subject, bare.drivers, bare.name) == ("", (), "a")
    made = settled("a", "b", (GATE,), [])
    assert (made.probe(made.facts()), made.drivers, made.deadline) == (None, (), 5.0)
