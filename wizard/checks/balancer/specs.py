"""The ids that a look at the balancer can give."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, INFO, PASS, WARN, Spec, Stage

_DOC = docs.PREPARATIONS
_BALANCER = "docs/nocobase.md#balancer"

PUBLIC_UPLOADS = "LEGACY_LOCAL_STORAGE_PUBLIC_ACCESS"
"""The variable that gives uploaded files to everybody again (docs/nocobase.md, "Balancer")."""

SYNTAX = Spec(
    "balancer.syntax",
    mark("nginx or HAProxy takes the configuration that is made from the plan."),
    _DOC,
    _BALANCER,
    severities=(PASS, INFO, WARN, FAIL),
    remedy=mark("Correct the setting behind the line that the program names."),
    effect=mark("The balancer does not start with it."),
    evidence=mark("The configuration made from the plan, by the program's own test."),
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
    effect=mark("Nobody gets in."),
    evidence=mark("An HTTP request to the public address."),
    symptom=mark("The site does not answer"),
)
CERTIFICATE = Spec(
    "balancer.certificate",
    mark("The certificate is for the public address, and valid."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Renew the certificate, for the name of the public address."),
    stage=Stage.RUN,
    effect=mark("Browsers warn, or refuse."),
    evidence=mark("The certificate that the public address shows."),
    symptom=mark("The browser warns of the certificate"),
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
    rests_on=("database", "redis"),
    effect=mark("Nobody gets in."),
    evidence=mark("NocoBase's health check, through the balancer."),
    symptom=mark("The site answers 502 or 503"),
)
WEBSOCKET = Spec(
    "balancer.websocket",
    mark("The balancer lets WebSockets through."),
    _DOC,
    "packages/core/server/src/gateway/ws-server.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass the upgrade on."),
    stage=Stage.RUN,
    effect=mark("Pages are not told about changes."),
    evidence=mark("A WebSocket, through the balancer."),
    symptom=mark("“Reconnecting …” does not go away"),
)
ORIGIN = Spec(
    "balancer.origin",
    mark("The balancer tells the nodes the public host and scheme, without which nobody can sign in."),
    _DOC,
    "packages/core/auth/src/actions.ts",
    severities=(PASS, FAIL),
    remedy=mark("Let the balancer pass on the host and the scheme that the browser used."),
    stage=Stage.RUN,
    effect=mark("Nobody can sign in."),
    evidence=mark("A sign-in on trial without an account, through the balancer."),
    symptom=mark("Sign-in answers 403"),
)
FILES = Spec(
    "balancer.files",
    mark("Addresses of uploaded files reach NocoBase through the balancer."),
    _DOC,
    "packages/plugins/@nocobase/plugin-file-manager/src/server/file-access.ts",
    severities=(PASS, WARN),
    remedy=mark("Let the balancer pass “files/” on before it answers with a page of its own."),
    stage=Stage.RUN,
    area=Area.ADVICE,
    evidence=mark("The address of a file that is not there, through the balancer."),
    symptom=mark("Uploaded files show a page of HTML instead"),
)
BODY = Spec(
    "balancer.body",
    mark("The balancer lets bodies of 2 MiB and of 20 MiB through, or what the plan's limit allows."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Raise the balancer's limit for bodies."),
    stage=Stage.RUN,
    effect=mark("Uploads fail."),
    evidence=mark("Bodies of 2 MiB and 20 MiB, through the balancer."),
    symptom=mark("Uploads answer 413"),
)

UPSTREAM = Spec(
    "balancer.upstream",
    mark("The site file in use passes requests to every node that serves them, and to no other."),
    docs.SPLITTING,
    "docs/nocobase.md#worker-ids-and-worker-modes",
    severities=(PASS, FAIL),
    remedy=mark("List every node that serves requests, and none that is for tasks alone."),
    absent=mark("nodes left out"),
    effect=mark("A node gets no request, or one that serves none does."),
    evidence=mark("The site file in use."),
    symptom=mark("Some requests answer 503"),
)
LIMITS = Spec(
    "balancer.limits",
    mark("The site file in use gives NocoBase what it needs: size of bodies, patience, headers, WebSockets."),
    _DOC,
    _BALANCER,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Put the lines that are missing into the site file."),
    effect=mark("NocoBase does not get what it needs."),
    evidence=mark("The site file in use."),
    symptom=mark("Uploads answer 413, long requests 504"),
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
    area=Area.DATA,
    effect=mark("Uploaded files are given to strangers, or to nobody."),
    evidence=mark("The addresses of uploads, through the balancer, and the site file in use."),
    symptom=mark("Uploaded files open without a sign-in"),
)

OF_FILE = (UPSTREAM, LIMITS)
SITE = (*OF_FILE, UPLOADS)
LIVE = (CONNECT, CERTIFICATE, HEALTH, WEBSOCKET, ORIGIN, FILES, UPLOADS, BODY)
SPECS = (SYNTAX, *OF_FILE, *LIVE)
