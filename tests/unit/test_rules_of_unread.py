"""Which rules know nothing where a setting could not be read: those that rest on it, and no others."""

import pytest

from tests.unit.told import changed, told
from wizard.checks.plan.rules import rules
from wizard.plan.plan import Unreadable
from wizard.plan.sections import Deployment, Layout, Node, QueueKind, RedisRole

APART = {"redis.layout": Layout.PER_ROLE, **{f"redis.{role.field}.host": "redis.internal" for role in RedisRole}}
"""A server of its own for each role of Redis."""
HOME = {
    "application.deployment": Deployment.BARE,
    "redis.server.host": "localhost",
    "database.host": "localhost",
    "queue.kind": QueueKind.RABBITMQ,
    "queue.host": "localhost",
    "nodes": (
        Node(name="a", host="10.0.0.1", pm2_home="/var/lib/a/.pm2", socket_path="/var/lib/a/gateway.sock"),
        Node(name="b", host="10.0.0.1", port=13001, pm2_home="/var/lib/b/.pm2", socket_path="/var/lib/b/gateway.sock"),
    ),
    "extras": {"LOCAL_STORAGE_DEST": "uploads"},
}
"""Everything on one machine, without containers."""

REDIS = "redis_address redis_distinct redis_localhost"
RESTS = {
    "licence.method": "required",
    "licence.without_plugins": "coverage plugins",
    "application.public_url": "public_url",
    "application.public_path": "client_addresses",
    "application.version": "version",
    "application.deployment": "required",
    "application.aes_key_path": "aes_key",
    "application.time_zone": "time_zone",
    "application.environment": "environment",
    "application.async_tasks": "pool",
    "database.dialect": "database_password database_tls pool",
    "database.host": "database_localhost",
    "database.tls": "database_tls",
    "database.tls_mode": "database_tls",
    "database.time_zone": "time_zone",
    "database.pool_max": "pool",
    "database.pool_min": "pool",
    "redis.layout": REDIS,
    "redis.server.host": REDIS,
    "redis.server.port": "redis_distinct",
    "redis.databases.cache": "redis_address redis_distinct",
    "redis.databases.sync": "redis_address redis_distinct",
    "redis.databases.lock": "redis_address redis_distinct",
    "redis.databases.queue": "redis_address redis_distinct",
    "redis.databases.worker_id": "redis_address redis_distinct",
    "queue.kind": "redis_address redis_distinct redis_localhost required",
    "queue.url_variable": "unknown_variables",
    "storage.kind": "shared_storage",
    "nodes.0.name": "nodes",
    "nodes.0.host": "nodes shared_storage",
    "nodes.0.port": "nodes",
    "nodes.0.processes": "pool worker_ids",
    "nodes.0.worker_mode": "coverage pool version worker_mode",
    "nodes.1.name": "nodes",
    "nodes.1.host": "nodes shared_storage",
    "nodes.1.port": "nodes",
    "nodes.1.processes": "pool worker_ids",
    "nodes.1.worker_mode": "coverage pool version worker_mode",
    "balancer.server_name": "public_url",
    "balancer.port": "public_url",
    "balancer.tls": "public_url required",
    "balancer.tls_port": "public_url",
    "balancer.behind_proxy": "public_url",
    "name": "",
    "licence.username": "",
    "application.cors_origins": "",
    "database.port": "",
    "database.name": "",
    "redis.cache.host": "",
    "queue.host": "",
    "storage.path": "",
    "nodes.0.pm2_home": "",
    "balancer.kind": "public_url required",
    "balancer.redirect": "",
}
"""By the setting: the rules that rest on it in the good plan."""
RESTS_APART = {
    "redis.server.host": "",
    "redis.server.port": "",
    "redis.cache.host": REDIS,
    "redis.cache.port": "redis_distinct",
    "redis.sync.host": REDIS,
    "redis.sync.port": "redis_distinct",
    "redis.lock.host": REDIS,
    "redis.lock.port": "redis_distinct",
    "redis.queue.host": REDIS,
    "redis.queue.port": "redis_distinct",
    "redis.worker_id.host": REDIS,
    "redis.worker_id.port": "redis_distinct",
}
"""The same where each role of Redis has a server, as far as it differs."""
RESTS_AT_HOME = {
    "application.deployment": "database_localhost own_paths queue_localhost redis_localhost required uploads",
    "redis.databases.queue": "",
    "queue.kind": "queue_localhost redis_address redis_distinct redis_localhost required",
    "queue.host": "queue_localhost",
    "queue.url_variable": "queue_variables unknown_variables",
    "storage.path": "own_paths uploads",
    "nodes.0.name": "nodes own_paths",
    "nodes.0.host": "database_localhost nodes own_paths queue_localhost redis_localhost shared_storage",
    "nodes.0.pm2_home": "own_paths",
    "nodes.0.socket_path": "own_paths",
    "nodes.1.name": "nodes own_paths",
    "nodes.1.host": "database_localhost nodes own_paths queue_localhost redis_localhost shared_storage",
    "nodes.1.pm2_home": "own_paths",
    "nodes.1.socket_path": "own_paths",
}
"""The same on one machine, as far as it differs."""


def unknown(changes, key):
    """Return the rules that say `unknown` only as `key` could not be read."""
    usual = told(changes)
    found = told({**changes, "unreadable": [Unreadable(key, "?", "It is no value.")]})
    new = [line.split() for line in found if line not in usual]
    return " ".join(sorted({words[1].removeprefix("plan.") for words in new if words[0] == "unknown"}))


@pytest.mark.parametrize(("key", "rules"), RESTS.items())
def test_these_rules_and_no_others_rest_on_a_setting(key, rules):
    assert unknown({}, key) == rules


@pytest.mark.parametrize(("key", "rules"), RESTS_APART.items())
def test_where_each_role_has_a_server_its_own_counts(key, rules):
    assert unknown(APART, key) == rules


@pytest.mark.parametrize(("key", "rules"), RESTS_AT_HOME.items())
def test_where_localhost_is_meant_all_that_tells_the_machines_counts(key, rules):
    assert unknown(HOME, key) == rules


@pytest.mark.parametrize(
    ("key", "rules"),
    [
        ("application.deployment", ["plan.required"]),
        ("redis.layout", ["plan.redis_address", "plan.redis_localhost", "plan.redis_distinct"]),
        (
            "nodes",
            [
                "plan.required",
                "plan.version",
                "plan.pool",
                "plan.nodes",
                "plan.worker_ids",
                "plan.worker_mode",
                "plan.coverage",
                "plan.shared_storage",
            ],
        ),
    ],
)
def test_what_the_source_has_no_way_to_say_is_unknown_too(key, rules):
    lines = [line.split() for line in told({"unsaid": {key}})]
    assert [(words[0], words[1]) for words in lines] == [("unknown", rule) for rule in rules]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"unreadable": [Unreadable("database.dialect", "sqlite", "It is no kind.")]}, ("database.dialect",)),
        ({"unreadable": [Unreadable("database.dialect", "oracle", "It is no kind.")]}, ()),
        ({"unreadable": [Unreadable("database.port", "sqlite", "It is no number.")]}, ()),
    ],
)
def test_a_missing_host_is_laid_to_sqlite_alone_which_has_none(changes, cause):
    [finding] = [one for one in rules(*changed({"database.host": "", **changes})) if one.id == "plan.required"]
    assert (finding.subject, finding.because) == ("database.host", cause)
