"""The ids that a look at the licence can give."""

from __future__ import annotations

from wizard.plan.i18n import mark
from wizard.plan.spec import FAIL, PASS, WARN, Spec, Stage

_DOC = "https://docs.nocobase.com/cluster-mode/preparations"
_PKG = "packages/core/cli-v1/src/commands/pkg.js"

LOGIN = Spec(
    "licence.login",
    mark("The package service accepts the user name and the password."),
    _DOC,
    _PKG,
    severities=(PASS, FAIL),
    remedy=mark("Enter the account of the NocoBase service that holds the licence."),
    gate=True,
)
PLUGINS = Spec(
    "licence.plugins",
    mark("The licence covers the plug-ins that a cluster needs."),
    _DOC,
    _PKG,
    severities=(PASS, FAIL),
    remedy=mark("Have the plug-in added to the licence."),
    absent=mark("plug-in not licensed"),
)
VERSION = Spec(
    "licence.version",
    mark("The plug-ins are offered in the planned version."),
    _DOC,
    _PKG,
    severities=(PASS, WARN, FAIL),
    remedy=mark("Plan a version that the package service offers."),
)
KEY = Spec(
    "licence.key",
    mark("The licence key is at hand."),
    _DOC,
    "docs/nocobase.md#licence",
    severities=(PASS, FAIL),
    remedy=mark("Enter the key that NocoBase gave for this cluster."),
    absent=mark("no licence key"),
)
_PLUGIN = "packages/plugins/@nocobase/plugin-license/src/server/utils"
STATUS = Spec(
    "licence.status",
    mark("The licence key that the nodes hold is valid, as NocoBase sees it (needs an account for checks)."),
    _DOC,
    f"{_PLUGIN}/key.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Renew the key, or write it to the shared storage anew."),
    stage=Stage.RUN,
)
DOMAIN = Spec(
    "licence.domain",
    mark("The licence key is for the public address, as NocoBase sees it (needs an account for checks)."),
    _DOC,
    f"{_PLUGIN}/env.ts",
    severities=(PASS, FAIL),
    remedy=mark("Have the key issued anew for the public address, or correct the address."),
    stage=Stage.RUN,
)
INSTANCE = Spec(
    "licence.instance",
    mark(
        "The licence key is for this database and operating system, as NocoBase sees it (needs an account for checks)."
    ),
    _DOC,
    f"{_PLUGIN}/env.ts",
    severities=(PASS, FAIL),
    remedy=mark("Have the key issued anew for the instance ID that NocoBase's licence page shows."),
    stage=Stage.RUN,
)
KEY_PLUGINS = Spec(
    "licence.key_plugins",
    mark(
        "The licence key that the nodes hold covers the plug-ins that a cluster needs, as NocoBase sees it "
        "(needs an account for checks)."
    ),
    _DOC,
    f"{_PLUGIN}/plugin.ts",
    severities=(PASS, WARN, FAIL),
    remedy=mark("Have the plug-in added to the licence, or the time for its updates prolonged."),
    stage=Stage.RUN,
)
BY_KEY = (LOGIN, PLUGINS, VERSION, KEY)
VALIDITY = (STATUS, DOMAIN, INSTANCE, KEY_PLUGINS)
SPECS = (*BY_KEY, *VALIDITY)
