"""The ids of the comparisons over a whole run."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, PASS, WARN, Spec, Stage

VERSIONS = Spec(
    "cluster.versions",
    mark("All nodes tell the same version: they look at the same database."),
    docs.OPERATIONS,
    "docs/nocobase.md#health",
    severities=(PASS, FAIL),
    remedy=mark("Let all nodes use one database and one version."),
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes do not share one database."),
    evidence=mark("The version that each node tells."),
    symptom=mark("Records are there one time and missing the next"),
)
CLOCKS = Spec(
    "cluster.clocks",
    mark("The clocks of nodes and servers agree with one another."),
    docs.PREPARATIONS,
    "packages/core/snowflake-id/src/snowflake-id.ts",
    severities=(PASS, WARN),
    remedy=mark("Let all machines take the time from the network."),
    stage=Stage.RUN,
    area=Area.DATA,
    evidence=mark("The clocks of all nodes and servers that tell theirs."),
    symptom=mark("Sessions end early, schedules run twice"),
)
DATABASE = Spec(
    "cluster.database",
    mark(
        "The nodes use the database of the plan: a session begun on each is found in it (needs an account for checks)."
    ),
    docs.PREPARATIONS,
    "docs/nocobase.md#sessions",
    severities=(PASS, FAIL),
    remedy=mark("Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of the nodes with the plan."),
    step="database",
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Nodes do not share the plan's database."),
    evidence=mark("The version in the plan's database beside those of the nodes, and a session begun on each of them."),
    symptom=mark("Records are there one time and missing the next"),
)
KEYS = Spec(
    "cluster.keys",
    mark("A session begun on one node is valid on the others: they share the keys (needs an account for checks)."),
    docs.PREPARATIONS,
    "packages/core/auth/src/base/auth.ts",
    severities=(PASS, FAIL),
    remedy=mark("Give every node the same APP_KEY, and the same storage, whose jwt_secret.dat wins over it."),
    step="application",
    stage=Stage.RUN,
    effect=mark("Users are signed out whenever the balancer chooses another node."),
    evidence=mark("A session begun on one node and shown to the others."),
    symptom=mark("Users are signed out again and again"),
)
SIGN_OUT = Spec(
    "cluster.sign_out",
    mark("A session ended on one node is over on the others: they share the cache (needs an account for checks)."),
    docs.PREPARATIONS,
    "packages/plugins/@nocobase/plugin-auth/src/server/token-blacklist.ts",
    severities=(PASS, FAIL),
    remedy=mark("Give every node CACHE_DEFAULT_STORE=redis and the same CACHE_REDIS_URL."),
    step="redis",
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("Who signed out is still signed in on other nodes."),
    evidence=mark("A session ended on one node and shown to the others."),
)
DEFAULT_ADMIN = Spec(
    "cluster.default_admin",
    mark("NocoBase's published first password does not sign in (one attempt, only where the plan asks for it)."),
    "https://docs.nocobase.com/get-started/installation/env",
    "packages/plugins/@nocobase/plugin-users/src/server/server.ts",
    severities=(PASS, WARN),
    remedy=mark("Sign in as the first admin and change the password in the user centre."),
    step="application",
    stage=Stage.RUN,
    area=Area.DATA,
    evidence=mark("One sign-in with NocoBase's published first password."),
)
ASSETS = Spec(
    "cluster.assets",
    mark("The nodes run one package: the files that the page of one names are on the others, too."),
    docs.OPERATIONS,
    "docs/nocobase.md#faults-of-the-second-node",
    severities=(PASS, FAIL),
    remedy=mark("Start every node with the same image, or the same release of NocoBase."),
    stage=Stage.RUN,
    effect=mark("A page that one node gives asks for files that another one does not have."),
    evidence=mark("The scripts and style sheets that each node's page names, asked of every other node."),
    symptom=mark("The page stays white, or “Loading chunk failed”"),
)
SYNC = Spec(
    "cluster.sync",
    mark("Every node that serves listens for the sync signal."),
    docs.PREPARATIONS,
    "docs/nocobase.md#faults-of-the-second-node",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Enable the plug-in for the sync signal, give every node its address, and restart them."),
    step="redis",
    stage=Stage.RUN,
    area=Area.DATA,
    effect=mark("A change made on one node does not reach the others."),
    evidence=mark("The listeners on NocoBase's channels of the sync server, beside the nodes that serve."),
    symptom=mark("A change is seen on one node and not on the others"),
)
SESSION = (KEYS, SIGN_OUT)
SPECS = (VERSIONS, CLOCKS, DATABASE, ASSETS, SYNC, *SESSION, DEFAULT_ADMIN)
