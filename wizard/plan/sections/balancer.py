"""Section balancer: nginx, HAProxy or one of another make in front of the nodes that serve requests."""

from __future__ import annotations

from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Boolean, Choice, FilePath, Integer, Text
from wizard.plan.setting import setting

_SOURCE = "docs/nocobase.md#balancer"


class BalancerKind(StrEnum):
    """The program that balances; another make, such as a cloud's, is judged by its answers alone."""

    NGINX = "nginx"
    HAPROXY = "haproxy"
    OTHER = "other"


class Distribution(StrEnum):
    """How requests are spread over the nodes."""

    ROUND_ROBIN = "round-robin"
    LEAST_CONNECTIONS = "least-connections"
    IP_HASH = "ip-hash"


@dataclass(frozen=True, slots=True)
class Balancer:
    """The public face: names, ports, certificate and how requests are spread."""

    kind: BalancerKind = setting(
        BalancerKind.NGINX,
        Choice(BalancerKind, (mark("nginx"), mark("HAProxy"), mark("Another make"))),
        mark("Balancer"),
        help=mark(
            "HAProxy asks each node for its health all the time; nginx notices a node that fails when it is used. "
            "Of another make, such as a cloud's, nothing is written; what it does is checked at the public address."
        ),
        source=_SOURCE,
    )
    server_name: str = setting(
        "",
        Text(r"[^\s;{}\"'\\]+( [^\s;{}\"'\\]+)*", mark("use host names separated by spaces")),
        mark("Server name"),
        help=mark("The host of the public address if empty."),
        source=_SOURCE,
    )
    port: int = setting(80, Integer(1, 65535), mark("HTTP port"))
    tls: bool = setting(
        False, Boolean(), mark("TLS"), help=mark("TLS ends here; NocoBase itself has none."), source=_SOURCE
    )
    tls_port: int = setting(443, Integer(1, 65535), mark("HTTPS port"))
    certificate: str = setting(
        "", FilePath(), mark("Certificate"), help=mark("PEM file with the whole chain, on the balancer.")
    )
    certificate_key: str = setting("", FilePath(), mark("Certificate key"), help=mark("PEM file, on the balancer."))
    redirect: bool = setting(True, Boolean(), mark("Redirect HTTP to HTTPS"))
    hsts: bool = setting(
        False,
        Boolean(),
        mark("Promise HTTPS to browsers (HSTS)"),
        help=mark("With TLS: browsers refuse plain HTTP for this host for a year, and no change here takes it back."),
        advanced=True,
        source=_SOURCE,
    )
    distribution: Distribution = setting(
        Distribution.ROUND_ROBIN,
        Choice(Distribution, (mark("In turn"), mark("To the least busy"), mark("By client address (ip_hash)"))),
        mark("Spread requests"),
        help=mark("NocoBase has no need of stickiness; “by client address” helps to follow the progress of a backup."),
        source=_SOURCE,
    )
    behind_proxy: bool = setting(
        False,
        Boolean(),
        mark("Behind another proxy"),
        help=mark("Trust the forwarded headers that come in. Only where every request passes a proxy that sets them."),
        advanced=True,
        source=_SOURCE,
    )
    upload_limit: str = setting(
        "0",
        Text(r"[0-9]+[kKmMgG]?", mark("use a size such as 500m, or 0 for no limit")),
        mark("Upload limit"),
        help=mark("0: no limit here; NocoBase's own rules apply."),
        advanced=True,
        source=_SOURCE,
    )
    maintenance_file: str = setting(
        "/etc/nginx/nocobase-maintenance",
        FilePath(),
        mark("Maintenance switch"),
        help=mark(
            "While this file exists on the balancer, nginx answers every request with 503. "
            "HAProxy has a command for it, which the bundle's README shows."
        ),
        advanced=True,
        source="docs/nocobase.md#upgrade",
    )
    site_file: str = setting(
        "",
        FilePath(),
        mark("Site file in use"),
        help=mark(
            "Path on this machine of the configuration that the balancer really runs with: the file itself, or a "
            "copy. It is compared with the plan. If empty, the one in the bundle under check is."
        ),
        advanced=True,
        source=_SOURCE,
    )

    @property
    def is_written(self) -> bool:
        """Whether this program writes its configuration, and the settings for that count."""
        return self.kind is not BalancerKind.OTHER
