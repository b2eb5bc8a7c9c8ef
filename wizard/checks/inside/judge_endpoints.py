"""What the nodes reach, each by itself. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from wizard.checks.inside.compare import View, listed, unheard
from wizard.checks.inside.document import Document, Way
from wizard.checks.inside.specs import ENDPOINTS
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr, trn
from wizard.plan.remedy import steps

_KINDS = {
    "ECONNREFUSED": ErrorKind.REFUSED,
    "EHOSTUNREACH": ErrorKind.REFUSED,
    "ENETUNREACH": ErrorKind.REFUSED,
    "ETIMEDOUT": ErrorKind.TIMEOUT,
    "NO_TLS": ErrorKind.TLS,
}
_WHERE = {
    "dns": mark("{node} does not find the name of {name} ({address}): {code}"),
    "tcp": mark("{node} gets no connection to {name} ({address}): {code}"),
    "tls": mark("{node} gets no TLS with {name} ({address}): {code}"),
}
_OF_THE_WORLD = "licence"
"""Whose name may lead anywhere: what is behind it is the same for everybody."""


def judge(view: View) -> Finding:
    """Say whether each node reaches each endpoint by itself."""
    asked = view.planned.endpoints
    blocked = {
        (name, endpoint): way
        for name, one in view.documents()
        for endpoint, way in one.ways.items()
        if way.step and endpoint in asked
    }
    if blocked:
        (node, endpoint), first = next(iter(blocked.items()))
        lines = [_words(name, where, way, asked) for (name, where), way in blocked.items()]
        others = [name for name in view.names() if not any(name == blocked_name for blocked_name, _where in blocked)]
        host, _colon, port = asked[endpoint].rpartition(":")
        command = f"getent hosts {host}" if first.step == "dns" else f"nc -vz -w 5 {host} {port}"
        return ENDPOINTS.fail(
            lines[0] + ".",
            ErrorKind.DNS if first.step == "dns" else _KINDS.get(first.code, ErrorKind.OTHER),
            detail=". ".join(
                [*lines[1:6], tr("Everything is reached from {names}", names=listed(others)) if others else ""]
            ).strip(". "),
            remedy=steps(
                tr("Open the way in firewalls, routes or the name server of {node}. Try there:", node=node), command
            ),
            facts={"blocked": [[name, where, way.step, way.code] for (name, where), way in blocked.items()]},
        )
    if silent := view.silent(lambda document: set(asked) <= set(document.ways)):
        return unheard(ENDPOINTS, silent)
    for name in asked:
        if elsewhere := _elsewhere(view, name):
            return elsewhere
    distrusted = _distrusted(view)
    return ENDPOINTS.passed(
        trn(
            "Every node reaches the {count} address of the plan.",
            "Every node reaches the {count} addresses of the plan.",
            count=len(asked),
        ),
        detail=tr("Over TLS, with a certificate that Node.js there does not know: {names}.", names=distrusted)
        if distrusted
        else "",
        facts={"endpoints": dict(asked)},
    )


def _words(node: str, endpoint: str, way: Way, asked: Mapping[str, str]) -> str:
    words = _WHERE.get(way.step, _WHERE["tcp"])
    return tr(words, node=node, name=endpoint, address=asked[endpoint], code=way.code)


def _elsewhere(view: View, endpoint: str) -> Finding | None:
    """Return a warning where a name leads some nodes to none of the addresses to which it leads most of them."""
    ways = {name: one.ways[endpoint] for name, one in view.documents() if endpoint in one.ways}
    known = {name: led for name, one in view.documents() if name in ways and (led := _led(one, ways[name]))}
    to_themselves = all(_leads_back(way) for way in ways.values())  # which is the plan's to judge
    if endpoint == _OF_THE_WORLD or to_themselves or not known:
        return None
    alike = {name: sum(bool(own & other) for other in known.values()) for name, own in known.items()}
    usual = max(alike, key=lambda name: alike[name])  # the first of those that are as frequent
    odd = [name for name, own in known.items() if not own & known[usual]]
    if not odd:
        return None
    host, _colon, _port = view.planned.endpoints[endpoint].rpartition(":")
    there = sorted({address for name in odd for address in ways[name].addresses})
    return ENDPOINTS.warn(
        tr(
            "On {odd} {host} ({name}) is {there}, on the other nodes {here}: these may be two servers.",
            odd=listed(odd),
            host=host,
            name=endpoint,
            there=listed(there),
            here=listed(sorted(ways[usual].addresses)),
        ),
        error=ErrorKind.OTHER,
        remedy=steps(
            tr(
                "Compare /etc/hosts and the name servers of the nodes. If both ways lead to one server, accept this "
                "finding. What a node finds:"
            ),
            f"getent hosts {host}",
        ),
        facts={"elsewhere": {endpoint: odd}},
    )


def _led(document: Document, way: Way) -> frozenset[str]:
    """Return the addresses to which a name leads a node; where that is the node itself, all that its machine has."""
    own = frozenset(address for address in document.addresses if not _is_loopback(address))
    return own if _leads_back(way) else frozenset(way.addresses)


def _leads_back(way: Way) -> bool:
    return any(map(_is_loopback, way.addresses))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _distrusted(view: View) -> str:
    found = {endpoint for _name, one in view.documents() for endpoint, way in one.ways.items() if way.distrust}
    return listed(sorted(found))
