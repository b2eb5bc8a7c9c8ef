"""What follows where the cache, the lock or the queue is one of each process alone: nodes start."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.checks.registry import spec_of
from wizard.engine.actions import actions
from wizard.plan.finding import Finding

ADDRESSES = {
    "CACHE_REDIS_URL": "redis://redis.internal:6379/0",
    "PUBSUB_ADAPTER_REDIS_URL": "redis://redis.internal:6379/1",
    "LOCK_ADAPTER_REDIS_URL": "redis://redis.internal:6379/2",
    "QUEUE_ADAPTER_REDIS_URL": "redis://redis.internal:6379/3",
    "REDIS_URL": "redis://redis.internal:6379/4",
}
CHOSEN = {"CACHE_DEFAULT_STORE": "redis", "LOCK_ADAPTER_DEFAULT": "redis", "QUEUE_ADAPTER": "redis"}


def _told(tmp_path, changed):
    file = tmp_path / "nocobase.env"
    variables = {"APP_ENV": "production", "DB_DIALECT": "postgres", **ADDRESSES, **CHOSEN, **changed}
    file.write_text("".join(f"{name}={value}\n" for name, value in variables.items() if value is not None))
    opened = open_source(str(file))
    made = actions(rules(opened.plan, opened.secrets), spec_of, lambda _finding: "")
    return [one for one in made if one.id.startswith("plan.value")]


@pytest.mark.parametrize(
    ("variable", "value", "follows"),
    [
        ("LOCK_ADAPTER_DEFAULT", "local", "a lock keeps out nobody but the process itself"),
        ("LOCK_ADAPTER_DEFAULT", None, "a lock keeps out nobody but the process itself"),
        ("CACHE_DEFAULT_STORE", "memory", "a cache of its own"),
        ("QUEUE_ADAPTER", "memory", "a task waits in the memory"),
        ("LOCK_ADAPTER_DEFAULT", "redlock", "The cluster does not start with it"),
        ("CACHE_DEFAULT_STORE", "memcached", "The cluster does not start with it"),
    ],
)
def test_what_follows_of_an_adapter_is_told_as_it_is(tmp_path, variable, value, follows):
    [action] = _told(tmp_path, {variable: value})
    assert follows in action.impact.text


def test_a_kept_finding_keeps_what_follows_of_it(tmp_path):
    file = tmp_path / "nocobase.env"
    file.write_text("DB_DIALECT=postgres\nREDIS_URL=redis://a:6379/4\nLOCK_ADAPTER_DEFAULT=local\n")
    opened = open_source(str(file))
    [found] = [one for one in rules(opened.plan, opened.secrets) if one.subject == "LOCK_ADAPTER_DEFAULT"]
    assert Finding.from_json(found.as_json()).effect == found.effect != ""
