"""The ids that a look at the balancer can give."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec, Stage

_DOC = docs.PREPARATIONS
_BALANCER = "docs/nocobase.md#balancer"

SYNTAX = Spec(
    "balancer.syntax",
    mark("nginx or HAProxy takes the configuration that is made from the plan."),
    _DOC,
    _BALANCER,
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Correct the setting behind the line that the program names."),
)
CONNECT = Spec(
    "balancer.connect",
    mark("The public address answers."),
    _DOC,
    _BALANCER,
    severities=(PASS, FAIL),
    remedy=mark("Start the balancer, or correct the public address."),
    gate=True,
    stage=Stage.RUN,
)
CERTIFICATE = Spec(
    "balancer.certificate",
    mark("The certificate is for the public address, and valid."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Renew the certificate, for the name of the public address."),
    stage=Stage.RUN,
)
HEALTH = Spec(
    "balancer.health",
    mark("The application is ready through the balancer."),
    _DOC,
    "packages/core/server/src/gateway/index.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Look at each node by itself, then at the balancer's list of nodes."),
    absent=mark("NocoBase not installed"),
    stage=Stage.RUN,
)
WEBSOCKET = Spec(
    "balancer.websocket",
    mark("The balancer lets WebSockets through."),
    _DOC,
    "packages/core/server/src/gateway/ws-server.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass the upgrade on."),
    stage=Stage.RUN,
)
ORIGIN = Spec(
    "balancer.origin",
    mark("The balancer tells the nodes the public host and scheme, without which nobody can sign in."),
    _DOC,
    "packages/core/auth/src/actions.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass on the host and the scheme that the browser used."),
    stage=Stage.RUN,
)
FILES = Spec(
    "balancer.files",
    mark("Addresses of uploaded files reach NocoBase through the balancer."),
    _DOC,
    "packages/plugins/@nocobase/plugin-file-manager/src/server/file-access.ts",
    severities=(PASS, WARN),
    remedy=mark("Let the balancer pass “files/” on before it answers with a page of its own."),
    stage=Stage.RUN,
)
BODY = Spec(
    "balancer.body",
    mark("The balancer lets bodies of 2 MiB and of 20 MiB through, or what the plan's limit allows."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Raise the balancer's limit for bodies."),
    stage=Stage.RUN,
)

UPSTREAM = Spec(
    "balancer.upstream",
    mark("The site file in use passes requests to every node that serves them, and to no other."),
    docs.SPLITTING,
    "docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(PASS, FAIL),
    remedy=mark("List every node that serves requests, and none that is for tasks alone."),
    absent=mark("nodes left out"),
)
LIMITS = Spec(
    "balancer.limits",
    mark("The site file in use gives NocoBase what it needs: size of bodies, patience, headers, WebSockets."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Put the lines that are missing into the site file."),
)
UPLOADS = Spec(
    "balancer.uploads",
    mark(
        "Uploaded files are given to those alone who are signed in: NocoBase is asked, and no cache keeps its answer."
    ),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Let the balancer pass “storage/uploads/” on to the nodes, and let nothing keep the answers."),
)

OF_FILE = (UPSTREAM, LIMITS)
SITE = (*OF_FILE, UPLOADS)
LIVE = (CONNECT, CERTIFICATE, HEALTH, WEBSOCKET, ORIGIN, FILES, UPLOADS, BODY)
SPECS = (SYNTAX, *OF_FILE, *LIVE)
