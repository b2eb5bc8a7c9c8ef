"""What the rules say on the database, Redis and RabbitMQ, of one change of a plan at a time."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.told import NO_REDIS, told
from wizard.checks.plan.rules import rules
from wizard.plan.finding import Severity
from wizard.plan.plan import Unreadable
from wizard.plan.sections import Deployment, Dialect, Layout, Node, QueueKind, RedisRole

ONE_MACHINE = (Node(name="a", host="10.0.0.1"), Node(name="b", host="10.0.0.1", port=13001))
EACH = {"redis.layout": Layout.PER_ROLE, **{f"redis.{role.field}.host": "redis.internal" for role in RedisRole}}
RABBIT = {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit.internal"}

TOLD = [
    # time zones
    ({"application.time_zone": "", "database.time_zone": ""}, ["warn plan.time_zone application.time_zone"]),
    ({"application.time_zone": "", "database.time_zone": "Europe/Paris"}, []),
    ({"application.time_zone": "Europe/Paris"}, []),
    (
        {"application.time_zone": "Etc/GMT-5", "database.time_zone": "+05:00"},
        ["warn plan.time_zone database.time_zone"],
    ),
    (
        {"application.time_zone": "Etc/GMT+5", "database.time_zone": "-05:00"},
        ["warn plan.time_zone database.time_zone"],
    ),
    (
        {"application.time_zone": "Etc/GMT+5", "database.time_zone": "+05:00"},
        ["fail plan.time_zone other database.time_zone"],
    ),
    (
        {"application.time_zone": "Asia/Kolkata", "database.time_zone": "+05:30"},
        ["warn plan.time_zone database.time_zone"],
    ),
    (
        {"application.time_zone": "Asia/Kolkata", "database.time_zone": "+05:00"},
        ["fail plan.time_zone other database.time_zone"],
    ),
    ({"application.time_zone": "Asia/Kolkata", "database.time_zone": "Asia/Kolkata"}, []),
    (
        {"application.time_zone": "Asia/Kolkata", "database.dialect": Dialect.MARIADB},
        ["fail plan.time_zone other database.dialect", "gone plan.database_password"],
    ),
    (
        {"application.time_zone": "Etc/GMT-5", "database.time_zone": "+05:30", "database.dialect": Dialect.MARIADB},
        ["fail plan.time_zone other database.time_zone", "gone plan.database_password"],
    ),
    (
        {"application.time_zone": "", "database.time_zone": "-03:30", "database.dialect": Dialect.MARIADB},
        ["fail plan.time_zone other database.dialect", "gone plan.database_password"],
    ),
    (
        {"application.time_zone": "Asia/Tehran", "database.time_zone": "+03:30", "database.dialect": Dialect.MARIADB},
        ["fail plan.time_zone other database.dialect", "gone plan.database_password"],
    ),
    (
        {"application.time_zone": "Asia/Shanghai", "database.dialect": Dialect.MARIADB},
        ["gone plan.database_password"],
    ),
    (
        {"application.time_zone": "Asia/Kolkata", "database.dialect": Dialect.MYSQL},
        ["gone plan.database_password"],
    ),
    # the database
    (
        {"secrets": {"database.password": "with\ttab"}},
        ["info plan.env_text", "warn plan.database_password database.password"],
    ),
    (
        {"secrets": {"database.password": "back\\slash"}, "database.dialect": Dialect.MYSQL},
        ["info plan.env_text", "gone plan.database_password"],
    ),
    (
        {"secrets": {"database.password": "with space"}, "database.user": "Some One"},
        ["info plan.env_text", "warn plan.database_password database.password"],
    ),
    ({"without": {"database.password"}}, ["gone plan.database_password"]),
    ({"database.password": None}, ["gone plan.database_password"]),
    ({"database.dialect": Dialect.MARIADB}, ["gone plan.database_password"]),
    ({"database.pool_min": 5, "database.pool_max": 5}, []),
    ({"database.pool_min": 6, "database.pool_max": 5}, ["fail plan.pool other database.pool_max"]),
    ({"database.pool_max": 7}, []),
    ({"database.pool_max": 8}, ["info plan.pool database.pool_max"]),
    (
        {"database.pool_max": 12, "database.dialect": Dialect.MYSQL},
        ["info plan.pool database.pool_max", "gone plan.database_password"],
    ),
    ({"database.pool_max": 11, "database.dialect": Dialect.MYSQL}, ["gone plan.database_password"]),
    (
        {"database.pool_max": 200, "nodes": ()},
        [
            "skip plan.pool database.pool_max",
            "unknown plan.nodes nodes",
            "gone plan.coverage",
            "gone plan.shared_storage",
            "gone plan.worker_ids",
            "gone plan.worker_mode",
        ],
    ),
    (
        {"database.host": "localhost", "nodes": ONE_MACHINE, "application.deployment": Deployment.BARE},
        [
            "fail plan.own_paths (a) other nodes.0.pm2_home",
            "fail plan.own_paths (b) other nodes.1.pm2_home",
        ],
    ),
    (
        {"database.host": "::1", "application.deployment": Deployment.BARE},
        [
            "fail plan.database_localhost missing database.host",
            "fail plan.own_paths (node1) other nodes.0.pm2_home",
            "fail plan.own_paths (node2) other nodes.1.pm2_home",
            "fail plan.own_paths (node3) other nodes.2.pm2_home",
        ],
    ),
    ({"database.host": "LOCALHOST."}, ["fail plan.database_localhost missing database.host"]),
    (
        {"database.host": "localhost", "nodes": ONE_MACHINE, "unsaid": {"application.deployment"}},
        ["unknown plan.required", "unknown plan.database_localhost database.host"],
    ),
    (
        {"database.host": "localhost", "unsaid": {"application.deployment"}},
        ["unknown plan.required", "fail plan.database_localhost missing database.host"],
    ),
    ({"database.host": "db2.internal", "unsaid": {"application.deployment"}}, ["unknown plan.required"]),
    (
        {
            "database.host": "localhost",
            "nodes": ONE_MACHINE,
            "unreadable": [Unreadable("application.deployment", "vm", "It is none.")],
        },
        [
            "fail plan.value (application.deployment) protocol application.deployment",
            "unknown plan.required",
            "unknown plan.database_localhost database.host",
        ],
    ),
    # Redis
    (
        {"redis.server.host": ""},
        [
            *NO_REDIS,
        ],
    ),
    ({**EACH}, []),
    ({**EACH, "redis.cache.host": ""}, ["fail plan.redis_address (cache) missing redis.cache.host"]),
    (
        {**EACH, "redis.worker_id.host": "", "redis.sync.host": ""},
        [
            "fail plan.redis_address (sync) missing redis.sync.host",
            "fail plan.redis_address (worker-id) missing redis.worker_id.host",
        ],
    ),
    (
        {**EACH, "redis.queue.host": "", **RABBIT},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    ({**EACH, "redis.lock.host": "localhost"}, ["fail plan.redis_localhost (lock) missing redis.lock.host"]),
    ({**EACH, "redis.databases.lock": 0, "redis.lock.port": 6380}, []),
    (
        {**EACH, "redis.databases.lock": 0, "redis.lock.host": "REDIS.internal"},
        ["fail plan.redis_distinct other redis.databases.lock"],
    ),
    ({**EACH, "redis.databases.lock": 1}, ["warn plan.redis_distinct redis.databases.lock"]),
    (
        {**EACH, "redis.databases.lock": 1, "unreadable": [Unreadable("redis.lock.port", "x", "It is no number.")]},
        [
            "fail plan.value (redis.lock.port) protocol redis.lock.port",
            "unknown plan.redis_distinct redis.databases.cache",
        ],
    ),
    (
        {
            **EACH,
            "redis.databases.lock": 1,
            "unreadable": [Unreadable("redis.databases.lock", "x", "It is no number.")],
        },
        [
            "fail plan.value (redis.databases.lock) protocol redis.databases.lock",
            "unknown plan.redis_address redis.layout",
            "unknown plan.redis_distinct redis.databases.cache",
        ],
    ),
    ({"redis.databases.sync": 2, "redis.databases.queue": 2}, ["warn plan.redis_distinct redis.databases.queue"]),
    (
        {"redis.databases.sync": 2, "redis.databases.worker_id": 3},
        [
            "warn plan.redis_distinct (sync, lock) redis.databases.lock",
            "warn plan.redis_distinct (queue, worker-id) redis.databases.worker_id",
        ],
    ),
    ({"queue.host": "rabbit.internal"}, []),  # left of RabbitMQ: Redis carries the queue
    (
        {"redis.databases.queue": 0, **RABBIT},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {"redis.server.host": "127.0.0.1", **RABBIT},
        [
            "fail plan.redis_localhost (cache) missing redis.server.host",
            "fail plan.redis_localhost (sync) missing redis.server.host",
            "fail plan.redis_localhost (lock) missing redis.server.host",
            "fail plan.redis_localhost (worker-id) missing redis.server.host",
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
        ],
    ),
    (
        {"unreadable": [Unreadable("LOCK_ADAPTER_REDIS_URL", "x", "It is no address.")], "redis.databases.sync": 0},
        [
            "fail plan.value (LOCK_ADAPTER_REDIS_URL) protocol LOCK_ADAPTER_REDIS_URL",
            "unknown plan.redis_address redis.layout",
            "unknown plan.redis_localhost redis.layout",
            "fail plan.redis_distinct other redis.databases.sync",
        ],
    ),
    (
        {"unreadable": [Unreadable("QUEUE_ADAPTER_REDIS_URL", "x", "It is no address.")], **RABBIT},
        [
            "fail plan.value (QUEUE_ADAPTER_REDIS_URL) protocol QUEUE_ADAPTER_REDIS_URL",
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
        ],
    ),
    (
        {"redis.server.host": "localhost", "unsaid": {"application.deployment"}, "nodes": ONE_MACHINE},
        [
            "unknown plan.required",
            "unknown plan.redis_localhost (cache) redis.server.host",
            "unknown plan.redis_localhost (sync) redis.server.host",
            "unknown plan.redis_localhost (lock) redis.server.host",
            "unknown plan.redis_localhost (queue) redis.server.host",
            "unknown plan.redis_localhost (worker-id) redis.server.host",
        ],
    ),
    # RabbitMQ
    ({**RABBIT}, ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"]),
    (
        {**RABBIT, "queue.host": "127.0.0.1"},
        ["warn plan.queue_variables queue.url_variable", "fail plan.queue_localhost missing queue.host"],
    ),
    (
        {**RABBIT, "queue.host": "localhost", "nodes": ONE_MACHINE, "application.deployment": Deployment.BARE},
        [
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
            "fail plan.own_paths (a) other nodes.0.pm2_home",
            "fail plan.own_paths (b) other nodes.1.pm2_home",
        ],
    ),
    (
        {**RABBIT, "queue.host": "localhost", "application.deployment": Deployment.BARE},
        [
            "warn plan.queue_variables queue.url_variable",
            "fail plan.queue_localhost missing queue.host",
            "fail plan.own_paths (node1) other nodes.0.pm2_home",
            "fail plan.own_paths (node2) other nodes.1.pm2_home",
            "fail plan.own_paths (node3) other nodes.2.pm2_home",
        ],
    ),
    (
        {**RABBIT, "queue.host": ""},
        ["fail plan.required (queue.host) missing queue.host", "warn plan.queue_variables queue.url_variable"],
    ),
    (
        {**RABBIT, "queue.host": "localhost", "unsaid": {"application.deployment"}, "nodes": ONE_MACHINE},
        [
            "unknown plan.required",
            "warn plan.queue_variables queue.url_variable",
            "unknown plan.queue_localhost queue.host",
        ],
    ),
    (
        {**RABBIT, "queue.url_variable": "DB_HOST"},
        ["fail plan.queue_variables other queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {**RABBIT, "queue.url_variable": "CACHE_REDIS_URL"},
        ["fail plan.queue_variables other queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {**RABBIT, "queue.url_variable": "LOGGER_LEVEL"},
        ["fail plan.queue_variables other queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {**RABBIT, "queue.url_variable": "QUEUE_ADAPTER_REDIS_URL"},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {**RABBIT, "queue.url_variable": "RABBITMQ_URL", "queue.adapter": "amqp"},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    ({"queue.host": "localhost"}, []),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines


def test_a_time_zone_that_mariadbs_own_driver_refuses_fails_and_leads_to_the_other_driver():
    plan = good_plan().with_value("database.dialect", Dialect.MARIADB)
    found = {one.id: one for one in rules(plan.with_value("application.time_zone", "Asia/Kolkata"), SECRETS)}
    found = found["plan.time_zone"]
    assert (found.severity, found.remedy) == (Severity.FAIL, "DB_DIALECT=mysql")
    assert "Asia/Kolkata" in found.summary
