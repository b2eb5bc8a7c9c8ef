"""The env files of a bundle and the cluster file, line by line: what each decision of the plan changes in them."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.texts_written import difference, plan_with, written
from wizard.formats import cluster_file, dotenv
from wizard.formats.dotenv.values import merged_preset
from wizard.formats.files import SecretsMode
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity
from wizard.plan.place import Place
from wizard.plan.plan import Expression, Unreadable
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import Deployment, Dialect, Layout, LicenceMethod, Node, QueueKind, RedisRole, Tls
from wizard.plan.sections.application import Environment

ENV, CLUSTER = written("env"), written("cluster")
MORE = {**SECRETS, "queue.password": Secret("a/b#c"), "database.password": Secret("it's 5"), "x": Secret("s3cr3t")}
EACH = {"redis.layout": Layout.PER_ROLE, **{f"redis.{role.field}.host": "redis.internal" for role in RedisRole}}
RABBIT = {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit"}
BARE = {"application.deployment": Deployment.BARE}
CHANGES = {
    "a name": {"name": "Prod\nEU"},
    "keys that are missing": {"application.app_key": None, "application.aes_key": None},
    "keys among the further variables": {
        "application.app_key": None,
        "application.aes_key": None,
        "extras": {"APP_KEY": SecretRef("x"), "APP_AES_SECRET_KEY_PATH": "/k"},
    },
    "a file for a key": {"application.aes_key": None, "application.aes_key_path": "/etc/aes.key"},
    "Booleans": {"application.lock_plugins": False, "database.underscored": True},
    "a language under two names": {"application.language": "fr"},
    "no time zone": {"application.time_zone": ""},
    "another environment": {"application.environment": Environment.TEST},
    "a port": {"database.port": 5433},
    "MySQL": {"database.dialect": Dialect.MYSQL},
    "a database by a plug-in": {"unreadable": [Unreadable("database.dialect", "kingbase", "By a plug-in.")]},
    "a database by a plug-in with a port": {
        "database.port": 54321,
        "database.tls": Tls.VERIFY,
        "unreadable": [Unreadable("database.dialect", "kingbase", "By a plug-in.")],
    },
    "TLS": {"database.tls": Tls.ENCRYPT, "database.tls_ca": "/ca.pem"},
    "TLS that verifies": {
        "database.tls": Tls.VERIFY,
        "database.tls_ca": "/ca.pem",
        "database.tls_cert": "/c.pem",
        "database.tls_key": "/k.pem",
    },
    "TLS of MySQL": {"database.tls": Tls.VERIFY, "database.dialect": Dialect.MYSQL},
    "TLS with a mode of its own": {"database.tls": Tls.ENCRYPT, "database.tls_mode": "prefer"},
    "TLS that is off": {"database.tls_ca": "/ca.pem", "database.tls_mode": "prefer"},
    "servers of Redis": {**EACH, "redis.cache.tls": True, "redis.lock.username": "u", "redis.sync.port": 6380},
    "no Redis": {"redis.server.host": ""},
    "Redis without a password": {"redis.server.password": None},
    "Redis that could not be read": {
        "unreadable": [
            Unreadable("LOCK_ADAPTER_REDIS_URL", "x", "It is no address."),
            Unreadable("redis.databases.cache", "x", "It is no number."),
        ]
    },
    "a host of Redis that could not be read": {"unreadable": [Unreadable("redis.server.host", "x", "It is no host.")]},
    "a port of Redis that could not be read": {"unreadable": [Unreadable("redis.server.port", "x", "It is none.")]},
    "RabbitMQ": {**RABBIT, "queue.password": SecretRef("queue.password"), "queue.tls": True},
    "RabbitMQ without a password": {**RABBIT, "queue.virtual_host": "a/b", "queue.port": 5673},
    "RabbitMQ without a host": {"queue.kind": QueueKind.RABBITMQ},
    "RabbitMQ without names": {**RABBIT, "queue.adapter": "", "queue.url_variable": ""},
    "RabbitMQ that could not be read": {**RABBIT, "unreadable": [Unreadable("queue.port", "x", "It is none.")]},
    "RabbitMQ at a host that could not be read": {
        "queue.kind": QueueKind.RABBITMQ,
        "unreadable": [Unreadable("queue.host", "x", "It is none.")],
    },
    "a queue that could not be read": {"unreadable": [Unreadable("queue.kind", "memory", "It is none.")]},
    "no plug-ins for now": {"licence.without_plugins": True},
    "no plug-ins for now, and RabbitMQ": {"licence.without_plugins": True, **RABBIT},
    "plug-ins that are not enabled": {"licence.enable_plugins": False},
    "more plug-ins": {"extras": {"APPEND_PRESET_BUILT_IN_PLUGINS": "mine, @nocobase/plugin-lock-adapter-redis"}},
    "more plug-ins that are secret": {"extras": {"APPEND_PRESET_BUILT_IN_PLUGINS": SecretRef("x")}},
    "more plug-ins, and none enabled": {
        "licence.enable_plugins": False,
        "extras": {"APPEND_PRESET_BUILT_IN_PLUGINS": "mine"},
    },
    "a licence key": {"licence.method": LicenceMethod.KEY},
    "a licence key from elsewhere": {"licence.method": LicenceMethod.KEY, "licence.service_url": "https://x.example/"},
    "bare metal": {
        **BARE,
        "nodes.0.pm2_home": "/p",
        "nodes.0.socket_path": "/s",
    },
    "bare metal without storage": {**BARE, "storage.path": ""},
    "nodes": {
        "nodes": (
            Node(name="", port=13001, processes=2, pm2_home="/p"),
            Node(name="b", worker_mode="!,*", listen_host="127.0.0.1"),
        )
    },
    "a node that could not be read": {"unreadable": [Unreadable("nodes.1.processes", "x", "It is none.")]},
    "a node as NocoBase takes it": {"unreadable": [Unreadable("nodes.1.processes", "max", "It is none.")]},
    "further variables": {"extras": {"A": "b c", "B": SecretRef("x"), "DB_HOST": "other", "C": ""}},
    "a secret that is elsewhere": {"extras": {"B": SecretRef("gone\n.x")}},
    "what could not be read": {
        "unreadable": [
            Unreadable("database.port", "x", "It is\nnone."),
            Unreadable("FOO", "x", "It is none."),
            Unreadable("line 4", "x", "It is none.", "line 4"),
        ],
    },
    "accepted findings": {
        "accepted": (
            Accepted("redis.version", "cache", Severity.WARN, "We know: it's old.", identity={"version": "6.2"}),
            Accepted("plan.nodes", "", Severity.WARN, "One."),
        )
    },
    "an expression": {
        "unreadable": [Unreadable("database.host", "$H", "It is for Compose.", "line 3")],
        "expressions": (Expression("DB_HOST", "database.host", Place("a", 3, "DB_HOST"), "x", ("H",)),),
    },
    "a secret that could not be read": {
        "unreadable": [
            Unreadable("database.password", "pw", "It is none.", "line 3"),
            Unreadable("CACHE_REDIS_URL", SecretRef("u"), "It is none."),
            Unreadable("nodes.0.host", "redis://:pw@h", "It is none."),
        ]
    },
}


WITHOUT_SECRETS = ("RabbitMQ", "further variables", "a secret that is elsewhere", "more plug-ins that are secret")


def env_files(changes, mode, secrets=MORE):
    return "".join(f"{file.path}\n{file.text}" for file in dotenv.write(plan_with(changes), secrets, mode))


@pytest.mark.parametrize("name", CHANGES)
def test_a_decision_changes_these_lines_of_the_env_files_and_no_others(name):
    before = env_files({}, SecretsMode.INLINE)
    assert difference(before, env_files(CHANGES[name], SecretsMode.INLINE)) == ENV[name]


@pytest.mark.parametrize("name", CHANGES)
def test_a_decision_changes_these_lines_of_the_cluster_file_and_no_others(name):
    assert difference(cluster_file.write(good_plan()), cluster_file.write(plan_with(CHANGES[name]))) == CLUSTER[name]


@pytest.mark.parametrize("mode", SecretsMode)
def test_the_files_of_the_good_plan_are_as_they_are_written_down(mode):
    assert env_files({}, mode) == ENV[f"the whole, {mode.value}"]
    assert cluster_file.write(good_plan()) == CLUSTER["the whole"]


@pytest.mark.parametrize("name", WITHOUT_SECRETS)
@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.MASKED])
def test_without_the_secrets_each_is_named_where_it_belongs(name, mode):
    found = difference(env_files({}, mode), env_files(CHANGES[name], mode))
    assert found == ENV[f"{name}, {mode.value}"]


@pytest.mark.parametrize(
    ("others", "merged"),
    [
        ("", ""),
        ("mine", ",mine"),
        (" mine , lock-adapter-redis,,@nocobase/plugin-lock-adapter-redis, yours", ",mine,yours"),
    ],
)
def test_plugins_of_ones_own_come_after_those_of_the_cluster(others, merged):
    needed = "pubsub-adapter-redis,lock-adapter-redis,queue-adapter-redis,workerid-allocator-redis"
    found = merged_preset(good_plan(), others)
    assert set(found.removesuffix(merged).split(",")) == set(needed.split(","))
    assert found.endswith(merged)
