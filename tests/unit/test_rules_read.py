"""What a rule declares to read, beside what it really reads, over many plans."""

import re
from collections import defaultdict
from dataclasses import replace

import pytest

from tests.noting import NotingPlan
from tests.unit.plans import good_plan
from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.checks.plan.rules import RULES
from wizard.checks.shared.connections import CONNECTIONS_READ, connections_needed
from wizard.plan.kinds import Choice
from wizard.plan.plan import Extra, Plan
from wizard.plan.plugins import PLUGINS_READ, needed_plugins

EXTRAS = tuple(
    Extra(name, value)
    for name, value in {
        "APP_PORT": "1",
        "API_BASE_URL": "http://x",
        "LOCAL_STORAGE_DEST": "/y",
        "STORAGE_PATH": "/x",
        "WEBSOCKET_URL": "ws://y",
        "FOO": "1",
    }.items()
)
CHANGED = {
    "application.public_url": "https://other.example.com:444",
    "application.version": "1.5.0",
    "balancer.tls": True,
    "database.host": "localhost",
    "queue.host": "localhost",
    "redis.server.host": "localhost",
    "redis.queue.host": "redis.example.com",
}

FOR_REMEDIES = {"_aes_key": {"storage.path"}}
"""What the remedy of one rule names, by its function, beside a judgement that does not rest on it."""


def _plans():
    yield Plan()
    for name in EXAMPLES:
        plan = plan_of(name)
        choices = [(key, setting.kind) for key, setting, _ in plan.settings() if isinstance(setting.kind, Choice)]
        for key, kind in choices:
            for option in kind.options:
                chosen = plan.with_value(key, option)
                yield replace(chosen, extras=EXTRAS)
                for changed, value in CHANGED.items():
                    chosen = chosen.with_value(changed, value)
                yield chosen


def _general(key):
    return re.sub(r"\.\d+\.", ".*.", key)


@pytest.fixture(scope="module")
def seen():
    """What each rule read and declared, over all plans, by its place; and where it read more than it declared."""
    read, declared, beyond = defaultdict(set), defaultdict(set), []
    for plan in _plans():
        noting = NotingPlan(plan)
        for place, rule in enumerate(RULES):
            noting.take()
            rule.findings(noting.plan, secrets_of(plan))
            found, said = ({_general(key) for key in keys} for keys in (noting.take(), rule.declared(plan)))
            read[place] |= found
            declared[place] |= said
            more = found - said - FOR_REMEDIES.get(getattr(rule.judge, "__name__", ""), set())
            if rule.reads is not None and more:
                beyond.append((place, sorted(more)))
    return read, declared, beyond


def test_no_rule_reads_what_it_does_not_declare(seen):
    assert seen[2] == []


def test_no_rule_declares_what_it_never_reads(seen):
    read, declared, _ = seen
    unread = {place: declared[place] - read[place] for place in declared}
    assert {place: sorted(keys) for place, keys in unread.items() if keys} == {}


@pytest.mark.parametrize(
    ("declared", "function"),
    [(CONNECTIONS_READ, connections_needed), (PLUGINS_READ, needed_plugins)],
    ids=["pools", "plug-ins"],
)
def test_what_judges_share_reads_what_it_declares(declared, function):
    noting = NotingPlan(good_plan())
    function(noting.plan)
    assert {_general(key) for key in noting.take()} == set(declared)


def test_looking_at_a_plan_is_noted_and_changes_nothing():
    plan = good_plan()
    noting = NotingPlan(plan)
    assert noting.plan.nodes[1].port == plan.nodes[1].port
    assert noting.plan.get("database.port") == plan.database.port
    assert noting.take() == ["database.port", "nodes", "nodes.1.port"]
    assert noting.take() == []
