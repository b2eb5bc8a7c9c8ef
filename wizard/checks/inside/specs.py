"""The ids of what is seen from inside the nodes."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec, Stage

ANSWERS = Spec(
    "inside.answers",
    mark("The script that gathers facts ran inside the node and could read what NocoBase's process was given."),
    docs.PREPARATIONS,
    "packages/core/cli-v1/src/commands/start.js",
    severities=(PASS,),
    remedy=mark("Correct the way into the nodes in the plan."),
    gate=True,
    stage=Stage.RUN,
    evidence=mark("The script's answer from the node."),
)
APP_KEY = Spec(
    "inside.app_key",
    mark("Every node signs sessions with the same secret key, and that of the plan."),
    docs.PREPARATIONS,
    "packages/core/auth/src/auth-manager.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give every node the same APP_KEY and restart it."),
    step="application",
    identity=("odd", "nodes"),
    stage=Stage.RUN,
    effect=mark("Users are signed out whenever the balancer chooses another node."),
    evidence=mark("Fingerprints of APP_KEY, or of jwt_secret.dat which wins over it, of each node's process."),
    symptom=mark("Users are signed out again and again"),
)
AES_KEY = Spec(
    "inside.aes_key",
    mark("Every node encrypts stored secrets with the same AES key, and that of the plan."),
    docs.PREPARATIONS,
    "packages/core/server/src/aes-encryptor.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give every node the same APP_AES_SECRET_KEY and restart it."),
    step="application",
    identity=("odd", "nodes"),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("What one node has encrypted the others cannot read."),
    evidence=mark("Fingerprints of the AES key that each node uses: the variable, or a file."),
    symptom=mark("“Invalid IV” in the log, settings with passwords fail on some nodes"),
)
DATABASE = Spec(
    "inside.database",
    mark("Every node was given the same database, and that of the plan."),
    docs.PREPARATIONS,
    "docs/nocobase.md#health",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Give every node the same DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA and restart it."),
    step="database",
    identity=("odd", "variables"),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes do not share one database."),
    evidence=mark("Fingerprints of the variables that name the database, of each node's process."),
    symptom=mark("Records are there one time and missing the next"),
)
STORAGE = Spec(
    "inside.storage",
    mark("Every node sees in the shared storage what the others write."),
    docs.PREPARATIONS,
    "docs/nocobase.md#storage",
    severities=(PASS, FAIL),
    remedy=mark("Mount the same folder at every node's storage."),
    step="storage",
    identity=("nodes", "files"),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Files that one node takes are missing on the others."),
    evidence=mark("A small file of each node, looked for by all others for up to 70 s, and removed."),
    symptom=mark("Uploaded files are there one time and missing the next"),
)
LOCKS = Spec(
    "inside.locks",
    mark("A lock that one node takes on a file in the storage is seen by the others."),
    docs.PREPARATIONS,
    "docs/nocobase.md#storage",
    severities=(PASS, WARN),
    remedy=mark("Mount the storage with a file system that carries locks, such as NFS 4, and without “nolock”."),
    step="storage",
    stage=Stage.RUN,
    area=Area.DATA,
    evidence=mark("A lock of flock(1) on each node's small file, tried by the others."),
)
VARIABLES = Spec(
    "inside.variables",
    mark("Every node's process has the variables of the others, and those of the plan."),
    docs.PREPARATIONS,
    "docs/nocobase.md#env-files",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Bring the env file to every node and restart the nodes that differ."),
    step="nodes",
    identity=("odd", "variables"),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes do not work alike."),
    evidence=mark("Fingerprints of all variables that NocoBase reads, of each node's process."),
)
ADAPTERS = Spec(
    "inside.adapters",
    mark("No node locks, caches or queues for itself."),
    docs.PREPARATIONS,
    "packages/core/server/src/application.ts",
    severities=(PASS, FAIL),
    remedy=mark("Set CACHE_DEFAULT_STORE=redis and LOCK_ADAPTER_DEFAULT=redis, and QUEUE_ADAPTER, on every node."),
    step="redis",
    identity=("nodes",),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes work against one another: what must happen once happens on each."),
    evidence=mark("Which store, lock and queue each node's process was told to use."),
    symptom=mark("Workflows run twice, changes appear late on other nodes"),
)
PACKAGE = Spec(
    "inside.package",
    mark("Every node runs the same version of NocoBase with the same plug-ins, and that of the plan."),
    docs.OPERATIONS,
    "docs/nocobase.md#upgrade",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Start every node from the same image or package."),
    step="nodes",
    identity=("odd", "renewed"),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes of two versions change one database."),
    evidence=mark("The version of the package in each node's own folder, and of the plug-ins there."),
    symptom=mark("Pages fail to load one time in a few"),
)
CLOCKS = Spec(
    "inside.clocks",
    mark("The nodes' own clocks agree with one another."),
    docs.PREPARATIONS,
    "packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, WARN),
    remedy=mark("Let all machines take the time from the network."),
    step="nodes",
    stage=Stage.RUN,
    area=Area.DATA,
    evidence=mark("The time on each node, beside this machine's before and after."),
    symptom=mark("Sessions end early, schedules run twice"),
)
ENDPOINTS = Spec(
    "inside.endpoints",
    mark(
        "Every node reaches the database, Redis, RabbitMQ and the licence service by itself, at the addresses at which "
        "the others do."
    ),
    docs.PREPARATIONS,
    "packages/core/cli-v1/src/util.js",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Open the way from the node that does not reach it."),
    step="nodes",
    identity=("blocked", "elsewhere"),
    stage=Stage.RUN,
    evidence=mark("Name look-up, connection and TLS from each node to each address of the plan."),
)
PROCESSES = Spec(
    "inside.processes",
    mark("The processes that really run need no more than the 32 worker IDs there are."),
    docs.OPERATIONS,
    "packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Lower CLUSTER_MODE, or run fewer nodes."),
    step="nodes",
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Two processes make the same IDs."),
    evidence=mark("NocoBase's processes, counted on each node."),
)
BALANCER = Spec(
    "inside.balancer",
    mark("The balancer knows every node that takes requests, and none that is not there."),
    docs.PREPARATIONS,
    "docs/nocobase.md#balancer",
    severities=(PASS, WARN),
    remedy=mark("Bring the balancer's list and the nodes together."),
    step="balancer",
    identity=("unknown", "empty"),
    stage=Stage.RUN,
    area=Area.SPEED,
    evidence=mark("The addresses in the balancer's list, beside those that the nodes themselves have."),
)
LICENCE = Spec(
    "inside.licence",
    mark("The licence key on the nodes can be read by NocoBase's own licence kit there."),
    docs.PREPARATIONS,
    "docs/nocobase.md#licence",
    severities=(INFO, WARN),
    remedy=mark("Write the licence key anew into the storage's folder .license."),
    step="licence",
    stage=Stage.RUN,
    area=Area.ADVICE,
    evidence=mark("The key, decoded on the node by the licence kit that is installed there."),
)
TOGETHER = (
    APP_KEY,
    AES_KEY,
    DATABASE,
    STORAGE,
    LOCKS,
    VARIABLES,
    ADAPTERS,
    PACKAGE,
    CLOCKS,
    ENDPOINTS,
    PROCESSES,
    BALANCER,
    LICENCE,
)
"""What is judged over all nodes: one finding each."""
SPECS = (ANSWERS, *TOGETHER)
