"""The ids of the rules, which need no network, and of the look at a bundle's files."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

READABLE = Spec(
    "plan.value",
    mark("Every value can be read as its setting's kind."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Correct the value where it is named; the finding says what was expected."),
    empty_field=True,
)
REQUIRED = Spec(
    "plan.required",
    mark("Every setting that a cluster needs has a value."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#deployment",
    severities=(PASS, FAIL),
    remedy=mark("Fill in the setting that is named."),
    empty_field=True,
    note=mark("A cluster needs a value here."),
)
ENV_TEXT = Spec(
    "plan.env_text",
    mark("Every value survives the readers of env files."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Choose a value of letters, digits and _ . / : @ % + = , - only; the wizard can generate one."),
)
SOURCES = Spec(
    "plan.sources",
    mark("Where several sources speak of one setting, they say the same."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, FAIL),
    remedy=mark("Let both places say the same, or leave out the source that does not count."),
)
UNKNOWN_VARIABLES = Spec(
    "plan.unknown_variables",
    mark("NocoBase is known to read every further variable."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN),
    remedy=mark("Correct the name if it is misspelt; a variable for another program may stay."),
)
UNFILLED = Spec(
    "plan.unfilled",
    mark("No secret and no account holds what a sample or an exported file has in its place."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, FAIL),
    remedy=mark("Write the value itself in the place of what stands there."),
)
EXPRESSIONS = Spec(
    "plan.expressions",
    mark("No value of the env file is an expression that Compose replaces and NocoBase does not."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Write the value itself in the place of each expression."),
)
UNREAD_VARIABLES = Spec(
    "plan.unread_variables",
    mark("No variable stands where NocoBase reads another one."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#variables-it-ignores",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Write what it says into the variables that NocoBase reads."),
)
CLIENT_ADDRESSES = Spec(
    "plan.client_addresses",
    mark("The browser asks the address it came by."),
    docs.ENVIRONMENT,
    source="packages/core/cli/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Leave API_BASE_URL and WEBSOCKET_URL empty: the browser then asks the address it came by."),
)
UPLOADS = Spec(
    "plan.uploads",
    mark("Uploads lie in the folder that all nodes share."),
    docs.PREPARATIONS,
    source="packages/core/cli/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take LOCAL_STORAGE_DEST out: uploads then lie in the shared folder."),
)
OVERRIDDEN = Spec(
    "plan.overridden",
    mark("No further variable takes the place of what the plan decides for a node or for all."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Take the variable out of the further ones (“extras”), and let its setting decide."),
)
APP_KEY = Spec(
    "plan.app_key",
    mark("The application key is set, secret and long enough."),
    docs.PREPARATIONS,
    source="packages/core/auth/src/auth-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the wizard generate APP_KEY, and give it to every node."),
    empty_field=True,
)
AES_KEY = Spec(
    "plan.aes_key",
    mark("The encryption key has 64 hexadecimal digits."),
    docs.PREPARATIONS,
    source="packages/core/server/src/aes-encryptor.ts",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark(
        "Let the wizard generate 64 hexadecimal digits, or write down those of the installed cluster's key file."
    ),
)
ROOT_PASSWORD = Spec(
    "plan.root_password",
    mark("The first admin does not get NocoBase's default password."),
    docs.ENVIRONMENT,
    source="packages/plugins/@nocobase/plugin-users/src/server/server.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Choose a password of your own for the first admin."),
)
PUBLIC_URL = Spec(
    "plan.public_url",
    mark("The public address and the balancer agree."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#balancer",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Let the public address, the balancer's names and its TLS say the same."),
)
ENVIRONMENT = Spec(
    "plan.environment",
    mark("The cluster runs in production mode."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#deployment",
    severities=(PASS, FAIL),
    remedy=mark("Set APP_ENV=production."),
)
PLUGINS = Spec(
    "plan.plugins",
    mark("The cluster runs with the commercial plug-ins that it needs."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#first-start",
    severities=(PASS, WARN),
    remedy=mark("Get the plug-ins, enable them on one node alone, and switch “without the commercial plug-ins” off."),
)
VERSION = Spec(
    "plan.version",
    mark("The NocoBase version is named and knows cluster mode."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#deployment",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Name one full version of NocoBase for all nodes."),
)
TIME_ZONE = Spec(
    "plan.time_zone",
    mark("TZ and DB_TIMEZONE have the same offset."),
    docs.ENVIRONMENT,
    source="packages/core/cli-v1/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give TZ and DB_TIMEZONE the same zone on all nodes."),
)
DATABASE_PASSWORD = Spec(
    "plan.database_password",
    mark("The database password does not break NocoBase's licence kit."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#licence",
    severities=(PASS, WARN),
    remedy=mark("Choose a password without white space and backslashes."),
)
POOL = Spec(
    "plan.pool",
    mark("The pools of all processes fit a database server's usual limit."),
    docs.ENVIRONMENT,
    source="packages/core/database/src/helpers.ts",
    severities=(PASS, INFO, FAIL),
    remedy=mark("Lower DB_POOL_MAX, or raise the server's max_connections."),
)
DATABASE_LOCALHOST = Spec(
    "plan.database_localhost",
    mark("Every node reaches the same database."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, FAIL),
    remedy=mark("Name the database by an address that every machine and container reaches."),
)
REDIS_ADDRESS = Spec(
    "plan.redis_address",
    mark("Every role has an address that NocoBase can use."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, FAIL),
    remedy=mark("Name a server for the role."),
    empty_field=True,
)
REDIS_LOCALHOST = Spec(
    "plan.redis_localhost",
    mark("Every node reaches the same Redis."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, FAIL),
    remedy=mark("Name the server by an address that every machine and container reaches."),
)
REDIS_DISTINCT = Spec(
    "plan.redis_distinct",
    mark("Every role has a database of its own."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give each role a database of its own, the cache above all."),
)
QUEUE_LOCALHOST = Spec(
    "plan.queue_localhost",
    mark("Every node reaches the same RabbitMQ."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#rabbitmq",
    severities=(PASS, FAIL),
    remedy=mark("Name the server by an address that every machine and container reaches."),
)
QUEUE_NAMES = Spec(
    "plan.queue_variables",
    mark("The variables of the RabbitMQ queue are confirmed, and read as nothing else."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#rabbitmq",
    severities=(WARN, FAIL),
    remedy=mark("Ask NocoBase's support to confirm the names; the plan can hold others."),
)
NODES = Spec(
    "plan.nodes",
    mark("The cluster has at least two nodes, each with a name and an address of its own."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#deployment",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Plan two or more nodes, each with a name and an address of its own."),
)
WORKER_IDS = Spec(
    "plan.worker_ids",
    mark("All processes together fit the 32 worker IDs."),
    docs.PREPARATIONS,
    source="packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, FAIL),
    remedy=mark("Plan fewer nodes, or fewer processes a node."),
)
WORKER_MODE = Spec(
    "plan.worker_mode",
    mark("Each worker mode does what it seems to."),
    docs.SPLITTING,
    source="packages/core/server/src/worker-mode.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Write the worker mode as the table of worker modes says, without spaces."),
)
COVERAGE = Spec(
    "plan.coverage",
    mark("Some node serves requests, and every task has a node."),
    docs.SPLITTING,
    source="docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(PASS, FAIL),
    remedy=mark("Let a node serve requests, and let every task have a node."),
)
SHARED_STORAGE = Spec(
    "plan.shared_storage",
    mark("Nodes on several machines share their storage."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#storage",
    severities=(PASS, FAIL),
    remedy=mark("Put the storage on a file system that all machines share."),
)
OWN_PATHS = Spec(
    "plan.own_paths",
    mark("On bare metal each node keeps PM2's folder and its socket to itself."),
    docs.ENVIRONMENT,
    source="packages/core/cli-v1/src/commands/start.js",
    severities=(PASS, FAIL),
    remedy=mark("Give each node a PM2_HOME and a SOCKET_PATH outside of the shared storage."),
)
BUNDLE_FILES = Spec(
    "plan.bundle_files",
    mark("The files of a bundle are as they were exported and all there, and others cannot read those with secrets."),
    doc=docs.PREPARATIONS,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN),
    remedy=mark("Put what was changed into the plan and export again; “export --dry-run” shows what differs."),
    step="export",
)

RULES: tuple[Spec, ...] = (
    READABLE,
    REQUIRED,
    ENV_TEXT,
    SOURCES,
    EXPRESSIONS,
    UNKNOWN_VARIABLES,
    UNFILLED,
    UNREAD_VARIABLES,
    OVERRIDDEN,
    APP_KEY,
    AES_KEY,
    ROOT_PASSWORD,
    PUBLIC_URL,
    ENVIRONMENT,
    VERSION,
    PLUGINS,
    CLIENT_ADDRESSES,
    UPLOADS,
    TIME_ZONE,
    DATABASE_PASSWORD,
    POOL,
    DATABASE_LOCALHOST,
    REDIS_ADDRESS,
    REDIS_LOCALHOST,
    REDIS_DISTINCT,
    QUEUE_LOCALHOST,
    QUEUE_NAMES,
    NODES,
    WORKER_IDS,
    WORKER_MODE,
    COVERAGE,
    SHARED_STORAGE,
    OWN_PATHS,
)
SPECS = (*RULES, BUNDLE_FILES)
