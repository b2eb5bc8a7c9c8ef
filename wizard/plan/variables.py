"""Which environment variables NocoBase reads, and which of them may stand in plain text.

The value of a variable that nobody documented is a secret where its name or its look says so: a misspelt DB_PASWORD
holds one, too.
"""

from __future__ import annotations

from functools import cache, lru_cache

from wizard.pattern import pattern
from wizard.plan.accounts import WITH_PASSWORD
from wizard.plan.sections import Application, Database, Licence, Node
from wizard.plan.sections.redis import ADAPTER_VARIABLES, ROLE_VARIABLES
from wizard.plan.setting import settings_of

HARMLESS = frozenset(
    # NocoBase's page "Environment variables" and the sources that read them (docs/nocobase.md), by subject: web
    """
    LEGACY_LOCAL_STORAGE_PUBLIC_ACCESS SERVER_REQUEST_DISALLOW_IP
    API_BASE_PATH WS_PATH PLUGIN_STATICS_PATH API_BASE_URL WEBSOCKET_URL CDN_BASE_URL CDN_VERSION
    APP_MODERN_CLIENT_PREFIX APP_CLIENT_ENTRY_MODE API_CLIENT_STORAGE_PREFIX API_CLIENT_STORAGE_TYPE
    ESM_CDN_BASE_URL ESM_CDN_SUFFIX CORS_DISALLOW_NO_ORIGIN SERVER_REQUEST_WHITELIST JWT_EXPIRES_IN
    INIT_APP_LANG INIT_LANG PLUGIN_PACKAGE_PREFIX APPEND_PRESET_BUILT_IN_PLUGINS APPEND_PRESET_LOCAL_PLUGINS
    SKIP_SAME_VERSION_UPGRADE APP_LAUNCH_MODE NODE_ARGS NODE_OPTIONS NO_WATCH_PLUGINS TELEMETRY_ENABLED
    TELEMETRY_SERVICE_NAME TELEMETRY_METRIC_READER TELEMETRY_TRACE_PROCESSOR APP_ENV_PATH
    APP_LANG APP_MODE APP_PUBLIC_ORIGIN APP_BASE_URL APP_SERVER_BASE_URL TELEMETRY_METRICS LOGGER_SILENT NODE_ENV
    NODE_TLS_REJECT_UNAUTHORIZED NODE_EXTRA_CA_CERTS
    ENABLE_PERF_HOOKS DISABLE_ACL_META NOCOBASE_SHOW_DEPRECATED_PLUGINS NOCOBASE_RUNNING_IN_DOCKER
    TELEMETRY_PROMETHEUS_SERVER TELEMETRY_PROMETHEUS_PORT TELEMETRY_HTTP_URL TELEMETRY_HTTP_RECORD_THRESHOLD
    AI_LOCALIZATION_CONCURRENCY ENCRYPTION_FIELD_KEY_PATH NOCOBASE_AI_DOCS_DIR
    TEMPORARY_FILE_ACCESS_EXPIRES_IN EXPORT_ATTACHMENTS_AUTO_MODE_THRESHOLD WORKFLOW_SCRIPT_WORKER_CONCURRENCY
    """.split()  # noqa: SIM905 - a table of names
    # database
    + """
    DB_LOGGING DB_SQL_BENCHMARK DB_SKIP_VERSION_CHECK DB_DIALECT_OPTIONS_SSL_REJECT_UNAUTHORIZED
    COLLECTION_MANAGER_SCHEMA USE_DB_SCHEMA_IN_SUBAPP DB_STORAGE KINGBASE_DUMP_PATH KINGBASE_PSQL_PATH
    KINGBASE_RESTORE_PATH
    """.split()  # noqa: SIM905
    # several applications in one
    + """
    ENVIRONMENT_NAME ENVIRONMENT_URL ENVIRONMENT_PROXY_URL
    APP_DISCOVERY_ADAPTER APP_PROCESS_ADAPTER APP_COMMAND_ADAPTER STARTUP_SUBAPP SUBAPP_BOOTSTRAP_CONCURRENCY
    SUBAPP_BOOTSTRAP_INTERVAL SUBAPP_BOOTSTRAP_INTERVAL_CAP
    """.split()  # noqa: SIM905
    # middleware and logger
    + """
    CACHE_DEFAULT_STORE CACHE_MEMORY_MAX LOCK_ADAPTER_DEFAULT QUEUE_ADAPTER
    LOGGER_LEVEL LOGGER_FORMAT LOGGER_MAX_FILES LOGGER_MAX_SIZE LOGGER_BASE_PATH
    """.split()  # noqa: SIM905
    # storage
    + """
    STORAGE_PATH PLUGIN_STORAGE_PATH LOCAL_STORAGE_DEST LOCAL_STORAGE_ALLOWED_ROOTS DEFAULT_STORAGE_TYPE
    LOCAL_STORAGE_BASE_URL AWS_S3_BUCKET AWS_S3_REGION AWS_S3_STORAGE_BASE_URL ALI_OSS_BUCKET ALI_OSS_REGION
    ALI_OSS_STORAGE_BASE_URL TX_COS_BUCKET TX_COS_REGION TX_COS_STORAGE_BASE_URL
    """.split()  # noqa: SIM905
    # packages, tasks, backup, entrypoint
    + """
    DISABLE_PKG_DOWNLOAD ASYNC_TASK_CONCURRENCY_MODE ASYNC_TASK_WORKER_MAX_OLD ASYNC_TASK_WORKER_MAX_YOUNG
    WORKFLOW_SCRIPT_MODULES WORKFLOW_NODES_LIMIT WORKFLOW_LOOP_LIMIT EXPORT_LIMIT EXPORT_AUTO_MODE_THRESHOLD
    PG_DUMP_PATH PG_RESTORE_PATH PSQL_PATH TAR_PATH NOCOBASE_EXTRACT_CLIENT_ASSETS NOCOBASE_PROXY_PROVIDER
    NOCOBASE_PROXY_STORAGE_PATH NOCOBASE_PROXY_UPSTREAM_HOST NOCOBASE_PROXY_UPSTREAM_PORT
    """.split()  # noqa: SIM905
)
"""Documented variables without a setting of their own whose values are no secrets."""

_GUARDED = frozenset(
    """
    API_CLIENT_SHARE_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY ALI_OSS_ACCESS_KEY_ID ALI_OSS_ACCESS_KEY_SECRET
    TX_COS_SECRET_ID TX_COS_SECRET_KEY ENCRYPTION_FIELD_KEY IDP_OAUTH_JWKS OAUTH_JWKS UNSAFE_USE_DEFAULT_JWT_SECRET
    APP_SUPERVISOR_AES_SECRET_KEY PLUGIN_URL_HASH_SALT APP_SUPERVISOR_REDIS_URL APP_COMMAND_REDIS_URL
    QUEUE_ADAPTER_RABBITMQ_URL
    """.split()  # noqa: SIM905
)
"""Variables that NocoBase reads and whose values stay hidden."""

_SECRET_NAME = pattern(
    r"PASS|PWD|SECRET|KEY|TOKEN|CRED|JWT|JWK|SALT|PRIVATE|WEBHOOK"
    r"|(?:^|[_.-])(?:PW|AUTH|DSN|SIG|SIGNATURE|HASH|SEED|OTP|PIN|AK|SK)(?:$|[_.-])"
)
_SECRET_VALUE = pattern(r"://[^\s/]*@|-----BEGIN")
_RANDOM = pattern(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{16,}")
"""As keys and tokens look: long, without blanks and dots, letters and digits mixed."""
_KEY_WITHIN = pattern(
    r"(?<![A-Za-z0-9+])(?=[A-Za-z0-9+]*[0-9])(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])[A-Za-z0-9+]{16,}"
)
_NAMED_WITHIN = pattern(
    r"(?i:sig|signature|token|pass|passwd|password|pwd|secret|(?:account|access|api)_?key|auth)[\"']?\s*[=:]\s*\S"
)
"""A key in an address or a list, such as the path of a webhook, and what is called a secret in it by `=` or `:`."""
_ALIKE = 0.8
"""How alike two names are (0 to 1) that may be one, misspelt."""


_MOST_NAMES = 8192
"""Names of which it is remembered whether they are misspelt: a source of many asks twice of each."""


@cache
def _settings() -> dict[str, bool]:
    """Return every variable that is a setting's, and whether that is a secret."""
    groups = (Application, Database, Licence, Node)
    return {name: item.secret for group in groups for item in settings_of(group).values() for name in item.env}


@cache
def known_variables() -> frozenset[str]:
    """Return the names of all variables that NocoBase is known to read."""
    return frozenset({*_settings(), *ROLE_VARIABLES.values(), *ADAPTER_VARIABLES, *HARMLESS, *_GUARDED})


def alike(name: str) -> str:
    """Return the known variable that `name` may be a misspelling of, or nothing."""
    from wizard.plan.misspelt import misspelt_for

    return misspelt_for(name, known_variables())


def named_like_a_secret(name: str) -> bool:
    """Whether the name says that there is a secret in it."""
    return name not in HARMLESS and bool(_SECRET_NAME.search(name.upper()))


def may_be_secret(name: str, value: str) -> bool:
    """Whether the value is to be hidden: by the variable, or by how it looks where nobody knows the variable."""
    if _settings().get(name) is False and value.startswith("/") and not holds_account(value):
        return False  # where a key lies is none
    if _settings().get(name) or named_like_a_secret(name) or holds_account(value):
        return True
    if name in HARMLESS or name in _settings():
        return False
    return bool(_RANDOM.fullmatch(value.strip())) or _holds_secret(value) or _may_be_misspelt_secret(name)


def _holds_secret(value: str) -> bool:
    """Whether there is a key in a value, or a named secret, which is searched for where a sign may stand behind it."""
    return bool(_KEY_WITHIN.search(value) or (("=" in value or ":" in value) and _NAMED_WITHIN.search(value)))


def decides_secret(name: str, value: str) -> bool:
    """Whether a variable is NocoBase's and its value is a secret, or an address with one in it."""
    return _settings().get(name, False) or (name in known_variables() and holds_account(value))


@cache
def _secret_variables() -> tuple[str, ...]:
    return tuple(name for name, secret in _settings().items() if secret)


@lru_cache(maxsize=_MOST_NAMES)
def _may_be_misspelt_secret(name: str) -> bool:
    import difflib

    return bool(difflib.get_close_matches(name.upper(), _secret_variables(), n=1, cutoff=_ALIKE))


def holds_account(value: str) -> bool:
    """Whether the value is a URL with an account, be it cut within the password, or a PEM text."""
    return bool(_SECRET_VALUE.search(value) or WITH_PASSWORD.search(value))
