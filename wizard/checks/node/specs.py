"""The ids that a look at a node can give."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec, Stage

_HEALTH = "packages/core/server/src/gateway/index.ts"

CONNECT = Spec(
    "node.connect",
    mark("The node's port answers HTTP."),
    docs.PREPARATIONS,
    "docs/nocobase.md#health",
    severities=(PASS, FAIL),
    remedy=mark("Start the node, or correct its address in the plan."),
    gate=True,
    stage=Stage.RUN,
    rests_on=("database", "redis"),
    effect=mark("This node serves nobody."),
    evidence=mark("An HTTP request to the node's port."),
    symptom=mark("The balancer answers 502"),
)
HEALTH = Spec(
    "node.health",
    mark("The application on the node is ready."),
    docs.PREPARATIONS,
    _HEALTH,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Read the node's log and correct what the answer names."),
    absent=mark("NocoBase not installed"),
    stage=Stage.RUN,
    rests_on=("database", "redis"),
    effect=mark("This node serves nobody."),
    evidence=mark("The node's own health check."),
    symptom=mark("The page says “starting”, or answers 503"),
)
WEBSOCKET = Spec(
    "node.websocket",
    mark("The node opens a WebSocket, through which pages are told about changes."),
    docs.PREPARATIONS,
    "packages/core/server/src/gateway/ws-server.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let a web server before the node pass the upgrade on."),
    stage=Stage.RUN,
    effect=mark("Pages of this node are not told about changes."),
    evidence=mark("A WebSocket that is opened and closed."),
    symptom=mark("“Reconnecting …” does not go away"),
)
VERSION = Spec(
    "node.version",
    mark("The application's version, as the node's database knows it."),
    docs.OPERATIONS,
    "docs/nocobase.md#health",
    severities=(INFO, WARN),
    remedy=mark("Start the node with the planned version, or correct the plan."),
    stage=Stage.RUN,
    area=Area.ADVICE,
    evidence=mark("The version that the node tells, which it reads from its database."),
)
SPECS = (CONNECT, HEALTH, WEBSOCKET, VERSION)
