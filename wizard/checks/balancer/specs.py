"""The ids that a look at the balancer can give."""

from __future__ import annotations

from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec
from wizard.plan.words import mark

_DOC = "https://docs.nocobase.com/cluster-mode/preparations"
_BALANCER = "docs/nocobase.md#balancer"

SYNTAX = Spec(
    "balancer.syntax",
    mark("nginx takes the configuration that is made from the plan."),
    _DOC,
    _BALANCER,
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Correct the setting behind the line that nginx names."),
)
CONNECT = Spec(
    "balancer.connect",
    mark("The public address answers."),
    _DOC,
    _BALANCER,
    severities=(PASS, FAIL),
    remedy=mark("Start the balancer, or correct the public address."),
)
CERTIFICATE = Spec(
    "balancer.certificate",
    mark("The certificate is for the public address, and valid."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Renew the certificate, for the name of the public address."),
)
HEALTH = Spec(
    "balancer.health",
    mark("The application is ready through the balancer."),
    _DOC,
    "packages/core/server/src/gateway/index.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Look at each node by itself, then at the balancer's list of nodes."),
)
WEBSOCKET = Spec(
    "balancer.websocket",
    mark("The balancer lets WebSockets through."),
    _DOC,
    "packages/core/server/src/gateway/ws-server.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass the upgrade on."),
)
ORIGIN = Spec(
    "balancer.origin",
    mark("The balancer tells the nodes the public host and scheme, without which nobody can sign in."),
    _DOC,
    "packages/core/auth/src/actions.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass on the host and the scheme that the browser used."),
)
BODY = Spec(
    "balancer.body",
    mark("The balancer lets a body of 2 MiB through."),
    _DOC,
    _BALANCER,
    severities=(PASS, FAIL),
    remedy=mark("Raise the balancer's limit for bodies."),
)

LIVE = (CONNECT, CERTIFICATE, HEALTH, WEBSOCKET, ORIGIN, BODY)
SPECS = (SYNTAX, *LIVE)
