"""What the nodes reach, each by itself. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TypeAlias

from wizard.checks.inside.compare import View, listed, unheard
from wizard.checks.inside.document import Way
from wizard.checks.inside.specs import ENDPOINTS
from wizard.dataclass import dataclass
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, sentences, tr, trn
from wizard.plan.remedy import steps

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
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
        return _not_reached(view, asked, blocked)
    if silent := view.silent(lambda document: set(asked) <= set(document.ways)):
        return unheard(ENDPOINTS, silent)
    if apart := {name: found for name in asked if (found := _elsewhere(view, name))}:
        return _led_apart(view, apart)
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


def _not_reached(view: View, asked: Mapping[str, str], blocked: Mapping[tuple[str, str], Way]) -> Finding:
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


def _words(node: str, endpoint: str, way: Way, asked: Mapping[str, str]) -> str:
    words = _WHERE.get(way.step, _WHERE["tcp"])
    return tr(words, node=node, name=endpoint, address=asked[endpoint], code=way.code)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The nodes that a name leads elsewhere, to which addresses there, and to which the others."""

    odd: list[str]
    there: list[str]
    here: list[str]


def _elsewhere(view: View, endpoint: str) -> _Elsewhere | None:
    """Return which nodes a name leads to none of the addresses to which it leads most of them; None for none."""
    ways = {name: one.ways[endpoint] for name, one in view.documents() if endpoint in one.ways}
    told = {name: found for name, way in ways.items() if (found := _read(way.addresses))}
    own = {name: _read(one.addresses) for name, one in view.documents()}
    back = {name for name, found in told.items() if found & own[name] or any(one.is_loopback for one in found)}
    if endpoint == _OF_THE_WORLD or len(back) == len(told):  # what leads each to itself is the plan's to judge
        return None
    led = {name: _beyond(found | own[name] if name in back else found) for name, found in told.items()}
    alike = {name: sum(not _is_apart(one, other) for other in led.values()) for name, one in led.items()}
    usual = max(alike, key=lambda name: alike[name])  # the first of those that are as frequent
    odd = [name for name, one in led.items() if _is_apart(one, led[usual])]
    there = {str(address) for name in odd for address in told[name]}
    return _Elsewhere(odd, sorted(there), sorted(map(str, told[usual]))) if odd else None


def _led_apart(view: View, apart: Mapping[str, _Elsewhere]) -> Finding:
    hosts = {name: view.planned.endpoints[name].rpartition(":")[0] for name in apart}
    lines = [
        tr(
            "On {odd} {host} ({name}) is {there}, on the other nodes {here}: these may be two servers.",
            odd=listed(found.odd),
            host=hosts[name],
            name=name,
            there=listed(found.there),
            here=listed(found.here),
        )
        for name, found in apart.items()
    ]
    return ENDPOINTS.warn(
        lines[0],
        error=ErrorKind.OTHER,
        detail=sentences(*lines[1:6]),
        remedy=steps(
            tr(
                "Compare /etc/hosts and the name servers of the nodes. If both ways lead to one server, accept this "
                "finding. What a node finds:"
            ),
            *(f"getent hosts {host}" for host in dict.fromkeys(hosts.values())),
        ),
        facts={"elsewhere": {name: found.odd for name, found in apart.items()}},
    )


def _read(texts: Iterable[str]) -> frozenset[Address]:
    """Return the addresses among texts, without the interface; of one of IPv4 that is written as IPv6, itself."""
    found: set[Address] = set()
    for text in texts:
        with suppress(ValueError):
            one = ipaddress.ip_address(text.partition("%")[0])
            found.add(one.ipv4_mapped or one if isinstance(one, ipaddress.IPv6Address) else one)
    return frozenset(found)


def _beyond(addresses: Iterable[Address]) -> frozenset[Address]:
    """Return the addresses that mean one machine, whoever uses them."""
    return frozenset(one for one in addresses if not one.is_loopback)


def _is_apart(one: frozenset[Address], other: frozenset[Address]) -> bool:
    """Whether two names lead apart; those of which one is IPv4 alone and the other IPv6 cannot be compared."""
    return not one & other and bool({each.version for each in one} & {each.version for each in other})


def _distrusted(view: View) -> str:
    found = {endpoint for _name, one in view.documents() for endpoint, way in one.ways.items() if way.distrust}
    return listed(sorted(found))
