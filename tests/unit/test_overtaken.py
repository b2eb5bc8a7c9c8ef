"""What an edit overtakes: a result is stale where its check would be asked otherwise now, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.unit.plans import good_plan
from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.checks.registry import components
from wizard.engine.component import Component, Request
from wizard.guide import edits, flow, status
from wizard.guide.entered import Entered, among, differences
from wizard.guide.findings_store import FindingsStore
from wizard.guide.overtaken import changed_values
from wizard.plan.finding import Finding, Severity
from wizard.plan.plan import Extra, Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import QueueKind
from wizard.plan.spec import Spec

FOR_REMEDIES = {
    "application.deployment",
    "balancer.kind",
    "balancer.tls",
    "nodes.*.host",
    "nodes.*.name",
    "nodes.*.processes",
    "redis.databases.worker_id",
    "redis.server.port",
    "storage.path",
}
"""What words of advice name beside a judgement that does not rest on it."""


def _plans() -> Iterator[tuple[Plan, dict[str, Secret]]]:
    for name in EXAMPLES:
        plan = plan_of(name)
        yield plan, secrets_of(plan)
        yield plan.with_value("queue.kind", QueueKind.RABBITMQ), secrets_of(plan)


def _asked(component: Component, plan: Plan, secrets: dict[str, Secret]) -> dict[tuple[str, tuple[str, ...]], Any]:
    """Return what each check asks and judges with, by its subject and its ids."""
    return {
        (check.subject, tuple(spec.id for spec in check.specs)): [_held(check.probe), _held(check.judge)]
        for check in component.checks(plan, secrets, Request())
    }


def _held(function: Any) -> list[Any]:
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    values = [*function.args] if isinstance(function, partial) else cells
    return [
        _held(value) if callable(value) and not isinstance(value, type) else value
        for value in values
        if not isinstance(value, Plan)
    ]


def _changes(plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Go through edits of one setting each."""
    for key, setting, value in plan.settings():
        if isinstance(value, bool):
            yield key, plan.with_value(key, not value)
        elif isinstance(value, int):
            yield key, plan.with_value(key, value + 1)
        elif type(value) is str and not setting.secret:
            yield key, plan.with_value(key, f"{value}/x/" if value else "/x/")


@pytest.mark.parametrize("component", [one for one in components() if one.name not in {"plan", "inside"}])
def test_what_a_check_is_asked_with_is_among_what_its_results_rest_on(component: Component) -> None:
    forgotten = set[tuple[str, str]]()
    for plan, secrets in _plans():
        before = _asked(component, plan, secrets)
        for key, changed in _changes(plan):
            for place, held in _asked(component, changed, secrets).items():
                if place in before and held != before[place]:
                    subject, ids = place
                    told = [
                        Finding(id=identifier, severity=Severity.PASS, summary="", subject=subject)
                        for identifier in ids
                    ]
                    if not any(among([key], component.rests_on(changed, finding)) for finding in told):
                        forgotten.add((_general(key), ids[0]))
    assert {one for one in forgotten if one[0] not in FOR_REMEDIES} == set()


def _general(key: str) -> str:
    section, _, rest = key.partition(".")
    return f"nodes.*.{rest.partition('.')[2]}" if section == "nodes" else key


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("nodes.*.host", ["nodes", "nodes.0.host", "nodes.12.host"]),
        ("nodes.0", ["nodes.0.host", "nodes.0.port"]),
        ("nodes", ["nodes", "nodes.0.host", "nodes.0.port", "nodes.12.host"]),
        ("database", ["database.host"]),
        ("database.host", ["database.host"]),
        ("data", []),
    ],
)
def test_a_list_names_settings_groups_and_one_thing_of_each_node(wanted: str, named: list[str]) -> None:
    keys = ["nodes", "nodes.0.host", "nodes.0.port", "nodes.12.host", "database.host", "nodes_extra"]
    assert list(among(keys, [wanted])) == named


def _store(plan: Plan, *findings: Finding) -> FindingsStore:
    store = FindingsStore()
    store.now(Entered(plan, {}))
    store.begin({finding.component for finding in findings})
    store.add(findings)
    store.finish()
    return store


CONNECT, REDIS, NODE = (Spec(name, "") for name in ("database.connect", "redis.connect", "node.connect"))


def test_a_result_is_stale_by_the_value_it_rests_on_and_fresh_when_that_is_set_back() -> None:
    plan, finding = good_plan(), CONNECT.passed("Connected.")
    store = _store(plan, finding)
    for key, value in (("database.pool_idle", 7), ("balancer.port", 81), ("nodes.0.port", 14000)):
        store.now(Entered(plan.with_value(key, value), {}))
        assert not store.stale(finding), key
    edited = plan.with_value("database.host", "db2")
    store.now(Entered(edited, {}))
    assert store.stale(finding)
    assert store.touched(finding) == ("database.host",)
    assert status.stale_words([finding], store) == "Host changed since the test"
    assert changed_values(edited, store, [finding]) == "Database: Host"
    store.now(Entered(edited.with_value("database.host", plan.database.host), {}))
    assert not store.stale(finding)
    assert not store.any_stale


@pytest.mark.parametrize(
    ("key", "alone", "with_its_page"),
    [
        ("database.host", "Host", "Database: Host"),
        ("nodes", "Nodes", "Nodes"),
        ("NO_SETTING", "NO_SETTING", "NO_SETTING"),
    ],
)
def test_a_value_has_one_name_wherever_it_is_told(key: str, alone: str, with_its_page: str) -> None:
    assert status.label(good_plan(), key) == alone
    assert flow.called(good_plan(), key) == with_its_page


def test_several_values_are_counted() -> None:
    plan, finding = good_plan(), CONNECT.passed("Connected.")
    store = _store(plan, finding)
    store.now(Entered(plan.with_value("database.host", "db2").with_value("database.port", 5433), {}))
    assert status.stale_words([finding], store) == "2 values changed since the test"


def test_what_cannot_be_read_overtakes_too_and_so_does_another_secret() -> None:
    plan, finding = good_plan(), CONNECT.passed("Connected.")
    store = _store(plan, finding)
    store.now(Entered(plan.with_text("database.port", "many"), {}))
    assert store.touched(finding) == ("database.port",)
    ref = plan.database.password
    assert ref
    store.now(Entered(plan, {ref.name: Secret("another")}))
    assert store.touched(finding) == ("database.password",)
    store.now(Entered(plan, {}))
    assert not store.stale(finding)


def test_one_role_of_redis_is_overtaken_and_the_others_stay() -> None:
    plan = good_plan().with_value("redis.databases.cache", 3)
    cache, lock = REDIS.passed("", subject="cache"), REDIS.passed("", subject="lock")
    store = _store(plan, cache, lock)
    store.now(Entered(plan.with_value("redis.databases.cache", 4), {}))
    assert (store.stale(cache), store.stale(lock)) == (True, False)


def test_one_node_is_overtaken_and_the_others_stay_also_where_one_is_taken_out() -> None:
    plan = edits.with_new_node(good_plan())
    names = [node.name for node in plan.nodes]
    found = [NODE.passed("", subject=name) for name in names]
    store = _store(plan, *found)
    store.now(Entered(plan.with_value("nodes.1.host", "elsewhere"), {}))
    assert [store.stale(item) for item in found] == [False, True, *[False] * (len(names) - 2)]
    store.now(Entered(edits.without_node(plan, 0), {}))
    assert not any(store.stale(item) for item in found[1:])


def test_a_variable_that_no_setting_covers_goes_by_its_name() -> None:
    then = replace(Plan(), extras=(Extra("FOO", "1"),))
    now = replace(then, extras=(Extra("FOO", "2"),))
    assert differences(Entered(then, {}), Entered(now, {})) == ("FOO",)


def test_all_of_a_plan_may_have_changed_what_a_bundle_says() -> None:
    plan = good_plan()
    finding = Spec("plan.bundle_files", "").passed("As it was exported.")
    store = _store(plan, finding)
    store.now(Entered(plan.with_value("database.pool_idle", 7), {}))
    assert store.stale(finding)
    store.now(Entered(plan, {}))
    assert not store.stale(finding)
    store.overtake_bundle()
    assert store.stale(finding)
