"""What the answers of a node mean. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wizard.checks.node.probe import NodeFacts
from wizard.checks.node.specs import CONNECT, HEALTH, SPECS, VERSION, WEBSOCKET
from wizard.checks.node.target import Target
from wizard.checks.shared import health
from wizard.engine.check import AllFacts, obstructed, skip_rest, stopped_by, value_of
from wizard.engine.facts import Known, Pending, Trouble
from wizard.net.http import OK, Reply
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, sentences, tr
from wizard.plan.remedy import advice, steps
from wizard.plan.spec import Spec
from wizard.plan.versions import release_of

_WHY_NOT = {
    ErrorKind.DNS: mark("The name {host} cannot be found from this machine."),
    ErrorKind.REFUSED: mark(
        "Nothing listens there: NocoBase is not started, starts right now, or listens on another port. "
        "Before the first deployment this is expected."
    ),
    ErrorKind.TIMEOUT: mark("No answer came: the host is down, a firewall drops the packets, or the process hangs."),
    ErrorKind.PROTOCOL: mark("Something listens there, but it does not speak HTTP."),
}
_REMEDY = {
    ErrorKind.DNS: (mark("Correct the host of {name} in the plan, or add it to the DNS:"), "getent hosts {host}"),
    ErrorKind.REFUSED: (mark("Start the node and look at its port there:"), "ss -ltnp 'sport = :{port}'"),
    ErrorKind.TIMEOUT: (mark("From this machine:"), "curl -m 5 -v {url}"),
    ErrorKind.PROTOCOL: (mark("Check the port of {name} in the plan:"), "curl -m 5 -v {url}"),
}


def judge(target: Target, planned_version: str, facts: NodeFacts) -> Iterator[Finding]:
    """Return a finding for each id; `planned_version` is empty where the plan names none."""
    if not isinstance(facts.health, Known):
        yield _unreachable(target, facts.health)
        yield from skip_rest(SPECS, CONNECT, target.name)
        return
    reply, elapsed = facts.health.value, facts.health.elapsed_ms
    yield CONNECT.passed(
        tr("{name} answers HTTP at {address}.", name=target.name, address=target.address),
        subject=target.name,
        facts={"host": target.host, "port": target.port},
        elapsed_ms=elapsed,
    )
    yield health.judge(HEALTH, reply, f"{target.name} ({target.address})", subject=target.name, elapsed_ms=elapsed)
    if not health.is_serving(reply):
        yield from skip_rest((WEBSOCKET, VERSION), HEALTH, target.name)
        return
    yield _websocket(target, facts)
    yield _version(target, planned_version, facts)


def _unreachable(target: Target, found: Trouble | Pending) -> Finding:
    if not isinstance(found, Trouble):
        return stopped_by(CONNECT, CONNECT, target.name)
    kind, said = found.kind, found.message
    values = {"name": target.name, "host": target.host, "port": target.port, "url": target.url(health.PATH)}
    why = tr(_WHY_NOT[kind], **values) if kind in _WHY_NOT else ""
    words, command = _REMEDY.get(kind, ("", ""))
    return obstructed(
        CONNECT,
        found,
        CONNECT,
        what=tr("{name} does not answer at {address}.", name=target.name, address=target.address),
        subject=target.name,
        detail=sentences(why, f"({said})" if said and why else said),
        remedy=steps(tr(words, **values), command.format_map(values)) if words else None,
        facts={"host": target.host, "port": target.port},
    )


def _websocket(target: Target, facts: NodeFacts) -> Finding:
    if isinstance(facts.websocket, Known):
        return WEBSOCKET.passed(
            tr("{name} opens a WebSocket at {url}.", name=target.name, url=target.websocket_url),
            subject=target.name,
            facts={"status": facts.websocket.value},
            elapsed_ms=facts.websocket.elapsed_ms,
        )
    return obstructed(
        WEBSOCKET,
        facts.websocket,
        HEALTH,
        what=tr("{name} opens no WebSocket at {url}.", name=target.name, url=target.websocket_url),
        subject=target.name,
        remedy=advice(
            tr(
                "If a web server stands in front of NocoBase on this port, let it pass the Upgrade and Connection "
                "headers over HTTP/1.1; NocoBase itself needs none, usually at port 13000."
            )
        ),
    )


def version_in(reply: Reply | None) -> str:
    """Return the version that an answer of `app:getInfo` names, or nothing."""
    body = reply.json() if reply and reply.status == OK else None
    data = body.get("data") if isinstance(body, dict) else None
    version = data.get("version") if isinstance(data, dict) else None
    return version if isinstance(version, str) else ""


def _version(target: Target, planned: str, facts: NodeFacts) -> Finding:
    found = version_in(value_of(facts.info))
    if not found:
        error = facts.info.kind if isinstance(facts.info, Trouble) else ErrorKind.PROTOCOL
        return VERSION.unknown(
            tr("{name} does not tell its version.", name=target.name),
            subject=target.name,
            error=error,
            detail=facts.info.message if isinstance(facts.info, Trouble) else "",
        )
    values = {"name": target.name, "planned": planned}
    more: dict[str, Any] = {"subject": target.name, "facts": {"version": found, "planned": planned}}
    note = tr("It is read from the database, so it does not prove which package the node itself runs.")
    if planned and release_of(found) != release_of(planned):
        return VERSION.warn(
            tr("{name} tells version {found}; the plan says {planned}.", found=found, **values),
            error=ErrorKind.VERSION,
            detail=note,
            remedy=steps(
                tr(
                    "Start {name} with NocoBase {planned}, or correct the version in the plan. The node's own version:",
                    **values,
                ),
                "grep version node_modules/@nocobase/server/package.json",
            ),
            **more,
        )
    return VERSION.info(tr("{name} tells version {found}.", name=target.name, found=found), detail=note, **more)


def nodes_of(facts: AllFacts) -> dict[str, NodeFacts]:
    """Return what was found of each node of a run, by its name."""
    return {name: found for (_, name), found in facts.items() if isinstance(found, NodeFacts)}


def mute_nodes(facts: AllFacts) -> set[str]:
    """Return the ids that say why nodes of a run do not tell their version."""
    return {_last_gate(node).id for node in nodes_of(facts).values() if not version_in(value_of(node.info))}


def _last_gate(node: NodeFacts) -> Spec:
    if not isinstance(node.health, Known):
        return CONNECT
    return HEALTH if isinstance(node.info, Pending) else VERSION
