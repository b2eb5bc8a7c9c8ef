"""What the plan wants of a licence key that the nodes hold."""

from __future__ import annotations

from urllib.parse import urlsplit

from wizard.checks.licence.commands import decode_command
from wizard.checks.licence.validity import Validity
from wizard.dataclass import dataclass
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.sections import LicenceMethod
from wizard.plan.versions import order
from wizard.plan.web import authority


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the plan says: the public address, how and where the plug-ins are licensed, which are needed, the version.

    `look` is the command that shows what the key says. `version` is empty where the plan names none.
    """

    public_url: str
    method: LicenceMethod
    service_url: str
    look: str
    packages: tuple[str, ...]
    version: str

    @property
    def host(self) -> str:
        """The public address as NocoBase's licences name it: small letters, and a port that is not the scheme's own."""
        parts = urlsplit(self.public_url)
        return authority(parts.scheme, parts.hostname, parts.port)

    def upgrades(self, found: Validity) -> bool:
        """Whether the plan's version is newer than that of the nodes' database; no, where one is not known."""
        return bool(self.version and found.version) and order(self.version) > order(found.version)


def wanted_of(plan: Plan) -> Wanted:
    """Return what the plan says about the licence."""
    url = "" if plan.problem("application.public_url") else plan.application.public_url
    return Wanted(
        public_url=url,
        method=plan.licence.method,
        service_url=plan.licence.service_url,
        look=decode_command(plan),
        packages=needed_plugins(plan),
        version=plan.application.version,
    )
