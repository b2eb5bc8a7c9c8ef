"""What the rules say on further variables, of one change of a plan at a time."""

import pytest

from tests.unit.told import ALONE, NO_REDIS, told
from wizard.plan.place import Place
from wizard.plan.plan import Unreadable
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Dialect, Tls

TOLD = [
    # addresses that the browser is told
    ({"extras": {"API_BASE_URL": "https://app.example.com/api/"}}, []),
    ({"extras": {"API_BASE_URL": "https://app.example.com/api"}}, []),
    ({"extras": {"API_BASE_URL": "/api"}}, []),
    (
        {"extras": {"API_BASE_URL": "http://["}},
        ["info plan.env_text", "fail plan.client_addresses (API_BASE_URL) protocol API_BASE_URL"],
    ),
    (
        {"extras": {"WEBSOCKET_URL": "wss://[::1"}},
        ["info plan.env_text", "fail plan.client_addresses (WEBSOCKET_URL) protocol WEBSOCKET_URL"],
    ),
    ({"extras": {"API_BASE_URL": "/"}}, ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"]),
    ({"extras": {"API_BASE_URL": "https://app.example.com:443/api/"}}, []),
    (
        {"extras": {"API_BASE_URL": "https://app.example.com:8443/api/"}},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    (
        {"extras": {"API_BASE_URL": "http://app.example.com/api/"}},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    (
        {"extras": {"API_BASE_URL": "https://other.example.com/api/"}},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    (
        {"extras": {"API_BASE_URL": "https://app.example.com/other/"}},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    (
        {"extras": {"API_BASE_URL": "https://app.example.com:x/api/"}},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    ({"extras": {"API_BASE_URL": "/crm/api/"}, "application.public_path": "/crm/"}, []),
    (
        {"extras": {"API_BASE_URL": "/api/"}, "application.public_path": "/crm/"},
        ["fail plan.client_addresses (API_BASE_URL) missing API_BASE_URL"],
    ),
    (
        {"extras": {"API_BASE_PATH": "/rest/", "API_BASE_URL": "https://app.example.com/rest/"}},
        ["warn plan.client_addresses (API_BASE_PATH) API_BASE_PATH"],
    ),
    (
        {"extras": {"API_BASE_URL": "https://app.example.com/api/"}, "application.public_url": ""},
        [
            "fail plan.required (application.public_url) missing application.public_url",
            "warn plan.client_addresses (API_BASE_URL) API_BASE_URL",
            "gone plan.public_url",
        ],
    ),
    ({"extras": {"WEBSOCKET_URL": "wss://app.example.com/ws"}}, []),
    (
        {"extras": {"WEBSOCKET_URL": "ws://app.example.com/ws"}},
        ["fail plan.client_addresses (WEBSOCKET_URL) missing WEBSOCKET_URL"],
    ),
    (
        {
            "extras": {"WEBSOCKET_URL": "ws://app.example.com/ws"},
            "application.public_url": "http://app.example.com",
            "balancer.redirect": False,
        },
        ["warn plan.public_url application.public_url"],
    ),
    (
        {"extras": {"WEBSOCKET_URL": "wss://app.example.com/socket", "WS_PATH": "/socket"}},
        ["warn plan.client_addresses (WS_PATH) WS_PATH"],
    ),
    (
        {"extras": {"WEBSOCKET_URL": "wss://app.example.com/socket"}},
        ["fail plan.client_addresses (WEBSOCKET_URL) missing WEBSOCKET_URL"],
    ),
    ({"extras": {"API_BASE_URL": SecretRef("hidden")}}, []),
    (
        {"application.public_path": "/crm/", "extras": {"API_BASE_PATH": "/crm/api/"}},
        ["warn plan.client_addresses (API_BASE_PATH) API_BASE_PATH"],
    ),
    (
        {"application.public_path": "/crm/", "extras": {"WS_PATH": "/crm/ws", "PLUGIN_STATICS_PATH": "/crm/static/"}},
        [
            "warn plan.client_addresses (WS_PATH) WS_PATH",
            "warn plan.client_addresses (PLUGIN_STATICS_PATH) PLUGIN_STATICS_PATH",
        ],
    ),
    ({"application.public_path": "/crm/", "extras": {"WS_PATH": "/ws"}}, []),
    ({"extras": {"API_BASE_PATH": "/api/"}}, []),
    # further variables whose texts come to something else
    *[
        ({"extras": {name: text}}, [told.format(name), *(["and pass plan.value"] if told[:4] == "info" else [])])
        for told, name, text in [
            ("warn plan.value ({0}) {0}", "LOGGER_LEVEL", "verbose"),
            ("warn plan.value ({0}) {0}", "LOGGER_LEVEL", "INFO"),
            ("fail plan.value ({0}) other {0}", "LOGGER_FORMAT", "pretty"),
            ("info plan.value ({0}) {0}", "LOGGER_MAX_FILES", "14d"),
            ("warn plan.value ({0}) {0}", "LOGGER_MAX_FILES", "30d"),
            ("warn plan.value ({0}) {0}", "LOGGER_MAX_SIZE", "20m"),
            ("info plan.value ({0}) {0}", "LOGGER_SILENT", "true"),
            ("info plan.value ({0}) {0}", "LOGGER_BASE_PATH", "/var/log/nocobase"),
            ("info plan.value ({0}) {0}", "DEFAULT_STORAGE_TYPE", "ali-oss"),
            ("info plan.value ({0}) {0}", "LOCAL_STORAGE_BASE_URL", "/storage/uploads"),
            ("warn plan.value ({0}) {0}", "APP_MODE", "worker"),
            ("warn plan.value ({0}) {0}", "APP_MODE", "supervisor"),
            ("warn plan.value ({0}) {0}", "APP_CLIENT_ENTRY_MODE", "modern"),
            ("warn plan.value ({0}) {0}", "NO_WATCH_PLUGINS", "true"),
            ("warn plan.value ({0}) {0}", "NODE_TLS_REJECT_UNAUTHORIZED", "0"),
        ]
    ],
    *[
        ({"extras": {name: text}}, [])
        for name, text in [
            ("LOGGER_LEVEL", "trace"),
            ("NODE_TLS_REJECT_UNAUTHORIZED", "1"),
            ("LOGGER_LEVEL", ""),
            ("LOGGER_FORMAT", "logfmt"),
            ("LOGGER_MAX_FILES", "30"),
            ("LOGGER_MAX_SIZE", "20971520"),
            ("LOGGER_MAX_SIZE", "2e7"),
            ("LOGGER_SILENT", "1"),
            ("APP_MODE", ""),
            ("APP_CLIENT_ENTRY_MODE", "modern-only"),
            ("NO_WATCH_PLUGINS", "1"),
        ]
    ],
    *[
        ({"extras": {name: SecretRef("further")}, "secrets": {"further": text}}, lines)
        for name, text, lines in [
            ("ENCRYPTION_FIELD_KEY", "Vt8kQ2mWxLp", ["warn plan.value (ENCRYPTION_FIELD_KEY) ENCRYPTION_FIELD_KEY"]),
            ("ENCRYPTION_FIELD_KEY", "Vt8kQ2mWxLp4nRz7Vt3kQ9mWxLb6nRz1", []),
            (
                "UNSAFE_USE_DEFAULT_JWT_SECRET",
                "true",
                [
                    "info plan.value (UNSAFE_USE_DEFAULT_JWT_SECRET) UNSAFE_USE_DEFAULT_JWT_SECRET",
                    "and pass plan.value",
                ],
            ),
            (
                "UNSAFE_USE_DEFAULT_JWT_SECRET",
                "1",
                [
                    "info plan.value (UNSAFE_USE_DEFAULT_JWT_SECRET) UNSAFE_USE_DEFAULT_JWT_SECRET",
                    "and pass plan.value",
                ],
            ),
        ]
    ],
    ({"extras": {"ENCRYPTION_FIELD_KEY": SecretRef("not.at.hand")}}, []),
    # uploads
    ({"extras": {"LOCAL_STORAGE_DEST": "storage/uploads"}}, []),
    ({"extras": {"LOCAL_STORAGE_DEST": "/app/nocobase/storage/uploads"}}, []),
    (
        {"extras": {"LOCAL_STORAGE_DEST": "/app/nocobase/storage-2"}},
        ["warn plan.uploads (LOCAL_STORAGE_DEST) LOCAL_STORAGE_DEST"],
    ),
    ({"extras": {"LOCAL_STORAGE_DEST": "/x/../app/nocobase/storage"}}, []),
    (
        {"extras": {"STORAGE_PATH": "/data", "LOCAL_STORAGE_DEST": "/uploads"}},
        ["warn plan.uploads (LOCAL_STORAGE_DEST) LOCAL_STORAGE_DEST", "warn plan.uploads (STORAGE_PATH) STORAGE_PATH"],
    ),
    ({**ALONE, "extras": {"LOCAL_STORAGE_DEST": "/srv/nocobase/uploads"}}, ["pass plan.own_paths nodes"]),
    (
        {**ALONE, "extras": {"LOCAL_STORAGE_DEST": "/uploads"}},
        ["fail plan.uploads (LOCAL_STORAGE_DEST) missing LOCAL_STORAGE_DEST", "pass plan.own_paths nodes"],
    ),
    (
        {**ALONE, "extras": {"LOCAL_STORAGE_DEST": "/uploads"}, "storage.path": ""},
        [
            "fail plan.required (storage.path) missing storage.path",
            "fail plan.uploads (LOCAL_STORAGE_DEST) missing LOCAL_STORAGE_DEST",
            "pass plan.own_paths nodes",
        ],
    ),
    (
        {**ALONE, "extras": {"LOCAL_STORAGE_DEST": "/uploads"}, "unsaid": {"application.deployment", "storage.path"}},
        [
            "unknown plan.required",
            "warn plan.uploads (LOCAL_STORAGE_DEST) LOCAL_STORAGE_DEST",
            "unknown plan.own_paths nodes",
        ],
    ),
    (
        {
            **ALONE,
            "extras": {"LOCAL_STORAGE_DEST": "/uploads"},
            "unreadable": [Unreadable("storage.path", "x", "It is no path.")],
        },
        [
            "fail plan.value (storage.path) protocol storage.path",
            "fail plan.uploads (LOCAL_STORAGE_DEST) missing LOCAL_STORAGE_DEST",
            "unknown plan.own_paths nodes",
        ],
    ),
    (
        {**ALONE, "unreadable": [Unreadable("storage.path", "x", "It is no path.")]},
        ["fail plan.value (storage.path) protocol storage.path", "unknown plan.own_paths nodes"],
    ),
    # variables that people believe in
    ({"extras": {"DB_SSL": "true"}}, ["warn plan.unread_variables (DB_SSL) tls DB_SSL"]),
    ({"extras": {"DB_SSL": "Disable"}}, ["info plan.unread_variables (DB_SSL) DB_SSL"]),
    ({"extras": {"DB_SSL": ""}}, ["info plan.unread_variables (DB_SSL) DB_SSL"]),
    *(
        ({"extras": {"DB_SSL": off}}, ["info plan.unread_variables (DB_SSL) DB_SSL"])
        for off in ("0", "false", "no", "off", "disable", "disabled", "allow", "prefer")
    ),
    ({"extras": {"DB_SSL": "true"}, "database.tls": Tls.ENCRYPT}, ["info plan.unread_variables (DB_SSL) DB_SSL"]),
    (
        {"extras": {"DB_SSL": "true"}, "database.dialect": Dialect.MYSQL},
        ["warn plan.unread_variables (DB_SSL) tls DB_SSL", "gone plan.database_password"],
    ),
    (
        {"extras": {"DB_SSL": SecretRef("ssl")}, "secrets": {"ssl": "off"}},
        ["info plan.unread_variables (DB_SSL) DB_SSL"],
    ),
    (
        {"extras": {"DB_SSL": "true", "PGSSLMODE": "require"}},
        ["info plan.unread_variables (DB_SSL) DB_SSL", "warn plan.unread_variables (PGSSLMODE) tls PGSSLMODE"],
    ),
    ({"extras": {"PGSSLMODE": "no-verify"}}, ["warn plan.unread_variables (PGSSLMODE) tls PGSSLMODE"]),
    ({"extras": {"PGSSLMODE": "Require"}}, ["info plan.unread_variables (PGSSLMODE) PGSSLMODE"]),
    (
        {"extras": {"PGSSLMODE": "require"}, "database.tls": Tls.ENCRYPT},
        ["info plan.unread_variables (PGSSLMODE) PGSSLMODE"],
    ),
    (
        {"extras": {"PGSSLMODE": "require"}, "database.dialect": Dialect.MYSQL},
        ["warn plan.unread_variables (PGSSLMODE) tls PGSSLMODE", "gone plan.database_password"],
    ),
    ({"extras": {"DB_SSL": SecretRef("nowhere")}}, ["warn plan.unread_variables (DB_SSL) tls DB_SSL"]),
    ({"extras": {"DATABASE_URL": "postgres://x"}}, ["info plan.unread_variables (DATABASE_URL) DATABASE_URL"]),
    (
        {"extras": {"DATABASE_URL": "postgres://x"}, "database.host": ""},
        [
            "fail plan.required (database.host) missing database.host",
            "fail plan.unread_variables (DATABASE_URL) missing DATABASE_URL",
            "gone plan.database_localhost",
        ],
    ),
    (
        {"extras": {"DATABASE_URL": "postgres://x"}, "database.user": ""},
        [
            "fail plan.required (database.user) missing database.user",
            "fail plan.unread_variables (DATABASE_URL) missing DATABASE_URL",
        ],
    ),
    ({"extras": {"JWT_SECRET": SecretRef("jwt")}}, ["info plan.unread_variables (JWT_SECRET) JWT_SECRET"]),
    (
        {"extras": {"JWT_SECRET": SecretRef("jwt")}, "application.app_key": None},
        ["fail plan.unread_variables (JWT_SECRET) missing JWT_SECRET", "fail plan.app_key missing application.app_key"],
    ),
    (
        {"extras": {"JWT_SECRET": SecretRef("jwt"), "APP_KEY": "k" * 48}, "application.app_key": None},
        ["info plan.unread_variables (JWT_SECRET) JWT_SECRET"],
    ),
    (
        {"extras": {"JWT_SECRET": SecretRef("jwt"), "APP_KEY": ""}, "application.app_key": None},
        ["fail plan.unread_variables (JWT_SECRET) missing JWT_SECRET", "fail plan.app_key missing application.app_key"],
    ),
    ({"extras": {"APP_KEY_FILE": "/run/secrets/key"}}, ["warn plan.unread_variables (APP_KEY_FILE) APP_KEY_FILE"]),
    (
        {"extras": {"APP_KEY_FILE": "/run/secrets/key"}, "application.app_key": None},
        [
            "fail plan.unread_variables (APP_KEY_FILE) missing APP_KEY_FILE",
            "fail plan.app_key missing application.app_key",
        ],
    ),
    (
        {
            "extras": {"APP_KEY_FILE": "/run/secrets/key"},
            "application.app_key": None,
            "places": {"APP_KEY": Place("a.env", 3)},
        },
        ["warn plan.unread_variables (APP_KEY_FILE) APP_KEY_FILE", "fail plan.app_key missing application.app_key"],
    ),
    ({"extras": {"PUBSUB_ADAPTER": "redis"}}, ["info plan.unread_variables (PUBSUB_ADAPTER) PUBSUB_ADAPTER"]),
    ({"extras": {"QUEUE_ADAPTER": "redis"}}, []),
    ({"extras": {"QUEUE_ADAPTER": "rabbitmq"}}, ["warn plan.overridden (QUEUE_ADAPTER) QUEUE_ADAPTER"]),
    (
        {"extras": {"PUBSUB_ADAPTER": "redis"}, "redis.server.host": ""},
        [
            "info plan.unread_variables (PUBSUB_ADAPTER) PUBSUB_ADAPTER",
            *NO_REDIS,
        ],
    ),
    (
        {"extras": {"WORKER_ID_REDIS_URL": SecretRef("x")}},
        ["info plan.unread_variables (WORKER_ID_REDIS_URL) WORKER_ID_REDIS_URL"],
    ),
    (
        {"extras": {"WORKER_ID_REDIS_URL": SecretRef("x")}, "redis.server.host": ""},
        [
            "fail plan.unread_variables (WORKER_ID_REDIS_URL) missing WORKER_ID_REDIS_URL",
            *NO_REDIS,
        ],
    ),
    (
        {
            "extras": {"LOCK_REDIS_URL": SecretRef("x")},
            "redis.server.host": "",
            "unreadable": [Unreadable("LOCK_ADAPTER_REDIS_URL", "x", "It is no address.")],
        },
        [
            "fail plan.value (LOCK_ADAPTER_REDIS_URL) protocol LOCK_ADAPTER_REDIS_URL",
            "info plan.unread_variables (LOCK_REDIS_URL) LOCK_REDIS_URL",
            "fail plan.redis_address (cache) missing redis.server.host",
            "fail plan.redis_address (sync) missing redis.server.host",
            "fail plan.redis_address (queue) missing redis.server.host",
            "fail plan.redis_address (worker-id) missing redis.server.host",
            "gone plan.redis_distinct",
            "gone plan.redis_localhost",
        ],
    ),
    (
        {"extras": {"REDIS_HOST": "x"}, "redis.server.host": ""},
        [
            "fail plan.unread_variables (REDIS_HOST) missing REDIS_HOST",
            *NO_REDIS,
        ],
    ),
]


@pytest.mark.parametrize(("changes", "lines"), TOLD)
def test_of_a_changed_plan_this_is_told_and_nothing_else(changes, lines):
    assert told(changes) == lines
