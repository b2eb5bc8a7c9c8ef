"""Preparing a run: every component is there, no half-typed plan breaks it, and findings come in one order."""

import queue
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.patience import patience
from tests.unit.plans import SECRETS, good_plan
from wizard.app.check import in_order, prepare, unknown_ids
from wizard.app.export import export
from wizard.checks.registry import all_specs, names
from wizard.engine.events import RunFinished
from wizard.engine.report import Report
from wizard.engine.selection import Selection
from wizard.plan.finding import Severity
from wizard.plan.plan import SECTIONS, Extra, Plan
from wizard.plan.secret import HIDDEN
from wizard.plan.sections import Layout, LicenceMethod, Node, QueueKind

AWKWARD = ("", " ", "x", "0", "-1", "99999999999", "true", "http://", "[::1]", "a b;c}'\"\\", "${x}", "\u202e漢")


def prepared(plan: Plan, secrets=SECRETS):
    return prepare(plan, secrets, lambda _event: None)


def test_every_id_is_told_once_and_belongs_to_a_component():
    counted = Counter(spec.id for spec in all_specs())
    assert [identifier for identifier, count in counted.items() if count > 1] == []
    assert {identifier.partition(".")[0] for identifier in counted} <= set(names())
    assert all(spec.means for spec in all_specs())


@pytest.mark.parametrize("kind", list(QueueKind))
def test_each_component_of_a_good_plan_is_checked(kind):
    run = prepared(good_plan().with_value("queue.kind", kind))
    expected = set(names()) - {"cluster", "inside"} - (set() if kind is QueueKind.RABBITMQ else {"rabbitmq"})
    assert {check.component for check in run.checks if check.specs} >= expected
    assert {spec.id for cross in run.cross_checks for spec in cross.specs} >= {"cluster.versions", "redis.distinct"}
    declared = {spec.id for spec in all_specs()}
    assert {spec.id for check in run.checks for spec in check.specs} <= declared


def test_an_empty_plan_can_be_checked():
    assert prepared(Plan(), {}).checks


@pytest.mark.parametrize("base", ["empty", "good", "other"])
def test_no_half_typed_setting_breaks_the_preparation(base):
    plan = {"empty": Plan(nodes=(Node(), Node())), "good": good_plan(), "other": other_plan()}[base]
    for text in AWKWARD:
        whole = plan
        for section in SECTIONS:
            part = plan
            for key, setting, _value in plan.settings():
                if key.startswith(section) and not setting.secret:
                    part, whole = part.with_text(key, text), whole.with_text(key, text)
            assert prepared(part).checks, (section, text)
        assert prepared(whole).checks, text


def other_plan() -> Plan:
    plan = replace(good_plan(), extras=(Extra("not a name", "x"),), nodes=(Node(name="a"), Node(name="a")))
    for key, value in {
        "redis.layout": Layout.PER_ROLE,
        "queue.kind": QueueKind.RABBITMQ,
        "licence.method": LicenceMethod.KEY,
    }.items():
        plan = plan.with_value(key, value)
    return plan


def test_a_run_hides_every_secret_it_was_given():
    secret = SECRETS["database.password"].reveal()
    assert prepared(good_plan()).redactor.text(f"password {secret}") == f"password {HIDDEN}"


def test_findings_come_by_component_subject_and_id_however_the_checks_ended():
    run = prepared(good_plan())
    specs = {spec.id: spec for spec in all_specs()}
    wanted = [
        specs["plan.value"].passed(""),
        specs["plan.app_key"].fail("", subject="application.app_key"),
        specs["database.connect"].passed(""),
        specs["database.version"].passed(""),
        specs["redis.connect"].passed("", subject="cache"),
        specs["redis.version"].passed("", subject="cache"),
        specs["redis.connect"].passed("", subject="sync"),
        specs["redis.distinct"].passed(""),
        specs["node.connect"].passed("", subject="node1"),
        specs["node.connect"].passed("", subject="node2"),
        specs["cluster.versions"].passed(""),
    ]
    report = Report(tuple(reversed(wanted)), datetime(2026, 1, 1, tzinfo=UTC), 1)
    assert list(in_order(run, report).findings) == wanted
    assert in_order(run, report).count(Severity.FAIL) == 1


def test_an_id_nobody_has_is_told_with_those_that_look_like_it():
    assert unknown_ids(["plan.", "redis", "redis.connect", ""]) == {}
    assert unknown_ids(["redis.conect"]) == {"redis.conect": ["redis.connect"]}
    assert "rabbitmq" in unknown_ids(["rabitmq"])["rabitmq"]


def test_the_options_of_a_run_arrive():
    run = prepare(good_plan(), {}, print, selection=Selection(("a",)), jobs=3, timeout=1.5, deadline=2.5)
    assert (run.selection.only, run.jobs, run.timeout, run.deadline) == (("a",), 3, 1.5, 2.5)


@pytest.mark.parametrize("edited", [False, True])
def test_the_site_of_a_bundle_is_not_held_against_a_plan_that_was_edited_since(tmp_path, edited):
    export(good_plan(), SECRETS, tmp_path / "out")
    events = queue.SimpleQueue()
    only = Selection(only=("balancer.upstream",))
    run = prepare(good_plan(), SECRETS, events.put, selection=only, bundle=tmp_path / "out", edited=edited)
    run.start()
    while not isinstance(event := events.get(timeout=patience(30)), RunFinished):
        pass
    assert [finding.severity is Severity.SKIP for finding in event.report.findings] == [edited]
