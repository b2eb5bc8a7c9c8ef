"""Whether the site passes requests to the nodes that serve them, and to no other. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import field
from typing import Any, Generic, TypeVar

from wizard.checks.balancer import remedies
from wizard.checks.balancer.site.probe import Addresses
from wizard.checks.balancer.specs import UPSTREAM
from wizard.dataclass import dataclass
from wizard.formats.sites.model import Group, Node, Server, Site, Wanted
from wizard.net.errors import is_address
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, listing, sentences, tr
from wizard.plan.kinds import HOST
from wizard.plan.remedy import Remedy, commands, steps
from wizard.plan.sections import BalancerKind

_OFF = frozenset({"down", "drain"})
_One = TypeVar("_One", Node, Server)


@dataclass(slots=True)
class Compared:
    """One group beside the plan. What is `doubtful` may be one of the others under a name that nobody here knows.

    `off` are those of the missing nodes that stand there, switched off.
    """

    group: Group
    missing: list[Node] = field(default_factory=list)
    off: list[tuple[Node, Server]] = field(default_factory=list)
    idle: list[tuple[Node, Server]] = field(default_factory=list)
    strangers: list[Server] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """Whether something is amiss beyond doubt."""
        return bool(self.missing or self.idle or self.strangers)


def upstream(file: str, wanted: Wanted, site: Site, known: Addresses) -> Finding:
    """Return the finding; `known` are the addresses behind names."""
    if unplaced := [node.name for node in (*wanted.serving, *wanted.idle) if not node.host]:
        return UPSTREAM.skip(tr("Not compared: the plan has no host for {nodes}.", nodes=listing(unplaced)))
    if not wanted.serving:
        return UPSTREAM.skip(tr("Not compared: the plan has no node that serves requests."))
    if site.puzzle:
        line = (
            tr("Line {line}: {words}.", line=site.puzzle.line, words=site.puzzle.words)
            if site.puzzle.line
            else f"{site.puzzle.words}."
        )
        return UPSTREAM.unknown(
            tr("Could not be found out from {file}: who gets the requests.", file=file),
            error=ErrorKind.PROTOCOL,
            detail=sentences(line, *_not_followed(site)),
        )
    compared = [compare(group, wanted, known) for group in site.groups]
    if any(one.wrong for one in compared):
        return _wrong(file, wanted, site, compared)
    if doubts := [doubt for one in compared for doubt in one.doubtful]:
        return UPSTREAM.unknown(
            tr("Could not be found out in full from {file}: whether all nodes are in it.", file=file),
            error=ErrorKind.DNS,
            detail=sentences(*dict.fromkeys(doubts), *_not_followed(site)),
            remedy=_look_up(wanted, site),
        )
    return UPSTREAM.passed(
        tr("{file} passes requests to {nodes}, and to no other.", file=file, nodes=_names(wanted.serving)),
        detail=sentences(*_spares(site), *_not_followed(site)),
        facts=_facts(compared),
    )


def compare(group: Group, wanted: Wanted, known: Addresses) -> Compared:
    """Hold the servers of a group against the planned nodes: as they are written, and by the addresses behind them."""
    found = Compared(group)
    active = [server for server in group.servers if not server.off]
    there = _Placed(known, active)
    off = _Placed(known, [server for server in group.servers if server.off])
    idle, serving = _Placed(known, wanted.idle), _Placed(known, wanted.serving)
    lost = [node for node in wanted.serving if not there.alike(node)]
    strange = []
    for server in active:
        if server.vague:
            strange.append(server)
        elif nodes := idle.alike(server):
            found.idle.append((nodes[0], server))
        elif not serving.alike(server):
            strange.append(server)
    _sort_out(found, lost, strange, known)
    found.off = [(node, server) for node in found.missing for server in off.alike(node)]
    return found


class _Placed(Generic[_One]):
    """Nodes or servers, found by port and host, or by an address behind the host: there may be hundreds of each."""

    def __init__(self, known: Addresses, every: Sequence[_One]) -> None:
        self._known = known
        self._by_place: dict[tuple[int | None, str], list[_One]] = {}
        for one in every:
            if not (isinstance(one, Server) and one.vague):  # of such a one nobody knows where it is
                for place in self._places(one):
                    self._by_place.setdefault(place, []).append(one)

    def alike(self, other: Node | Server) -> list[_One]:
        """Return those at one of the places of another one."""
        found = (one for place in self._places(other) for one in self._by_place.get(place, ()))
        return list(dict.fromkeys(found))

    def _places(self, one: Node | Server) -> list[tuple[int | None, str]]:
        hosts = (one.host.lower().rstrip("."), *sorted(_addresses(one.host, self._known)))
        return [(one.port, host) for host in dict.fromkeys(hosts)]


def _sort_out(found: Compared, lost: list[Node], strange: list[Server], known: Addresses) -> None:
    """Tell what is amiss from what may only have another name or address on the balancer than here."""
    group = found.group
    nodes = {(node.port, is_address(node.host)) for node in lost}
    for server in strange:
        nobody_knows = server.vague or not _addresses(server.host, known)
        if nobody_knows or _may_be(nodes, server):
            text = tr(
                "Line {line} has {host}, which may be a node by another name.", line=server.line, host=server.host
            )
            found.doubtful.append(text)
        else:
            found.strangers.append(server)
    named = {(server.port, is_address(server.host)) for server in strange}
    vague = any(server.vague for server in strange)
    maybe = _Placed(known, group.maybe)
    any_node = [server for server in group.maybe if server.vague]
    for node in lost:
        if group.hidden:
            text = tr("{node} may be in what was not followed ({text}).", node=node.name, text=group.hidden[0])
            found.doubtful.append(text)
        elif rules := [*maybe.alike(node), *any_node]:
            text = tr("{node} may be in what was not followed ({text}).", node=node.name, text=rules[0].text)
            found.doubtful.append(text)
        elif vague or _may_be(named, node):
            text = tr("{node} ({host}) may be there by another name or address.", node=node.name, host=node.host)
            found.doubtful.append(text)
        else:
            found.missing.append(node)


def _may_be(others: Collection[tuple[int | None, bool]], one: Node | Server) -> bool:
    """Whether one that looks like none of the others may be one of them: names mean other addresses elsewhere.

    `others` are their ports, with whether each is named by an address.
    """
    both = (True, False) if not is_address(one.host) else (False,)
    return any((one.port, by_address) in others for by_address in both)


def _address(server: Server) -> str:
    return f"{server.host}:{server.port}" if server.port else server.host


def _addresses(host: str, known: Addresses) -> frozenset[str]:
    return frozenset({host} if is_address(host) else known.get(host.lower(), ()))


def _wrong(file: str, wanted: Wanted, site: Site, compared: list[Compared]) -> Finding:
    missing = list(dict.fromkeys(node for one in compared for node in one.missing))
    idle = list(dict.fromkeys(node for one in compared for node, _server in one.idle))
    strangers = list(dict.fromkeys(_address(server) for one in compared for server in one.strangers))
    nowhere = [node for node in missing if all(node in one.missing for one in compared)]
    said = []
    if nowhere:
        said.append(tr("no request goes to {nodes}", nodes=_names(nowhere)))
    for one in compared:
        if partly := [node for node in one.missing if node not in nowhere]:
            paths = listing(one.group.paths)
            said.append(tr("no request for {paths} goes to {nodes}", paths=paths, nodes=_names(partly)))
    if idle:
        said.append(tr("requests go to {nodes}, for tasks alone", nodes=_names(idle)))
    if strangers:
        said.append(tr("requests go to {hosts}, no node of the plan", hosts=listing(strangers)))
    doubts = [doubt for one in compared for doubt in one.doubtful]
    switched = [_switched_off(node, server) for one in compared for node, server in one.off]
    return UPSTREAM.fail(
        tr("{file} does not pass requests to the nodes of the plan: {faults}.", file=file, faults=clauses(said)),
        ErrorKind.MISSING if missing else ErrorKind.OTHER,
        detail=sentences(*dict.fromkeys(switched), _why(missing, idle), *dict.fromkeys(doubts), *_not_followed(site)),
        remedy=commands(*_remedy(wanted.kind, [one for one in compared if one.wrong])),
        facts=_facts(compared) | {"missing": [node.name for node in missing], "idle": [node.name for node in idle]},
    )


def _why(missing: list[Node], idle: list[Node]) -> str:
    parts = []
    if missing:
        parts.append(tr("The others carry all of the load, and their failure is not made good."))
    if idle:
        parts.append(
            tr("A node for tasks alone answers HTTP all the same, so nobody notices; users wait for its tasks.")
        )
    return sentences(*parts)


def _remedy(kind: BalancerKind, compared: list[Compared]) -> Iterator[Remedy]:
    for one in compared:
        group = one.group
        for node, server in one.off:
            word = _off_word(server)
            line = server.off_by.line if server.off_by else server.line
            yield steps(
                tr("Take “{word}” out of line {line} when {node} may serve:", word=word, line=line, node=node.name)
            )
        there = [node for node, _server in one.off]
        if absent := [node for node in one.missing if node not in there]:
            yield steps(_where(kind, group), *(_line(kind, node) for node in absent))
        out = sorted(
            {(server.line, server.text) for server in (*one.strangers, *(server for _node, server in one.idle))}
        )
        if out:
            yield steps(tr("Take out:"))
            yield from (steps(tr("line {line}: {text}", line=line, text=text)) for line, text in out)
    yield steps(tr("Then:"), remedies.RELOAD[kind])


def _switched_off(node: Node, server: Server) -> str:
    line = server.off_by.line if server.off_by else server.line
    return tr("Line {line} switches {node} off ({word}).", line=line, node=node.name, word=_off_word(server))


def _off_word(server: Server) -> str:
    """Return the words that switch it off: those that HAProxy has, also of another line, else one of its own."""
    if server.off_by:
        return server.off_by.text
    return next(word for word in server.text.rstrip(";").split() if word in _OFF)


def _where(kind: BalancerKind, group: Group) -> str:
    if kind is BalancerKind.HAPROXY:
        return tr("Add to “backend {name}” (line {line}):", name=group.name, line=group.line)
    if group.single:
        return tr(
            "Make an “upstream” with a line for each node, and name it in the “proxy_pass” of line {line}; in it, too:",
            line=group.line,
        )
    if "$" in group.name:
        return tr("Add to an “upstream” that {name} of line {line} may be:", name=group.name, line=group.line)
    return tr("Add to “upstream {name}” (line {line}):", name=group.name, line=group.line)


def _line(kind: BalancerKind, node: Node) -> str:
    if kind is BalancerKind.HAPROXY:
        return f"server {node.name} {node.host}:{node.port} check"
    return f"server {node.host}:{node.port} max_fails=3 fail_timeout=10s;  # {node.name}"


def _names(nodes: list[Node] | tuple[Node, ...]) -> str:
    return listing(f"{node.name} ({node.host}:{node.port})" for node in nodes)


def _look_up(wanted: Wanted, site: Site) -> Remedy | None:
    """Return how to see on the balancer which address each name has there."""
    hosts = [node.host for node in wanted.serving] + [one.host for group in site.groups for one in group.servers]
    names = dict.fromkeys(host for host in hosts if HOST.fullmatch(host) and not is_address(host))
    command = f"getent hosts {' '.join(names)}"
    return steps(tr("Compare the addresses on the balancer:"), command) if names else None


def _spares(site: Site) -> list[str]:
    spares = dict.fromkeys(server.host for group in site.groups for server in group.servers if server.spare)
    return [tr("{host} gets requests only while the others fail (backup).", host=host) for host in spares]


def _not_followed(site: Site) -> list[str]:
    return [tr("Not followed: {lines}", lines=" ".join(site.notes))] if site.notes else []


def _facts(compared: list[Compared]) -> dict[str, Any]:
    return {
        "groups": {one.group.name: [f"{server.host}:{server.port}" for server in one.group.servers] for one in compared}
    }
