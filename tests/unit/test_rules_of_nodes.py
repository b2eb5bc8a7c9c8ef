"""What the rules say on nodes and on variables that take a setting's place, of one change of a plan at a time."""

import pytest

from tests.unit.told import ALONE, NO_REDIS, told
from wizard.plan.plan import Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Node, QueueKind, StorageKind

TOLD = [
    # names and addresses of nodes
    (
        {"nodes": ()},
        [
            "skip plan.pool database.pool_max",
            "unknown plan.nodes nodes",
            "gone plan.coverage",
            "gone plan.shared_storage",
            "gone plan.worker_ids",
            "gone plan.worker_mode",
        ],
    ),
    ({"nodes": (Node(name="a", host="10.0.0.1"),)}, ["warn plan.nodes nodes"]),
    (
        {"nodes": (Node(name="a", host="10.0.0.1"), Node(name="a", host="10.0.0.1"))},
        ["fail plan.nodes (a) other nodes", "fail plan.nodes (10.0.0.1:13000) other nodes"],
    ),
    (
        {"nodes": (Node(name="a", host="10.0.0.1"), Node(name="a", host="10.0.0.2"), Node(name="b", host="10.0.0.2"))},
        ["fail plan.nodes (a) other nodes", "fail plan.nodes (10.0.0.2:13000) other nodes"],
    ),
    (
        {"nodes": (Node(name="", host=""), Node(name="", host=""))},
        [
            "fail plan.required (nodes.0.name) missing nodes.0.name",
            "fail plan.required (nodes.0.host) missing nodes.0.host",
            "fail plan.required (nodes.1.name) missing nodes.1.name",
            "fail plan.required (nodes.1.host) missing nodes.1.host",
        ],
    ),
    ({"nodes.1.host": "10.0.0.1", "nodes.1.port": 13001}, []),
    (
        {"nodes.1.host": "10.0.0.1", "unreadable": [Unreadable("nodes.1.port", "x", "It is no number.")]},
        ["fail plan.value (nodes.1.port) protocol nodes.1.port", "unknown plan.nodes nodes"],
    ),
    (
        {"unreadable": [Unreadable("nodes.1.name", "x y", "It is no name.")]},
        ["fail plan.value (nodes.1.name) protocol nodes.1.name", "unknown plan.nodes nodes"],
    ),
    # processes and worker modes
    ({"nodes.0.processes": 30}, ["info plan.pool database.pool_max"]),
    ({"nodes.0.processes": 31}, ["info plan.pool database.pool_max", "fail plan.worker_ids other nodes"]),
    (
        {"nodes.0.worker_mode": "!,*", "nodes.1.worker_mode": "!,mine"},
        [
            "info plan.env_text",
            "fail plan.worker_mode (node1) protocol nodes.0.worker_mode",
            "warn plan.worker_mode (node2) nodes.1.worker_mode",
        ],
    ),
    ({"nodes.0.worker_mode": "!,mine:task"}, ["info plan.env_text"]),
    ({"nodes.2.worker_mode": "-"}, ["fail plan.worker_mode (node3) protocol nodes.2.worker_mode"]),
    (
        {"nodes.0.worker_mode": "!", "nodes.1.worker_mode": "!", "nodes.2.worker_mode": "!"},
        [
            "info plan.env_text",
            "fail plan.coverage (workflow:process) missing nodes",
            "fail plan.coverage (async-task:process) missing nodes",
        ],
    ),
    (
        {"nodes.0.worker_mode": "!,workflow:process", "nodes.1.worker_mode": "!", "nodes.2.worker_mode": "!"},
        ["info plan.env_text", "fail plan.coverage (async-task:process) missing nodes"],
    ),
    (
        {"nodes.0.worker_mode": "*", "nodes.1.worker_mode": "*", "nodes.2.worker_mode": "*"},
        ["info plan.env_text", "fail plan.coverage (!) missing nodes"],
    ),
    ({"nodes.0.worker_mode": "*", "nodes.1.worker_mode": "!", "nodes.2.worker_mode": "!"}, ["info plan.env_text"]),
    (  # without the plug-ins no queue is shared: what node2 and node3 leave to node1 waits for ever
        {
            "licence.without_plugins": True,
            "nodes.0.worker_mode": "*",
            "nodes.1.worker_mode": "!",
            "nodes.2.worker_mode": "!,workflow:process",
        },
        [
            "info plan.env_text",
            "warn plan.plugins licence.without_plugins",
            "fail plan.coverage (node2) missing nodes.1.worker_mode",
            "fail plan.coverage (node3) missing nodes.2.worker_mode",
        ],
    ),
    (
        {"licence.without_plugins": True, "nodes.0.worker_mode": "!,workflow:process,async-task:process"},
        ["info plan.env_text", "warn plan.plugins licence.without_plugins"],
    ),
    # storage, and paths of their own
    ({"storage.kind": StorageKind.LOCAL}, ["fail plan.shared_storage missing storage.kind"]),
    ({"storage.kind": StorageKind.CLUSTER}, []),
    ({**ALONE}, ["pass plan.own_paths nodes"]),
    ({**ALONE, "storage.kind": StorageKind.LOCAL}, ["pass plan.own_paths nodes"]),
    ({**ALONE, "nodes.0.pm2_home": ""}, ["fail plan.own_paths (a) other nodes.0.pm2_home"]),
    ({**ALONE, "nodes.0.pm2_home": "/srv/nocobase/.pm2"}, ["fail plan.own_paths (a) other nodes.0.pm2_home"]),
    ({**ALONE, "nodes.0.pm2_home": "/srv/nocobase-2/.pm2"}, ["pass plan.own_paths nodes"]),
    ({**ALONE, "nodes.1.socket_path": "/srv/nocobase"}, ["fail plan.own_paths (b) other nodes.1.socket_path"]),
    (
        {**ALONE, "nodes.1.socket_path": "/srv/nocobase", "storage.path": ""},
        ["fail plan.required (storage.path) missing storage.path", "pass plan.own_paths nodes"],
    ),
    ({**ALONE, "nodes.1.pm2_home": "/var/lib/a/.pm2"}, ["fail plan.own_paths (b) other nodes.1.pm2_home"]),
    (
        {**ALONE, "nodes.1.socket_path": "/var/lib/a/gateway.sock"},
        ["fail plan.own_paths (b) other nodes.1.socket_path"],
    ),
    (
        {**ALONE, "nodes.1.pm2_home": "/var/lib/a/.pm2", "nodes.1.socket_path": "/srv/nocobase/gateway.sock"},
        ["fail plan.own_paths (b) other nodes.1.pm2_home"],
    ),
    ({**ALONE, "nodes.1.host": "10.0.0.2", "nodes.1.pm2_home": "/var/lib/a/.pm2"}, ["pass plan.own_paths nodes"]),
    # variables in the place of settings
    ({"extras": {"APP_PORT": "14000"}}, ["fail plan.overridden (APP_PORT) other APP_PORT"]),
    ({"extras": {"APP_PORT": "14000"}, "nodes.1.port": 14000}, ["fail plan.overridden (APP_PORT) other APP_PORT"]),
    (
        {"extras": {"APP_PORT": "13000"}, "unreadable": [Unreadable("nodes.1.port", "x", "It is no number.")]},
        [
            "fail plan.value (nodes.1.port) protocol nodes.1.port",
            "fail plan.overridden (APP_PORT) other APP_PORT",
            "unknown plan.nodes nodes",
        ],
    ),
    ({"extras": {"PM2_HOME": "/x"}}, []),
    (
        {**ALONE, "extras": {"PM2_HOME": "/x"}},
        ["fail plan.overridden (PM2_HOME) other PM2_HOME", "pass plan.own_paths nodes"],
    ),
    ({"extras": {"DB_HOST": "other"}}, ["warn plan.overridden (DB_HOST) DB_HOST"]),
    (
        {"extras": {"DB_HOST": "db.internal"}, "unreadable": [Unreadable("database.host", "a b", "It is no host.")]},
        [
            "fail plan.value (database.host) protocol database.host",
            "warn plan.overridden (DB_HOST) DB_HOST",
            "unknown plan.database_localhost database.host",
        ],
    ),
    ({"extras": {"DB_PORT": "5433"}}, []),
    ({"database.port": 5432, "extras": {"DB_PORT": "5433"}}, ["warn plan.overridden (DB_PORT) DB_PORT"]),
    ({"extras": {"CACHE_DEFAULT_STORE": "memory"}}, ["warn plan.overridden (CACHE_DEFAULT_STORE) CACHE_DEFAULT_STORE"]),
    (
        {"extras": {"LOCK_ADAPTER_DEFAULT": "local"}},
        ["warn plan.overridden (LOCK_ADAPTER_DEFAULT) LOCK_ADAPTER_DEFAULT"],
    ),
    (
        {"licence.without_plugins": True, "extras": {"LOCK_ADAPTER_DEFAULT": "local"}},
        ["warn plan.plugins licence.without_plugins"],
    ),
    ({"extras": {"CACHE_REDIS_URL": "redis://x"}}, ["warn plan.overridden (CACHE_REDIS_URL) CACHE_REDIS_URL"]),
    (
        {"redis.server.host": "", "extras": {"CACHE_REDIS_URL": "redis://x"}},
        [
            *NO_REDIS,
        ],
    ),
    ({"extras": {"QUEUE_ADAPTER": "rabbitmq"}}, ["warn plan.overridden (QUEUE_ADAPTER) QUEUE_ADAPTER"]),
    (
        {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit", "extras": {"QUEUE_ADAPTER": "rabbitmq"}},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    (
        {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit", "extras": {"QUEUE_ADAPTER": "redis"}},
        [
            "warn plan.overridden (QUEUE_ADAPTER) QUEUE_ADAPTER",
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
        ],
    ),
    (
        {
            "queue.kind": QueueKind.RABBITMQ,
            "queue.host": "rabbit",
            "extras": {"QUEUE_ADAPTER_RABBITMQ_URL": "amqp://x"},
        },
        [
            "warn plan.overridden (QUEUE_ADAPTER_RABBITMQ_URL) QUEUE_ADAPTER_RABBITMQ_URL",
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
        ],
    ),
    (
        {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit", "extras": {"QUEUE_ADAPTER_REDIS_URL": "redis://x"}},
        ["warn plan.queue_variables queue.url_variable", "pass plan.queue_localhost queue.host"],
    ),
    ({**ALONE, "extras": {"STORAGE_PATH": "/srv/nocobase"}}, ["pass plan.own_paths nodes"]),
    (
        {**ALONE, "extras": {"STORAGE_PATH": "/elsewhere"}},
        [
            "warn plan.overridden (STORAGE_PATH) STORAGE_PATH",
            "fail plan.uploads (STORAGE_PATH) missing STORAGE_PATH",
            "pass plan.own_paths nodes",
        ],
    ),
    (
        {**ALONE, "storage.path": "", "extras": {"STORAGE_PATH": "/elsewhere"}},
        [
            "fail plan.required (storage.path) missing storage.path",
            "fail plan.uploads (STORAGE_PATH) missing STORAGE_PATH",
            "pass plan.own_paths nodes",
        ],
    ),
    ({"extras": {"APP_KEY": SecretRef("other")}, "secrets": {"other": "k" * 48}}, []),
    (
        {"extras": {"APP_KEY": SecretRef("other")}, "secrets": {"other": "j" * 48}},
        ["warn plan.overridden (APP_KEY) APP_KEY"],
    ),
    ({"extras": {"APP_KEY": SecretRef("nowhere")}}, ["warn plan.overridden (APP_KEY) APP_KEY"]),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines
