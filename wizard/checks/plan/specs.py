"""The ids of the rules, which need no network, and of the look at a bundle's files."""

from __future__ import annotations

from wizard.checks.plan import specs_deployed
from wizard.checks.plan.specs_read import (
    CLIENT_ADDRESSES,
    ENV_TEXT,
    EXPRESSIONS,
    OVERRIDDEN,
    READABLE,
    REQUIRED,
    SOURCES,
    UNFILLED,
    UNKNOWN_VARIABLES,
    UNREAD_VARIABLES,
    UPLOADS,
)
from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

APP_KEY = Spec(
    "plan.app_key",
    mark("The application key is set, secret and long enough."),
    docs.PREPARATIONS,
    source="packages/core/auth/src/auth-manager.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the wizard generate APP_KEY, and give it to every node."),
    empty_field=True,
    area=Area.DATA,
    effect=mark("Whoever knows the key can sign in as anybody."),
    evidence=mark("The key's length, and whether it is a published one."),
    symptom=mark("Users are signed out again and again"),
)
AES_KEY = Spec(
    "plan.aes_key",
    mark("The encryption key has 64 hexadecimal digits."),
    docs.PREPARATIONS,
    source="packages/core/server/src/aes-encryptor.ts",
    remedy=mark(
        "Let the wizard generate 64 hexadecimal digits, or write down those of the installed cluster's key file."
    ),
    area=Area.DATA,
    effect=mark("Passwords and keys that NocoBase stored encrypted cannot be read any more."),
    evidence=mark("The key's form."),
    symptom=mark("Stored passwords of data sources and mail no longer work"),
)
ROOT_PASSWORD = Spec(
    "plan.root_password",
    mark("The first admin does not get NocoBase's default password."),
    docs.ENVIRONMENT,
    source="packages/plugins/@nocobase/plugin-users/src/server/server.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Choose a password of your own for the first admin."),
    area=Area.DATA,
    effect=mark("Everybody knows the first admin's password."),
    evidence=mark("The password, against NocoBase's published one."),
)
PUBLIC_URL = Spec(
    "plan.public_url",
    mark("The public address and the balancer agree."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#balancer",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Let the public address, the balancer's names and its TLS say the same."),
    effect=mark("Users do not get in by the address they are given."),
    evidence=mark("The public address beside the balancer's names, ports and TLS."),
    symptom=mark("The page stays white, or asks for another address"),
)
ENVIRONMENT = Spec(
    "plan.environment",
    mark("The cluster runs in production mode."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#deployment",
    severities=(PASS, FAIL),
    remedy=mark("Set APP_ENV=production."),
    effect=mark("Nodes run with NocoBase's settings for developers."),
    evidence=mark("APP_ENV."),
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
    effect=mark("Nodes of different versions use one database."),
    evidence=mark("The version that the plan names."),
)
TIME_ZONE = Spec(
    "plan.time_zone",
    mark("TZ and DB_TIMEZONE have the same offset, and the database's driver takes it."),
    docs.ENVIRONMENT,
    source="packages/core/cli-v1/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give TZ and DB_TIMEZONE the same zone on all nodes."),
    effect=mark("No node can start."),
    evidence=mark("TZ, DB_TIMEZONE and DB_DIALECT."),
    symptom=mark("Dates are off by some hours"),
)
DATABASE_PASSWORD = Spec(
    "plan.database_password",
    mark("The database password does not break NocoBase's licence kit."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#licence",
    severities=(PASS, WARN),
    remedy=mark("Choose a password without white space and backslashes."),
    area=Area.ADVICE,
    evidence=mark("The characters of the database password."),
    symptom=mark("The licence's instance ID cannot be made"),
)
DATABASE_TLS = Spec(
    "plan.database_tls",
    mark("NocoBase's licence kit reaches the database over TLS where the plan wants TLS."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#licence",
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Set DB_DIALECT_OPTIONS_SSL_MODE to verify-full, verify-ca, require or prefer."),
    effect=mark("The licence's instance ID cannot be made, and no plug-in is fetched."),
    evidence=mark("DB_DIALECT_OPTIONS_SSL_MODE beside the other variables of TLS."),
    symptom=mark("“no pg_hba.conf entry … no encryption” when the instance ID is made"),
)
POOL = Spec(
    "plan.pool",
    mark("The pools of all processes fit a database server's usual limit."),
    docs.ENVIRONMENT,
    source="packages/core/database/src/helpers.ts",
    severities=(PASS, INFO, FAIL),
    remedy=mark("Lower DB_POOL_MAX, or raise the server's max_connections."),
    effect=mark("Nodes that start last get no connection to the database."),
    evidence=mark("DB_POOL_MAX times all processes, beside the usual limits of servers."),
    symptom=mark("“Too many connections” in a node's log"),
)
DATABASE_LOCALHOST = Spec(
    "plan.database_localhost",
    mark("Every node reaches the same database."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, FAIL),
    remedy=mark("Name the database by an address that every machine and container reaches."),
    area=Area.DATA,
    effect=mark("Nodes on several machines use several databases."),
    evidence=mark("DB_HOST, and whether nodes stand on one machine."),
)
REDIS_ADDRESS = Spec(
    "plan.redis_address",
    mark("Every role has an address that NocoBase can use."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, FAIL),
    remedy=mark("Name a server for the role."),
    empty_field=True,
    effect=mark("Nodes do not find their Redis."),
    evidence=mark("The address of each role."),
    symptom=mark("“connect ECONNREFUSED 127.0.0.1:6379” in a node's log"),
)
REDIS_LOCALHOST = Spec(
    "plan.redis_localhost",
    mark("Every node reaches the same Redis."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, FAIL),
    remedy=mark("Name the server by an address that every machine and container reaches."),
    area=Area.DATA,
    effect=mark("Nodes on several machines do not hear one another."),
    evidence=mark("The hosts of all roles, and whether nodes stand on one machine."),
    symptom=mark("A change is seen on one node and not on the others"),
)
REDIS_DISTINCT = Spec(
    "plan.redis_distinct",
    mark("Every role has a database of its own."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#redis",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give each role a database of its own, the cache above all."),
    area=Area.DATA,
    effect=mark("Clearing the cache clears what another role keeps."),
    evidence=mark("The server and the database of each role."),
)
QUEUE_LOCALHOST = Spec(
    "plan.queue_localhost",
    mark("Every node reaches the same RabbitMQ."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#rabbitmq",
    severities=(PASS, FAIL),
    remedy=mark("Name the server by an address that every machine and container reaches."),
    area=Area.DATA,
    effect=mark("Nodes on several machines use several queues."),
    evidence=mark("The broker's host, and whether nodes stand on one machine."),
    symptom=mark("Workflows stay queued"),
)
QUEUE_NAMES = Spec(
    "plan.queue_variables",
    mark("The variables of the RabbitMQ queue are confirmed, and read as nothing else."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#rabbitmq",
    severities=(WARN, FAIL),
    remedy=mark("Ask NocoBase's support to confirm the names; the plan can hold others."),
    effect=mark("The queue stays in the memory of each node."),
    evidence=mark("The variables that the plan writes for RabbitMQ."),
    symptom=mark("Workflows stay queued"),
)
NODES = Spec(
    "plan.nodes",
    mark("The cluster has at least two nodes, each with a name and an address of its own."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#deployment",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Plan two or more nodes, each with a name and an address of its own."),
    effect=mark("There is no cluster."),
    evidence=mark("The nodes' names and addresses."),
)
WORKER_IDS = Spec(
    "plan.worker_ids",
    mark("All processes together fit the 32 worker IDs."),
    docs.PREPARATIONS,
    source="packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, FAIL),
    remedy=mark("Plan fewer nodes, or fewer processes a node."),
    effect=mark("A process that finds no number does not start."),
    evidence=mark("The processes of all nodes, beside the 32 worker IDs."),
    symptom=mark("A node ends with “no available worker id”"),
)
WORKER_MODE = Spec(
    "plan.worker_mode",
    mark("Each worker mode does what it seems to."),
    docs.SPLITTING,
    source="packages/core/server/src/worker-mode.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Write the worker mode as the table of worker modes says, without spaces."),
    effect=mark("A node does other work than it seems to."),
    evidence=mark("WORKER_MODE of each node, by NocoBase's own grammar."),
    symptom=mark("Workflows stay queued"),
)
COVERAGE = Spec(
    "plan.coverage",
    mark("Some node serves requests, and every task has a node."),
    docs.SPLITTING,
    source="docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(PASS, FAIL),
    remedy=mark("Let a node serve requests, and let every task have a node."),
    effect=mark("Requests or tasks have no node."),
    evidence=mark("The worker modes of all nodes together."),
    symptom=mark("Workflows stay queued"),
)
SHARED_STORAGE = Spec(
    "plan.shared_storage",
    mark("Nodes on several machines share their storage."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#storage",
    severities=(PASS, FAIL),
    remedy=mark("Put the storage on a file system that all machines share."),
    area=Area.DATA,
    effect=mark("Files that one node writes are missing on the others."),
    evidence=mark("The kind of storage, beside the machines of the nodes."),
    symptom=mark("Uploaded files are there one time and missing the next"),
)
OWN_PATHS = Spec(
    "plan.own_paths",
    mark("On bare metal each node keeps PM2's folder and its socket to itself."),
    docs.ENVIRONMENT,
    source="packages/core/cli-v1/src/commands/start.js",
    severities=(PASS, FAIL),
    remedy=mark("Give each node a PM2_HOME and a SOCKET_PATH outside of the shared storage."),
    effect=mark("Two nodes get into each other's way as they start."),
    evidence=mark("PM2_HOME and SOCKET_PATH of each node."),
    symptom=mark("A node stops as another one starts"),
)
BUNDLE_FILES = Spec(
    "plan.bundle_files",
    mark("The files of a bundle are as they were exported and all there, and others cannot read those with secrets."),
    doc=docs.PREPARATIONS,
    source="docs/nocobase.md#env-files",
    severities=(PASS, INFO, WARN),
    remedy=mark("Put what was changed into the plan and export again; “export --dry-run” shows what differs."),
    step="export",
    area=Area.ADVICE,
    evidence=mark("The files of the bundle, against the digests in its manifest, and their permissions."),
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
    DATABASE_TLS,
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
    *specs_deployed.RULES,
)
SPECS = (*RULES, BUNDLE_FILES)
BY_ID = {spec.id: spec for spec in RULES}
