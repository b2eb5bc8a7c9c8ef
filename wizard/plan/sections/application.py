"""Section application: what users see, the keys all nodes share, and the first start."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, FilePath, Integer, SecretValue, Suggested, Text, TimeZone, Url
from wizard.plan.secret import SecretRef
from wizard.plan.setting import setting

_UTIL = "packages/core/cli-v1/src/util.js"
_LANGUAGES = (
    ("en-US", "English"),
    ("de-DE", "Deutsch"),
    ("es-ES", "Español"),
    ("fr-FR", "Français"),
    ("he-IL", "עברית"),
    ("hu-HU", "Magyar"),
    ("id-ID", "Bahasa Indonesia"),
    ("it-IT", "Italiano"),
    ("ja-JP", "日本語"),
    ("ko-KR", "한국어"),
    ("nl-NL", "Nederlands"),
    ("pl-PL", "Polski"),
    ("pt-BR", "Português do Brasil"),
    ("ru-RU", "Русский"),
    ("tr-TR", "Türkçe"),
    ("uk-UA", "Українська"),
    ("vi-VN", "Tiếng Việt"),
    ("zh-CN", "简体中文"),
    ("zh-TW", "繁體中文"),
)
"""The languages of NocoBase's own pages (packages/core/client/src/locale), each by its own name."""
_USERS = "packages/plugins/@nocobase/plugin-users/src/server/server.ts"


class Deployment(StrEnum):
    """What runs a node."""

    DOCKER = "docker"
    BARE = "bare"
    KUBERNETES = "kubernetes"


class Environment(StrEnum):
    """NocoBase's APP_ENV; a cluster wants production."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Application:
    """The application that all nodes serve."""

    public_url: str = setting(
        "", Url(), mark("Public address"), help=mark("What users type, for example https://app.example.com.")
    )
    public_path: str = setting(
        "/",
        Text(r"/([A-Za-z0-9_-]+/)*", mark("begin and end with “/”, for example /crm/")),
        mark("Sub-path"),
        "APP_PUBLIC_PATH",
        help=mark("“/” unless the application lives below another site."),
        source="packages/core/cli/src/lib/prompt-validators.ts",
    )
    version: str = setting(
        "",
        Text(r"[0-9]+\.[0-9]+\.[0-9]+([-+.][A-Za-z0-9.-]+)?", mark("use a full version such as 2.2.15")),
        mark("NocoBase version"),
        help=mark("The same on every node; a full version such as 2.2.15, never “latest”."),
        source="docs/nocobase.md#deployment",
    )
    deployment: Deployment = setting(
        Deployment.DOCKER,
        Choice(Deployment, (mark("Docker"), mark("Bare metal or virtual machine"), mark("Kubernetes"))),
        mark("Nodes run in"),
    )
    app_key: SecretRef | None = setting(
        None,
        SecretValue(length=48),
        mark("Application key"),
        "APP_KEY",
        help=mark("Signs every session; the same on all nodes. Left empty, NocoBase signs with a publicly known key."),
        source="packages/core/auth/src/auth-manager.ts",
    )
    aes_key: SecretRef | None = setting(
        None,
        SecretValue(length=64, hexadecimal=True),
        mark("Encryption key"),
        "APP_AES_SECRET_KEY",
        help=mark(
            "64 hexadecimal digits. For an installed cluster it must be the hex form of the existing aes_key.dat."
        ),
        source="packages/core/server/src/aes-encryptor.ts",
    )
    aes_key_path: str = setting(
        "",
        FilePath(),
        mark("Encryption key file"),
        "APP_AES_SECRET_KEY_PATH",
        help=mark("Instead of the key: a file of 32 raw bytes, readable by every node."),
        advanced=True,
        source="packages/core/server/src/aes-encryptor.ts",
    )
    time_zone: str = setting(
        "UTC", TimeZone(), mark("Time zone"), "TZ", help=mark("The same on all nodes."), source=_UTIL
    )
    language: str = setting(
        "en-US",
        Suggested(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", mark("use a locale such as en-US"), offers=_LANGUAGES),
        mark("Language"),
        "INIT_APP_LANG",
        "INIT_LANG",
        help=mark("Of the first installation; NocoBase reads it under two names."),
        source="packages/plugins/@nocobase/plugin-system-settings/src/server/server.ts",
    )
    root_email: str = setting(
        "",
        Text(r"[^@\s]+@[^@\s]+\.[^@\s]+", mark("use an e-mail address such as admin@example.com")),
        mark("First admin: e-mail"),
        "INIT_ROOT_EMAIL",
        help=mark("Used at the first installation only; changing it later has no effect."),
        source=_USERS,
    )
    root_username: str = setting(
        "nocobase", Text(), mark("First admin: user name"), "INIT_ROOT_USERNAME", source=_USERS
    )
    root_nickname: str = setting(
        "Super Admin", Text(), mark("First admin: shown name"), "INIT_ROOT_NICKNAME", advanced=True, source=_USERS
    )
    root_password: SecretRef | None = setting(
        None, SecretValue(length=20), mark("First admin: password"), "INIT_ROOT_PASSWORD", source=_USERS
    )
    environment: Environment = setting(
        Environment.PRODUCTION,
        Choice(Environment, (mark("Production"), mark("Development"), mark("Test"))),
        mark("Environment"),
        "APP_ENV",
        advanced=True,
        source=_UTIL,
    )
    cors_origins: str = setting(
        "",
        Text(r"\*|[^\s,]+( *, *[^\s,]+)*", mark("use origins separated by commas")),
        mark("Other allowed origins"),
        "CORS_ORIGIN_WHITELIST",
        help=mark("Exact origins besides the public address that may sign in."),
        advanced=True,
        source="packages/core/utils/src/cors.ts",
    )
    body_limit: str = setting(
        "",
        Text(r"[0-9]+(\.[0-9]+)? *([kKmMgGtT]?[bB])?", mark("use a size such as 10mb")),
        mark("Request body limit"),
        "REQUEST_BODY_LIMIT",
        help=mark("For forms and JSON, not for uploads; 10mb if empty."),
        advanced=True,
        source="packages/core/server/src/helper.ts",
    )
    lock_plugins: bool = setting(
        True,
        Boolean(),
        mark("No plug-ins from the web page"),
        "DISABLE_PM_ADD",
        help=mark("On a cluster a plug-in is added while one node runs alone, not from the page."),
        advanced=True,
        source="packages/core/server/src/plugin-manager/options/resource.ts",
    )
    log_transport: str = setting(
        "console",
        Text(
            r"(console|file|dailyRotateFile)(,(console|file|dailyRotateFile))*",
            mark("use console, file or dailyRotateFile, separated by commas without spaces"),
        ),
        mark("Logs go to"),
        "LOGGER_TRANSPORT",
        help=mark("On shared storage all nodes write the same log files, so the console is the better place."),
        advanced=True,
        source="packages/core/logger/src/transports.ts",
    )
    async_tasks: int | None = setting(
        None,
        Integer(1, 1000, optional=True),
        mark("Async tasks at once"),
        "ASYNC_TASK_MAX_CONCURRENCY",
        help=mark("3 if empty; each may open a database pool of its own (inferred)."),
        advanced=True,
        source="packages/plugins/@nocobase/plugin-async-task-manager/src/server/base-task-manager.ts",
    )
    extra_ca_file: str = setting(
        "",
        FilePath(),
        mark("Private authority"),
        "NODE_EXTRA_CA_CERTS",
        help=mark(
            "PEM file of an authority that Node.js shall trust besides the public ones, for example for Redis over TLS."
        ),
        advanced=True,
        source="docs/nocobase.md#redis",
    )
    check_account: str = setting(
        "",
        Text(),
        mark("Account for checks"),
        help=mark(
            "Optional. User name or e-mail of an account of the application. With it a check signs in on one node, "
            "shows the token to the others, asks what NocoBase thinks of the licence, and signs out again. Best is one "
            "of its own with one role that allows nothing. NocoBase keeps a record of each sign-in until it expires."
        ),
        advanced=True,
        source="docs/nocobase.md#sessions",
    )
    check_password: SecretRef | None = setting(
        None,
        SecretValue(),
        mark("Password of that account"),
        help=mark("For checks alone; it is in no exported file."),
        advanced=True,
        source="docs/nocobase.md#sessions",
    )
    try_default_admin: bool = setting(
        False,
        Boolean(),
        mark("Try NocoBase's own first password"),
        help=mark(
            "Each run then tries once, on one node, whether the account and password that NocoBase publishes for a "
            "first installation still sign in. A refused attempt is one failed sign-in in NocoBase's log."
        ),
        advanced=True,
        source=_USERS,
    )
