"""The ids of the database checks, the gate first (docs/nocobase.md, "Database")."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.sections import Dialect
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec

_DATABASE = "packages/core/database/src/database.ts"
_DIALECTS = "packages/core/database/src/dialects"
_OURS = "docs/nocobase.md#database"

CONNECT = Spec(
    "database.connect",
    mark("The account of the plan gets into the database."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, FAIL),
    remedy=mark("Correct address, account, TLS or database; the finding tells which, and what to type."),
    gate=True,
    absent=mark("database not found"),
    vital=True,
    effect=mark("No node can start."),
    evidence=mark("A connection with the plan's address, account and TLS, as NocoBase makes it."),
    symptom=mark("Nodes end as they start, or answer 503"),
)
VERSION = Spec(
    "database.version",
    mark("The server is as new as NocoBase demands."),
    docs.PREPARATIONS,
    source=_DIALECTS,
    severities=(PASS, FAIL),
    remedy=mark("Upgrade the database server, with a backup made before."),
    effect=mark("Nodes refuse to start."),
    evidence=mark("What the server says of its version."),
)
DIALECT = Spec(
    "database.dialect",
    mark("The server is the kind that DB_DIALECT names."),
    docs.ENVIRONMENT,
    _DIALECTS,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Set DB_DIALECT to what the server is."),
    effect=mark("Nodes speak the wrong language to the server."),
    evidence=mark("What the server says of its make."),
)
WRITABLE = Spec(
    "database.writable",
    mark("The server is the primary and takes writes."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, FAIL),
    remedy=mark("Let DB_HOST lead to the primary, and let it take writes."),
    vital=True,
    effect=mark("No node can start, and nothing can be saved."),
    evidence=mark("Whether the server is a replica or read-only."),
    symptom=mark("Nothing can be saved"),
)
RIGHTS = Spec(
    "database.rights",
    mark("The account may create, alter, index and drop tables."),
    docs.PREPARATIONS,
    source=_OURS,
    severities=(PASS, FAIL),
    remedy=mark("Grant the account what is named."),
    effect=mark("The first start breaks off halfway."),
    evidence=mark("A table that is made, altered and dropped again, on trial, with a name nobody else has."),
    symptom=mark("“permission denied for schema” in a node's log"),
)
ENCODING = Spec(
    "database.encoding",
    mark("The database stores every character."),
    docs.ENVIRONMENT,
    source=_OURS,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Make the database anew in UTF8 or utf8mb4, and convert the tables that are there."),
    area=Area.DATA,
    effect=mark("Letters are stored as question marks, or cannot be stored."),
    evidence=mark("The encoding of the database and of tables that are there."),
    symptom=mark("Letters turn into question marks"),
)
TABLE_NAMES = Spec(
    "database.table_names",
    mark("The server's table names suit DB_UNDERSCORED."),
    docs.ENVIRONMENT,
    source=_DATABASE,
    severities=(PASS, FAIL),
    remedy=mark("Set DB_UNDERSCORED=true before the installation."),
    effect=mark("NocoBase does not find its own tables."),
    evidence=mark("How the server writes names of tables."),
)
CONNECTIONS = Spec(
    "database.connections",
    mark("The server allows as many connections as the cluster may open."),
    docs.ENVIRONMENT,
    source="packages/core/database/src/helpers.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Raise max_connections, or lower DB_POOL_MAX."),
    effect=mark("Nodes that start last get no connection."),
    evidence=mark("The server's limit and reserve, beside what all pools may open."),
    symptom=mark("“Too many connections” in a node's log"),
)
TLS = Spec(
    "database.tls",
    mark("The connection is encrypted, and the certificate is checked."),
    docs.ENVIRONMENT,
    source="docs/nocobase.md#database",
    severities=(PASS, INFO, WARN),
    remedy=mark("Give NocoBase the authority's file and let it check the certificate."),
    area=Area.ADVICE,
    evidence=mark("Whether the connection is encrypted, and whether the certificate is checked."),
)
CLOCK = Spec(
    "database.clock",
    mark("The server's clock agrees with this machine's."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, WARN),
    remedy=mark("Let all machines take the time from the network."),
    area=Area.ADVICE,
    evidence=mark("The server's clock, beside this machine's."),
)
POOLER = Spec(
    "database.pooler",
    mark("No pooler mixes the sessions of NocoBase."),
    docs.ENVIRONMENT,
    source=_OURS,
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Let the pooler keep one session for each connection."),
    area=Area.DATA,
    effect=mark("Statements of one session reach another."),
    evidence=mark("How the server behind answers twice on one connection."),
    symptom=mark("Errors such as “prepared statement does not exist”"),
)
INSTALLATION = Spec(
    "database.installation",
    mark("What is installed in the database is what the plan names."),
    docs.OPERATIONS,
    source=_DATABASE,
    severities=(PASS, INFO, FAIL),
    remedy=mark("Let the plan name the installation's version, prefix, schema and naming."),
    absent=mark("installed under other names"),
    effect=mark("Nodes find no installation there that they can work with."),
    evidence=mark("The tables under the plan's schema, prefix and naming."),
    symptom=mark("Users and data seem to be gone, or the first sign-in answers “USER_HAS_NO_ROLES_ERR”"),
)
PLUGINS = Spec(
    "database.plugins",
    mark("The plug-ins of a cluster are enabled."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#first-start",
    severities=(PASS, FAIL),
    remedy=mark("Enable the plug-ins on the running cluster, then restart its nodes."),
    absent=mark("plug-ins not enabled"),
    effect=mark("Nodes do not act as a cluster."),
    evidence=mark("NocoBase's own table of plug-ins."),
    symptom=mark('“Lock adapter "redis" not registered” in a node\'s log'),
)
FILE_STORAGE = Spec(
    "database.file_storage",
    mark("New files go to an object storage."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#storage",
    severities=(PASS, WARN),
    remedy=mark("Make an object storage the default of NocoBase's file manager."),
    area=Area.ADVICE,
    evidence=mark("NocoBase's own table of storages."),
    symptom=mark("Uploaded files are there one time and missing the next"),
)
BACKLOG = Spec(
    "database.backlog",
    mark("Workflows do not wait for a node: the oldest execution that was not begun is a few minutes old at most."),
    docs.SPLITTING,
    source="packages/plugins/@nocobase/plugin-workflow/src/server/Dispatcher.ts",
    severities=(PASS, WARN),
    remedy=mark(
        "Let some node take workflows (WORKER_MODE), look whether it serves and reaches the queue, and read its log."
    ),
    area=Area.SPEED,
    effect=mark("Workflows wait longer and longer."),
    evidence=mark("NocoBase's own table of executions."),
    symptom=mark("Workflows stay queued"),
)
DUPLICATES = Spec(
    "database.duplicates",
    mark("No schedule ran twice at one moment: nodes begin each of them together once."),
    docs.PREPARATIONS,
    source="packages/plugins/@nocobase/plugin-workflow/src/server/triggers/ScheduleTrigger/StaticScheduleTrigger.ts",
    severities=(PASS, FAIL),
    remedy=mark(
        "Give all nodes one version, LOCK_ADAPTER_DEFAULT=redis and the same LOCK_ADAPTER_REDIS_URL, with the plug-in "
        "of the lock enabled; then look again a day later."
    ),
    area=Area.DATA,
    effect=mark("Work is done twice."),
    evidence=mark("NocoBase's own table of executions."),
    symptom=mark("A scheduled workflow runs twice"),
)
LATENCY = Spec(
    "database.latency",
    mark("The server answers quickly."),
    docs.PREPARATIONS,
    source="docs/nocobase.md#database",
    severities=(PASS, INFO, WARN),
    remedy=mark("Bring the nodes and the database nearer to each other."),
    area=Area.SPEED,
    evidence=mark("A few round trips."),
    timed=True,
    symptom=mark("Every page is slow"),
)

SPECS: tuple[Spec, ...] = (
    CONNECT,
    VERSION,
    DIALECT,
    WRITABLE,
    RIGHTS,
    ENCODING,
    TABLE_NAMES,
    CONNECTIONS,
    TLS,
    CLOCK,
    POOLER,
    INSTALLATION,
    PLUGINS,
    FILE_STORAGE,
    BACKLOG,
    DUPLICATES,
    LATENCY,
)
"""All ids there are."""


def specs_for(dialect: Dialect) -> tuple[Spec, ...]:
    """Return the ids that mean something for `dialect`: poolers are PostgreSQL's, table names' case is MySQL's."""
    other = TABLE_NAMES if dialect is Dialect.POSTGRES else POOLER
    return tuple(spec for spec in SPECS if spec is not other)
