"""Section licence: how the nodes may download the commercial plug-ins a cluster needs."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, SecretValue, Text, Url
from wizard.plan.secret import SecretRef
from wizard.plan.setting import setting

_SOURCE = "docs/nocobase.md#licence"


class LicenceMethod(StrEnum):
    """How the plug-ins are licensed."""

    KEY = "key"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Licence:
    """The right to the commercial plug-ins."""

    method: LicenceMethod = setting(
        LicenceMethod.ACCOUNT,
        Choice(LicenceMethod, (mark("Licence key"), mark("User name and password"))),
        mark("Licensed by"),
        help=mark("User name and password are the older way: they still work, and a licence key wins over them."),
        source=_SOURCE,
    )
    username: str = setting("", Text(), mark("User name"), "NOCOBASE_PKG_USERNAME", source=_SOURCE)
    password: SecretRef | None = setting(None, SecretValue(), mark("Password"), "NOCOBASE_PKG_PASSWORD", source=_SOURCE)
    key: SecretRef | None = setting(
        None,
        SecretValue(multiline=True),
        mark("Licence key"),
        help=mark("Goes into the shared storage as .license/license-key; it is in no variable."),
        source=_SOURCE,
    )
    service_url: str = setting(
        "https://pkg.nocobase.com/",
        Url(path=True, slash=True),
        mark("Package service"),
        "NOCOBASE_PKG_URL",
        advanced=True,
        source="packages/core/cli-v1/src/commands/pkg.js",
    )
    enable_plugins: bool = setting(
        True,
        Boolean(),
        mark("Enable the cluster plug-ins at each start"),
        help=mark(
            "Through APPEND_PRESET_BUILT_IN_PLUGINS, which NocoBase calls experimental. "
            "A package not on disk is skipped silently.",
        ),
        source="docs/nocobase.md#first-start",
    )
    without_plugins: bool = setting(
        False,
        Boolean(),
        mark("Run without the commercial plug-ins for now"),
        help=mark(
            "For a trial, or until they are there. Each process then has its own lock and queue: two nodes may do the "
            "same thing at once, they do not tell each other what changed, and worker IDs are drawn by lot."
        ),
        source="docs/nocobase.md#first-start",
    )
    skip_download: bool = setting(
        False,
        Boolean(),
        mark("Do not download plug-ins at start"),
        "DISABLE_PKG_DOWNLOAD",
        help=mark("Only where nodes have no way out: the plug-ins must then be in the shared storage already."),
        advanced=True,
        source="packages/core/cli-v1/src/commands/pkg.js",
    )
