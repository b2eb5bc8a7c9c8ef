"""What the rules say on how users come in, on keys and on values, of one change of a plan at a time."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.told import USUAL, line_of, told
from wizard.checks.plan.rules import rules
from wizard.plan.plan import Unlike, Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Deployment, LicenceMethod, QueueKind
from wizard.plan.sections.application import Environment

TOLD = [
    # the public address
    ({"application.public_url": "https://crm.example.com", "balancer.server_name": "*.example.com"}, []),
    (
        {"application.public_url": "https://example.com", "balancer.server_name": "*.example.com"},
        ["fail plan.public_url missing application.public_url"],
    ),
    ({"application.public_url": "https://crm.example.com", "balancer.server_name": "_"}, []),
    ({"application.public_url": "https://crm.example.com", "balancer.server_name": "other.com crm.example.com"}, []),
    (
        {"application.public_url": "https://crm.example.com", "balancer.server_name": "crm.example.org example.com"},
        ["fail plan.public_url missing application.public_url"],
    ),
    (
        {
            "application.public_url": "https://app.example.com",
            "balancer.server_name": "app.example.com",
            "balancer.tls": False,
            "balancer.behind_proxy": True,
        },
        [],
    ),
    (
        {"application.public_url": "http://app.example.com", "balancer.redirect": False},
        ["warn plan.public_url application.public_url"],
    ),
    (
        {"application.public_url": "http://app.example.com", "balancer.redirect": False, "balancer.port": 8080},
        ["warn plan.public_url application.public_url"],
    ),
    (
        {"application.public_url": "http://app.example.com:8080", "balancer.tls": False, "balancer.port": 8080},
        ["warn plan.public_url application.public_url"],
    ),
    (
        {"application.public_url": "http://app.example.com", "balancer.tls": False, "balancer.behind_proxy": True},
        ["warn plan.public_url application.public_url"],
    ),
    (
        {"application.public_url": "http://app.example.com", "balancer.tls": True, "balancer.behind_proxy": True},
        ["warn plan.public_url application.public_url"],
    ),
    ({"application.public_url": "https://app.example.com:443"}, []),
    ({"application.public_url": "https://app.example.com:80"}, ["warn plan.public_url application.public_url"]),
    ({"balancer.tls_port": 8443}, ["warn plan.public_url application.public_url"]),
    ({"application.public_url": "https://app.example.com:8443", "balancer.tls_port": 8443}, []),
    ({"balancer.tls_port": 8443, "balancer.behind_proxy": True}, []),
    ({"balancer.port": 8080}, []),
    # environment, version, plug-ins
    ({"application.environment": Environment.TEST}, ["fail plan.environment other application.environment"]),
    ({"application.version": "1.6.0"}, ["warn plan.version version application.version"]),
    ({"application.version": "1.5.99"}, ["fail plan.version version application.version"]),
    (
        {"application.version": "1.6.0", "nodes.1.worker_mode": "!"},
        ["info plan.env_text", "fail plan.version version application.version"],
    ),
    (
        {"application.version": "1.8.99", "nodes.1.worker_mode": "!"},
        ["info plan.env_text", "fail plan.version version application.version"],
    ),
    (
        {"application.version": "1.9.0", "nodes.1.worker_mode": "!"},
        ["info plan.env_text", "warn plan.version version application.version"],
    ),
    ({"application.version": "2.1.23"}, ["warn plan.version version application.version"]),
    ({"application.version": "2.1.24"}, []),
    ({"application.version": "2.2.0"}, []),
    # keys
    ({"secrets": {"application.app_key": "k" * 31}}, ["fail plan.app_key other application.app_key"]),
    ({"secrets": {"application.app_key": "q7Wk2pZs9vLm4xTn8rBd3hFj6gCy1w" + "xY"}}, []),
    (
        {"secrets": {"application.app_key": "changeme"}},
        [
            "fail plan.unfilled (application.app_key) missing application.app_key",
            "fail plan.app_key missing application.app_key",
        ],
    ),
    (
        {"secrets": {"application.app_key": "test-key"}},
        [
            "fail plan.unfilled (application.app_key) missing application.app_key",
            "fail plan.app_key credentials application.app_key",
        ],
    ),
    (
        {"secrets": {"application.app_key": "PASSWORD-HERE"}},
        [
            "fail plan.unfilled (application.app_key) missing application.app_key",
            "fail plan.app_key missing application.app_key",
        ],
    ),
    ({"without": {"application.app_key"}}, ["unknown plan.app_key missing application.app_key"]),
    (
        {"application.app_key": None, "extras": {"OTHER": "q7Wk2pZs9vLm4xTn8rBd3hFj6gCy1wxY"}},
        ["info plan.unknown_variables (OTHER) OTHER", "fail plan.app_key missing application.app_key"],
    ),
    (
        {"application.app_key": None, "extras": {"APP_KEY": SecretRef("nowhere")}},
        ["unknown plan.app_key missing application.app_key"],
    ),
    ({"secrets": {"application.aes_key": "AB" * 32}}, []),
    ({"secrets": {"application.aes_key": "0a" * 32 + "0"}}, ["fail plan.aes_key protocol application.aes_key"]),
    ({"secrets": {"application.aes_key": "0a" * 31 + "0"}}, ["fail plan.aes_key protocol application.aes_key"]),
    (
        {"secrets": {"application.aes_key": "your-aes-key"}},
        [
            "fail plan.unfilled (application.aes_key) missing application.aes_key",
            "fail plan.aes_key missing application.aes_key",
        ],
    ),
    ({"application.aes_key": None, "storage.path": "/data/"}, ["warn plan.aes_key application.aes_key"]),
    (
        {"application.aes_key": None, "storage.path": ""},
        ["fail plan.required (storage.path) missing storage.path", "warn plan.aes_key application.aes_key"],
    ),
    (
        {"application.aes_key": None, "application.aes_key_path": "/etc/aes.key"},
        ["info plan.aes_key application.aes_key"],
    ),
    (
        {"application.aes_key_path": "/etc/aes.key", "without": {"application.aes_key"}},
        ["unknown plan.aes_key missing application.aes_key"],
    ),
    ({"without": {"application.root_password"}}, ["unknown plan.root_password missing application.root_password"]),
    (
        {"secrets": {"application.root_password": "changeme"}},
        [
            "fail plan.unfilled (application.root_password) missing application.root_password",
            "fail plan.root_password credentials application.root_password",
        ],
    ),
    (
        {"secrets": {"application.root_password": "admin123"}},
        ["fail plan.root_password credentials application.root_password"],
    ),
    ({"application.root_password": None, "extras": {"INIT_ROOT_PASSWORD": "Xk3-great.day_9"}}, []),
    # what a cluster needs
    (
        {"application.public_url": ""},
        ["fail plan.required (application.public_url) missing application.public_url", "gone plan.public_url"],
    ),
    ({"database.name": ""}, ["fail plan.required (database.name) missing database.name"]),
    ({"database.user": ""}, ["fail plan.required (database.user) missing database.user"]),
    ({"storage.path": ""}, ["fail plan.required (storage.path) missing storage.path"]),
    ({"storage.path": "", "application.deployment": Deployment.KUBERNETES}, []),
    ({"nodes.1.host": "", "application.deployment": Deployment.KUBERNETES}, []),
    (
        {"nodes.1.name": "", "application.deployment": Deployment.KUBERNETES},
        ["fail plan.required (nodes.1.name) missing nodes.1.name"],
    ),
    ({"nodes.1.host": ""}, ["fail plan.required (nodes.1.host) missing nodes.1.host"]),
    ({"nodes.1.name": ""}, ["fail plan.required (nodes.1.name) missing nodes.1.name"]),
    ({"licence.username": ""}, ["fail plan.required (licence.username) missing licence.username"]),
    ({"licence.password": None}, ["fail plan.required (licence.password) missing licence.password"]),
    ({"licence.method": LicenceMethod.KEY}, ["fail plan.required (licence.key) missing licence.key"]),
    (
        {
            "licence.method": LicenceMethod.KEY,
            "licence.key": SecretRef("licence.key"),
            "licence.username": "",
            "licence.password": None,
        },
        [],
    ),
    (
        {"queue.kind": QueueKind.RABBITMQ},
        ["fail plan.required (queue.host) missing queue.host", "warn plan.queue_variables queue.url_variable"],
    ),
    (
        {"queue.kind": QueueKind.RABBITMQ, "queue.host": "rabbit", "queue.adapter": "", "queue.url_variable": ""},
        [
            "fail plan.required (queue.adapter) missing queue.adapter",
            "fail plan.required (queue.url_variable) missing queue.url_variable",
            "warn plan.queue_variables queue.url_variable",
            "pass plan.queue_localhost queue.host",
        ],
    ),
    ({"balancer.certificate": ""}, ["fail plan.required (balancer.certificate) missing balancer.certificate"]),
    (
        {"balancer.certificate_key": ""},
        ["fail plan.required (balancer.certificate_key) missing balancer.certificate_key"],
    ),
    (
        {
            "balancer.certificate": "",
            "balancer.certificate_key": "",
            "balancer.tls": False,
            "balancer.behind_proxy": True,
        },
        [],
    ),
    (
        {"database.host": "", "unreadable": [Unreadable("database.host", "a b", "It is no host.")]},
        ["fail plan.value (database.host) protocol database.host", "gone plan.database_localhost"],
    ),
    # what can be read
    (
        {"unreadable": [Unreadable("database.dialect", "sqlite", "It is no kind.")]},
        [
            "fail plan.value (database.dialect) other database.dialect",
            "unknown plan.database_password database.password",
            "unknown plan.database_tls database.tls_mode",
            "unknown plan.pool database.pool_max",
        ],
    ),
    (
        {"unreadable": [Unreadable("database.dialect", "oracle", "It is no kind.")]},
        [
            "fail plan.value (database.dialect) protocol database.dialect",
            "unknown plan.database_password database.password",
            "unknown plan.database_tls database.tls_mode",
            "unknown plan.pool database.pool_max",
        ],
    ),
    (
        {"unreadable": [Unreadable("database.port", "sqlite", "It is no number.")]},
        ["fail plan.value (database.port) protocol database.port"],
    ),
    (
        {"unreadable": [Unreadable("LOCK_ADAPTER_DEFAULT", "local", "It must be redis.")]},
        ["fail plan.value (LOCK_ADAPTER_DEFAULT) other LOCK_ADAPTER_DEFAULT"],
    ),
    (
        {"unreadable": [Unreadable("LOCK_ADAPTER_DEFAULT", "local", "It must be redis.", "line 4")]},
        ["fail plan.value (LOCK_ADAPTER_DEFAULT) other LOCK_ADAPTER_DEFAULT"],
    ),
    (
        {"unreadable": [Unreadable("queue.kind", "memory", "It is no kind.")]},
        [
            "fail plan.value (queue.kind) other queue.kind",
            "unknown plan.required",
            "unknown plan.redis_address redis.layout",
            "unknown plan.redis_localhost redis.layout",
            "unknown plan.redis_distinct redis.databases.cache",
        ],
    ),
    (
        {"unreadable": [Unreadable("queue.kind", "", "It is missing.")]},
        [
            "fail plan.value (queue.kind) missing queue.kind",
            "unknown plan.required",
            "unknown plan.redis_address redis.layout",
            "unknown plan.redis_localhost redis.layout",
            "unknown plan.redis_distinct redis.databases.cache",
        ],
    ),
    (
        {"unreadable": [Unreadable("database.port", "", "It is empty.", "line 4")]},
        ["fail plan.value (database.port) protocol database.port"],
    ),
    (
        {"unreadable": [Unreadable("line 19", "what is this", "It is no NAME=value.", "line 19")]},
        ["fail plan.value (line 19) protocol line 19"],
    ),
    (
        {"unreadable": [Unreadable("database.port", "x", "It is no number.", "line 19")]},
        ["fail plan.value (database.port) protocol database.port"],
    ),
    (
        {"unreadable": [Unreadable("application.lock_plugins", "yes", "It is neither.")]},
        ["warn plan.value (application.lock_plugins) application.lock_plugins"],
    ),
    (
        {"unreadable": [Unreadable("application.lock_plugins", "yes", "It is neither.", "line 2")]},
        ["warn plan.value (application.lock_plugins) application.lock_plugins"],
    ),
    (
        {"unreadable": [Unreadable("balancer.tls", "yes", "It is neither.")]},
        [
            "fail plan.value (balancer.tls) protocol balancer.tls",
            "unknown plan.required",
            "unknown plan.public_url application.public_url",
        ],
    ),
    (
        {
            "unreadable": [
                Unreadable("nodes.0.processes", "40", "It is too many."),
                Unreadable("NO_SUCH", "1", "It is strange."),
            ]
        },
        [
            "fail plan.value (nodes.0.processes) protocol nodes.0.processes",
            "fail plan.value (NO_SUCH) protocol NO_SUCH",
            "unknown plan.pool database.pool_max",
            "unknown plan.worker_ids nodes",
        ],
    ),
    # how values are written
    ({"database.name": "two words"}, ["info plan.env_text"]),
    ({"database.name": "a$b"}, ["info plan.env_text"]),
    ({"database.name": "it's"}, ["info plan.env_text"]),
    (
        {"secrets": {"database.password": "a'b\"c$d"}},
        ["fail plan.env_text (database.password) protocol database.password"],
    ),
    (
        {"secrets": {"database.password": "a'b\"c$d"}, "database.name": "two words"},
        ["fail plan.env_text (database.password) protocol database.password", "info plan.env_text"],
    ),
    (
        {"extras": {"NOTE": "a'b\"c$d"}},
        ["fail plan.env_text (NOTE) protocol NOTE", "info plan.unknown_variables (NOTE) NOTE"],
    ),
    ({"extras": {"EXPORT_LIMIT": SecretRef("nowhere")}}, []),
    ({"extras": {"EXPORT_LIMIT": SecretRef("note")}, "secrets": {"note": "two words"}}, ["info plan.env_text"]),
    ({"extras": {"EXPORT_LIMIT": ""}}, []),
    (
        {"unlike": (Unlike("DB_PASSWORD", "line 3"), Unlike("APP_KEY", "line 9"))},
        ["warn plan.env_text (DB_PASSWORD) DB_PASSWORD", "warn plan.env_text (APP_KEY) APP_KEY"],
    ),
    # further variables, and what stands in samples
    ({"extras": {"DB_PASWORD": SecretRef("x")}}, ["warn plan.unknown_variables (DB_PASWORD) DB_PASWORD"]),
    (
        {"extras": {"SMTP_HOST": "mail", "DB_HOSTT": "x", "EXPORT_LIMIT": "5"}},
        ["info plan.unknown_variables (SMTP_HOST) SMTP_HOST", "warn plan.unknown_variables (DB_HOSTT) DB_HOSTT"],
    ),
    ({"queue.url_variable": "RABBIT", "extras": {"RABBIT": "x"}}, []),
    (
        {"secrets": {"database.password": "changeme"}},
        ["fail plan.unfilled (database.password) missing database.password"],
    ),
    (
        {"secrets": {"application.app_key": "PASSWORD-HERE", "application.aes_key": "PASSWORD-HERE"}},
        [
            "fail plan.unfilled (application.app_key) missing application.app_key",
            "fail plan.unfilled (application.aes_key) missing application.aes_key",
            "fail plan.app_key missing application.app_key",
            "fail plan.aes_key missing application.aes_key",
        ],
    ),
    (
        {"secrets": {"redis.server.password": "your-redis-password"}},
        ["fail plan.unfilled (redis.server.password) missing redis.server.password"],
    ),
    ({"database.user": "your_database_user"}, ["fail plan.unfilled (database.user) missing database.user"]),
    ({"database.name": "YOUR-DB-NAME"}, ["fail plan.unfilled (database.name) missing database.name"]),
    ({"database.host": "your-db-host"}, ["fail plan.unfilled (database.host) missing database.host"]),
    (
        {"application.root_username": "your_username"},
        ["fail plan.unfilled (application.root_username) missing application.root_username"],
    ),
    ({"application.root_nickname": "your_username"}, []),
    ({"database.user": "user"}, []),
    (
        {"extras": {"SMTP_PASSWORD": "changeme"}},
        [
            "info plan.unknown_variables (SMTP_PASSWORD) SMTP_PASSWORD",
            "fail plan.unfilled (SMTP_PASSWORD) missing SMTP_PASSWORD",
        ],
    ),
    (
        {"extras": {"INIT_ROOT_USERNAME": "your_username"}},
        [
            "fail plan.unfilled (INIT_ROOT_USERNAME) missing INIT_ROOT_USERNAME",
            "warn plan.overridden (INIT_ROOT_USERNAME) INIT_ROOT_USERNAME",
        ],
    ),
    ({"extras": {"EXPORT_NOTE": "changeme"}}, ["info plan.unknown_variables (EXPORT_NOTE) EXPORT_NOTE"]),
    (
        {"extras": {"SMTP_PASSWORD": SecretRef("note")}, "secrets": {"note": "changeme"}},
        [
            "info plan.unknown_variables (SMTP_PASSWORD) SMTP_PASSWORD",
            "fail plan.unfilled (SMTP_PASSWORD) missing SMTP_PASSWORD",
        ],
    ),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines


def test_of_the_plan_as_it_is_this_is_told_and_nothing_else():
    assert [line_of(finding) for finding in rules(good_plan(), SECRETS)] == list(USUAL)
