"""The ids that a look at the licence can give."""

from __future__ import annotations

from wizard.plan import docs
from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, PASS, WARN, Spec, Stage

_PKG = "packages/core/cli-v1/src/commands/pkg.js"

LOGIN = Spec(
    "licence.login",
    mark("The package service accepts the user name and the password."),
    docs.PREPARATIONS,
    _PKG,
    severities=(PASS, FAIL),
    remedy=mark("Enter the account of the NocoBase service that holds the licence."),
    gate=True,
    effect=mark("Nodes get no commercial plug-in."),
    evidence=mark("A sign-in at the package service, as a node does at its start."),
    symptom=mark('“Lock adapter "redis" not registered” in a node\'s log'),
)
PLUGINS = Spec(
    "licence.plugins",
    mark("The licence covers the plug-ins that a cluster needs."),
    docs.PREPARATIONS,
    _PKG,
    severities=(PASS, FAIL),
    remedy=mark("Have the plug-in added to the licence."),
    absent=mark("plug-in not licensed"),
    effect=mark("Nodes start without plug-ins that the plan needs."),
    evidence=mark("The list of packages that the service has for the account."),
    symptom=mark('“Lock adapter "redis" not registered” in a node\'s log'),
)
VERSION = Spec(
    "licence.version",
    mark("The plug-ins are offered in the planned version."),
    docs.PREPARATIONS,
    _PKG,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Plan a version that the package service offers."),
    effect=mark("Nodes cannot download the plug-ins."),
    evidence=mark("The versions that the service offers of each package."),
)
KEY = Spec(
    "licence.key",
    mark("The licence key is at hand."),
    docs.PREPARATIONS,
    "docs/nocobase.md#licence",
    severities=(PASS, FAIL),
    remedy=mark("Enter the key that NocoBase gave for this cluster."),
    absent=mark("no licence key"),
    effect=mark("Nodes get no commercial plug-in."),
    evidence=mark("Whether a key is at hand; only NocoBase can decode it."),
)
_PLUGIN = "packages/plugins/@nocobase/plugin-license/src/server/utils"
STATUS = Spec(
    "licence.status",
    mark("The licence key that the nodes hold is valid, as NocoBase sees it (needs an account for checks)."),
    docs.PREPARATIONS,
    f"{_PLUGIN}/key.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Renew the key, or write it to the shared storage anew."),
    stage=Stage.RUN,
    effect=mark("NocoBase switches its commercial plug-ins off."),
    evidence=mark("What a node says of the key that it holds."),
    symptom=mark("The licence page says that the key is invalid"),
)
DOMAIN = Spec(
    "licence.domain",
    mark("The licence key is for the public address, as NocoBase sees it (needs an account for checks)."),
    docs.PREPARATIONS,
    f"{_PLUGIN}/env.ts",
    severities=(PASS, FAIL),
    remedy=mark("Have the key issued anew for the public address, or correct the address."),
    stage=Stage.RUN,
    effect=mark("NocoBase switches its commercial plug-ins off."),
    evidence=mark("What a node says of the key that it holds."),
    symptom=mark("The licence page says that the domain does not match"),
)
INSTANCE = Spec(
    "licence.instance",
    mark(
        "The licence key is for this database and operating system, as NocoBase sees it (needs an account for checks)."
    ),
    docs.PREPARATIONS,
    f"{_PLUGIN}/env.ts",
    severities=(PASS, FAIL),
    remedy=mark("Have the key issued anew for the instance ID that NocoBase's licence page shows."),
    stage=Stage.RUN,
    effect=mark("NocoBase switches its commercial plug-ins off."),
    evidence=mark("What a node says of the key that it holds."),
    symptom=mark("The licence page says that the instance does not match"),
)
KEY_PLUGINS = Spec(
    "licence.key_plugins",
    mark(
        "The licence key that the nodes hold covers the plug-ins that a cluster needs, as NocoBase sees it "
        "(needs an account for checks)."
    ),
    docs.PREPARATIONS,
    f"{_PLUGIN}/plugin.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Have the plug-in added to the licence, or the time for its updates prolonged."),
    stage=Stage.RUN,
    effect=mark("Nodes start without plug-ins that the plan needs."),
    evidence=mark("What a node says of the key that it holds."),
)
BY_KEY = (LOGIN, PLUGINS, VERSION, KEY)
VALIDITY = (STATUS, DOMAIN, INSTANCE, KEY_PLUGINS)
SPECS = (*BY_KEY, *VALIDITY)
