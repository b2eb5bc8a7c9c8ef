"""What to type on the balancer, by the program that it is."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.formats.sites.model import Bypass
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.remedy import Remedy, advice, commands, steps
from wizard.plan.sections import BalancerKind

_NGINX_FOR = "proxy_set_header X-Forwarded-For $remote_addr;"
_NGINX_PROTO = "proxy_set_header X-Forwarded-Proto $scheme;"
_HEADERS: tuple[str, ...] = (
    "proxy_http_version 1.1;",
    "proxy_set_header Host $http_host;",
    _NGINX_FOR,
    _NGINX_PROTO,
    "proxy_set_header X-Forwarded-Host $http_host;",
)
_HAPROXY_FOR = "http-request set-header X-Forwarded-For %[src]"
_HAPROXY_PROTO = """http-request set-header X-Forwarded-Proto http unless { ssl_fc }
http-request set-header X-Forwarded-Proto https if { ssl_fc }"""
_HAPROXY_HEADERS: tuple[str, ...] = (
    _HAPROXY_FOR,
    _HAPROXY_PROTO,
    "http-request set-header X-Forwarded-Host %[req.hdr(host)]",
)
_TLS_BEFORE = {
    _NGINX_PROTO: "proxy_set_header X-Forwarded-Proto https;",
    _NGINX_FOR: "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    _HAPROXY_PROTO: "http-request set-header X-Forwarded-Proto https",
    _HAPROXY_FOR: 'http-request set-header X-Forwarded-For "%[req.fhdr(x-forwarded-for)], %[src]"',
}
"""What the lines become where TLS ends at a proxy before: this one cannot see the scheme, nor the client."""
_UPGRADE = """proxy_http_version 1.1;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection "upgrade";"""
UNNAMED = "NODES"
"""What stands for the nodes' name where nobody knows what the balancer calls them."""
_NODES_OF_HAPROXY = 'echo "show servers state" | socat stdio /run/haproxy/admin.sock'
RELOAD = {
    BalancerKind.NGINX: "nginx -t && nginx -s reload",
    BalancerKind.HAPROXY: "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
}
"""The command with which a changed configuration is tested and taken."""
RENEWED = {BalancerKind.NGINX: "nginx -s reload", BalancerKind.HAPROXY: "systemctl reload haproxy"}
"""The command after which a renewed certificate is taken."""
LOGGED = {BalancerKind.NGINX: "tail /var/log/nginx/error.log", BalancerKind.HAPROXY: "journalctl -u haproxy -n 50"}
"""The command that tells what it says."""


def headers(kind: BalancerKind, *, tls_before: bool) -> Remedy:
    """Return what passes the public host and scheme on; `tls_before`: users come over https through another proxy."""
    if kind is BalancerKind.OTHER:
        return advice(
            tr(
                "Let the balancer pass the host on as the browser named it (header Host), and the scheme as "
                "X-Forwarded-Proto; many clouds name the first one “preserve host header”."
            )
        )
    if kind is BalancerKind.HAPROXY:
        words = tr("In the “frontend” of the balancer, which must have “mode http”:")
    else:
        words = _beside()
    lines = _HAPROXY_HEADERS if kind is BalancerKind.HAPROXY else _HEADERS
    if not tls_before:
        return steps(words, *lines)
    before = tr("TLS ends at a proxy before it, which must pass the host on as the browser named it.")
    return steps(f"{before}\n{words}", *(_TLS_BEFORE.get(line, line) for line in lines))


def _beside() -> str:
    return tr("Beside the other “proxy_set_header” lines of the balancer, as nginx takes those of one level alone:")


def _in_the_frontend() -> str:
    return tr(
        "Let the “backend” of the nodes have them. In the “frontend”, before its other “use_backend” lines, with that "
        "backend's name for NODES:"
    )


def upgrade(kind: BalancerKind) -> Remedy:
    """Return what lets WebSockets through."""
    if kind is BalancerKind.OTHER:
        return advice(
            tr("Let the balancer pass WebSockets on: HTTP/1.1 to the nodes, with the headers Upgrade and Connection.")
        )
    if kind is BalancerKind.HAPROXY:
        says = tr(
            "HAProxy passes the upgrade on by itself, unless a rule takes it out. Such a rule must spare WebSockets:"
        )
        return steps(says, "http-request del-header Upgrade unless { req.hdr(upgrade) -i websocket }")
    says = tr("The balancer must pass the upgrade on.")
    return steps(f"{says}\n{_beside()}", _UPGRADE)


def body_limit(kind: BalancerKind, size: int) -> Remedy:
    """Return what lets a body of `size` bytes through; the plan's own limit is the other way out."""
    if kind is BalancerKind.OTHER:
        return advice(tr("Raise the limit of the balancer for a request's body to {size} bytes or more.", size=size))
    if kind is BalancerKind.HAPROXY:
        says = tr("HAProxy has no limit of its own. Take out the rule that answers 413, or raise its size, such as:")
        return steps(says, f"http-request deny deny_status 413 if {{ req.hdr_val(content-length) gt {size} }}")
    return steps(
        tr("In the “server” of the balancer, in the place of such a line where there is one:"),
        "client_max_body_size 0;",
    )


def log(kind: BalancerKind) -> Remedy:
    """Return where the balancer says why it did not pass a body on."""
    if kind is BalancerKind.OTHER:
        return advice(tr("See in the balancer's log why it did not pass the body on."))
    if kind is BalancerKind.HAPROXY:
        return steps(tr("See what the balancer says:"), LOGGED[kind])
    says = tr("See what the balancer says, for example that it cannot store the body:")
    return steps(says, LOGGED[kind])


def files(kind: BalancerKind, public_path: str, directly: str) -> Remedy:
    """Return what makes addresses of files reach the application.

    `directly` asks a node for one, if there is a node.
    """
    if kind is BalancerKind.OTHER:
        says = tr("Let the balancer pass every path below {path} on to the nodes.", path=f"{public_path}files/")
        compare = tr("If a node itself gives the same page, its version is too old to have such addresses:")
        return steps(f"{says}\n{compare}", f"curl -sI {directly}") if directly else advice(says)
    if kind is BalancerKind.HAPROXY:
        says = _in_the_frontend()
        lines = steps(says, f"use_backend NODES if {{ path_beg {public_path}files/ }}")
    else:
        says = tr("In the “server” of the balancer, with the “proxy_pass” of its other locations:")
        lines = steps(says, f"location ^~ {public_path}files/ {{", "    proxy_pass http://NODES;", "}")
    if not directly:
        return lines
    compare = tr("If a node itself gives the same page, its version is too old to have such addresses:")
    return commands(lines, steps(compare, f"curl -sI {directly}"))


def uploads(kind: BalancerKind, public_path: str, nodes: str = UNNAMED, folder: str = "storage/uploads/") -> Remedy:
    """Return what lets NocoBase decide who gets an uploaded file that is asked for below `folder`.

    `nodes` is what the balancer calls the nodes, if that is known.
    """
    if kind is BalancerKind.OTHER:
        path = f"{public_path}{folder}"
        return advice(tr("Let the balancer pass every path below {path} on to the nodes, uncached.", path=path))
    if kind is BalancerKind.HAPROXY:
        known = tr("Let the “backend” of the nodes have them. In the “frontend”, before its other “use_backend” lines:")
        says = _in_the_frontend() if nodes == UNNAMED else known
        return steps(says, f"use_backend {nodes} if {{ path_beg {public_path}{folder} }}")
    says = tr(
        "In the “server” of the balancer, in the place of what gives them away, with the “proxy_pass” of the others:"
    )
    return steps(says, f"location ^~ {public_path}{folder} {{", f"    proxy_pass http://{nodes};", "}")


def uncached(kept: Sequence[Bypass]) -> Remedy:
    """Return what lets no cache keep the files: the lines to take out."""
    lines = listing(tr("line {line} ({text})", line=one.line, text=one.text) for one in kept)
    return advice(tr("Let no cache keep these files: take out {lines}, then reload the balancer.", lines=lines))


def renewed(kind: BalancerKind) -> Remedy:
    """Return what to do about a certificate that ended."""
    if kind is BalancerKind.OTHER:
        return advice(tr("Renew the certificate on the balancer."))
    return steps(tr("Renew the certificate on the balancer, then:"), RENEWED[kind])


def whole_chain(kind: BalancerKind) -> Remedy:
    """Return what to do about a certificate that nobody can trace to an authority."""
    if kind is BalancerKind.OTHER:
        return advice(
            tr(
                "Give the balancer the whole chain (fullchain.pem). If the authority is your own, enter its file as "
                "“Private authority”."
            )
        )
    if kind is BalancerKind.HAPROXY:
        return advice(
            tr(
                "Give HAProxy the whole chain in the file after “crt” (fullchain.pem), with the key in it or beside it "
                "as FILE.key. If the authority is your own, enter its file as “Private authority”."
            )
        )
    return advice(
        tr(
            "Give nginx the whole chain (fullchain.pem). If the authority is your own, enter its file as "
            "“Private authority”."
        )
    )


NO_NODE = mark("HAProxy answers so while it takes no node for ready, and while maintenance is switched on.")


def nodes_of_haproxy() -> Remedy:
    """Return how to see what HAProxy thinks of each node."""
    return steps(tr("On the balancer, see what HAProxy thinks of each node:"), _NODES_OF_HAPROXY)
