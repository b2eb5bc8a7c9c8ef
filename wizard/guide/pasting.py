"""Anything pasted, line by line: what was found for which setting, instead of what; taken over where wanted. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import islice
from typing import TypeGuard
from urllib.parse import urlsplit

from wizard import reading
from wizard.app.paste import read_text
from wizard.dataclass import dataclass
from wizard.guide import edits, flow, node_lists, pasted_lines, servers
from wizard.pattern import pattern
from wizard.plan.i18n import listing, tr, trn
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Extra, Plan, Unreadable
from wizard.plan.secret import HIDDEN, Secret, SecretRef
from wizard.plan.sections import Node
from wizard.sources.contract import OpenedSource

_LINE = pattern(r"line \d+")
"""The key of a line of env text that is no assignment."""
_PATH = pattern(r"(?<=[^:/])/.*")
_PAGE = pattern(r"(?:/v2)?/(?:admin|signin|signup)(?:/.*)?$")
"""A page of NocoBase itself, as it stands in a browser behind the sub-path."""
_NUMBERS = pattern(r"\d+")
LARGEST = 1024 * 1024
"""Characters of the longest text that is looked at."""
MOST_ADDRESSES = 100
"""Addresses of servers that are looked at: each makes a plan of its own."""
_MOST_TOLD = 5
"""Things that cannot be read are told one by one, as far as a person reads them."""
_WHOLE = ("redis", "queue")
"""Sections that a source says as a whole, from addresses."""


@dataclass(frozen=True)
class Found:
    """One thing that was found: its setting in words, the value, and what it would take the place of."""

    title: str
    found: str
    instead: str
    apply: Callable[[Plan], Plan] = field(repr=False)
    secrets: Mapping[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True)
class Pasted:
    """All that was found, and sentences about what could not be read."""

    found: tuple[Found, ...]
    problems: tuple[str, ...]


def text_of(paths: Iterable[str]) -> str:
    """Return what is in files that take the place of a pasted text; raises SourceError."""
    from wizard.formats.files import SourceError

    try:
        return "\n".join(reading.read_text(path, LARGEST, "replace") for path in paths)
    except OSError as error:
        reason = error.strerror or error
        raise SourceError(tr("{name} cannot be read: {reason}.", name=error.filename, reason=reason)) from None


def read(text: str, plan: Plan) -> Pasted:
    """Return what a text says; it takes a moment, and is not for a thread that is waited for."""
    if len(text) > LARGEST:
        words = tr("{name} is too large: it has more than {most} characters.", name=tr("pasted text"), most=LARGEST)
        return Pasted((), (words,))
    found: list[Found] = []
    problems: list[str] = []
    lines = pasted_lines.read(text)
    problems += lines.problems
    for address, line in islice(lines.servers.items(), MOST_ADDRESSES):
        _try(partial(_address, plan, address, line, problems), found, problems)
    if len(lines.servers) > MOST_ADDRESSES:
        problems.append(_too_many([*lines.servers.values()][MOST_ADDRESSES]))
    for address in islice(lines.public, 1):
        _try(partial(_public, plan, address), found, problems)
    problems += [_further(number) for number in islice(lines.public.values(), 1, 2)]
    if any(lines.hosts):
        _try(lambda: _nodes(plan, "\n".join(lines.hosts)), found, problems)
    if any(line.strip() for line in lines.rest):
        _try(lambda: _of_rest(plan, lines, problems), found, problems)
    return Pasted(tuple(found), tuple(problems))


def taken_over(plan: Plan, wanted: Iterable[Found]) -> tuple[Plan, dict[str, Secret]]:
    """Return the plan with what is wanted, and the secrets that come with it."""
    secrets: dict[str, Secret] = {}
    for one in wanted:
        plan = one.apply(plan)
        secrets |= one.secrets
    return plan, secrets


def _try(look: Callable[[], Iterable[Found]], found: list[Found], problems: list[str]) -> None:
    from wizard.formats.files import SourceError

    try:
        found += look()
    except (BadValueError, SourceError) as error:
        problems.append(str(error))


def _too_many(line: int) -> str:
    return tr(
        "{name}, line {line}: only the first {most} addresses of servers are looked at.",
        name=tr("pasted text"),
        line=line,
        most=MOST_ADDRESSES,
    )


def _address(plan: Plan, text: str, line: int, problems: list[str]) -> Iterator[Found]:
    """Return the server of a line; `problems` gets what it says besides, which fits no single setting."""
    named = servers.named(text)
    if named is None:  # each line here was one
        return
    group, fill = named
    filled = fill(plan, group, Secret(text))
    if filled.left_out:
        problems.append(_no_setting(filled.left_out, line))
    key = f"{group}.password"
    secrets = {key: filled.password} if filled.password else {}

    def apply(now: Plan) -> Plan:
        changed = fill(now, group, Secret(text)).plan
        return changed.with_value(key, SecretRef(key)) if secrets else changed

    title = tr(flow.step(flow.step_of_key(f"{group}.host")).title)
    yield Found(title, _server(filled.plan, group), _server(plan, group), apply, secrets)


def _public(plan: Plan, text: str) -> Iterator[Found]:
    """Return the address that users type, with the sub-path behind it; the balancer follows it."""
    host = _PATH.sub("", text)
    values = {"application.public_url": plan.setting("application.public_url").kind.parse(host)}
    path = _PAGE.sub("", urlsplit(text).path).strip("/")  # it is an address by now
    if path:
        values["application.public_path"] = plan.setting("application.public_path").kind.parse(f"/{path}/")

    def apply(now: Plan) -> Plan:
        former = now.application.public_url
        for key, value in values.items():
            now = now.with_value(key, value)
        return edits.with_balancer_of(now, former)

    was = plan.text("application.public_url") or tr("empty")
    yield Found(flow.called(plan, "application.public_url"), f"{host}/{path}".rstrip("/"), was, apply)


def _server(plan: Plan, group: str) -> str:
    """Return where a server is, and of a database which one it is and who signs in there."""
    host, port = plan.get(f"{group}.host"), plan.get(f"{group}.port")
    if not host:
        return tr("empty")
    more = (plan.database.name, plan.database.user) if group == "database" else ()
    return " · ".join(filter(None, (f"{host}:{port}" if port else host, *more)))


def _nodes(plan: Plan, text: str) -> Iterator[Found]:
    listed = node_lists.read(text)
    new = node_lists.with_nodes(plan, listed).nodes[len(plan.nodes) :]
    if new:
        stay = _staying(len(plan.nodes))
        yield Found(tr("Nodes"), _listed(new), stay, lambda now: node_lists.with_nodes(now, listed))


def _listed(nodes: Iterable[Node]) -> str:
    return listing(f"{node.host}:{node.port}" if node.host else node.name for node in nodes)


def _staying(nodes: int) -> str:
    return trn("nothing, 1 node stays", "nothing, {count} nodes stay", nodes) if nodes else tr("empty")


def _count(nodes: int) -> str:
    return trn("1 node", "{count} nodes", nodes) if nodes else tr("empty")


def _lines_of(item: Unreadable, opened: OpenedSource) -> int:
    """Return how many lines are told as one: those that follow one another and are no assignments."""
    if not (_LINE.fullmatch(item.key) and isinstance(item.value, SecretRef)):
        return 1
    return opened.secrets[item.value.name].reveal().count("\n") + 1


def _not_understood(item: Unreadable, opened: OpenedSource, lines: pasted_lines.Lines) -> Iterator[str]:
    """Say what cannot be read and why; of lines that follow one another each by its number."""
    at = _number(item.where)
    if _LINE.fullmatch(item.key):
        yield from (_unknown(lines.number(at + below)) for below in range(_lines_of(item, opened)))
        return
    where = item.where.replace(str(at), str(lines.number(at)))
    yield tr("{name}, {where}: {problem}", name=tr("pasted text"), where=where, problem=item.problem)


def _of_rest(plan: Plan, lines: pasted_lines.Lines, problems: list[str]) -> Iterator[Found]:
    """Go through what a text says as a source, its further variables, too; `problems` gets the lines not understood."""
    from wizard.formats.files import NoVariableError

    try:
        opened = read_text("\n".join(lines.rest) + "\n")
    except NoVariableError as error:
        problems.append(_unknown(lines.number(error.line)))
        return
    unread = sorted((item for item in opened.plan.unreadable if item.where), key=lambda item: _number(item.where))
    problems += islice((words for item in unread for words in _not_understood(item, opened, lines)), _MOST_TOLD)
    if (count := sum(_lines_of(item, opened) for item in unread) - _MOST_TOLD) > 0:
        problems.append(trn("1 more line cannot be read.", "{count} more lines cannot be read.", count))
    yield from _of_source(plan, opened)
    for extra in opened.plan.extras:
        if isinstance(extra.value, SecretRef) or extra not in plan.extras:
            yield _variable(plan, opened, extra)


def _no_setting(options: Sequence[str], line: int) -> str:
    """Say which parts of an address fit no single setting; their values may be secrets."""
    return tr(
        "{name}, line {line}: left out, as no single setting takes it: {options}.",
        name=tr("pasted text"),
        line=line,
        options=listing(options),
    )


def _further(line: int) -> str:
    """Say that a second address of the web is not taken over."""
    return tr("{name}, line {line}: only the first public address is taken over.", name=tr("pasted text"), line=line)


def _unknown(line: int) -> str:
    """Say that nothing is known of a line: no program reads it yet, which might pass over it."""
    return tr("{name}, line {line}: it is no NAME=value, no address and no host.", name=tr("pasted text"), line=line)


def _number(where: str) -> int:
    """Return the last number in where something stands: that of its line."""
    return int((_NUMBERS.findall(where) or ["0"])[-1])


def _variable(plan: Plan, opened: OpenedSource, extra: Extra) -> Found:
    """Return a variable that no setting covers: it is kept as it is."""
    was = next((one.value for one in plan.extras if one.name == extra.name), "")
    secrets = {extra.value.name: opened.secrets[extra.value.name]} if _has(extra.value, opened) else {}

    def apply(now: Plan) -> Plan:
        others = tuple(one for one in now.extras if one.name != extra.name)
        return now.with_value("extras", (*others, extra))

    return Found(extra.name, _shown(extra.value), _shown(was), apply, secrets)


def _shown(value: str | SecretRef) -> str:
    return HIDDEN if isinstance(value, SecretRef) else value or tr("empty")


def _of_source(plan: Plan, opened: OpenedSource) -> Iterator[Found]:
    theirs = opened.plan
    for section in _WHOLE:
        if any(key.partition(".")[0] == section for key in theirs.places):
            yield _section(plan, opened, section)
    for key, setting, value in theirs.settings():
        if key not in theirs.places or key.partition(".")[0] in (*_WHOLE, "nodes") or theirs.problem(key):
            continue
        if value == plan.get(key) and not isinstance(value, SecretRef):
            continue
        secrets = {value.name: opened.secrets[value.name]} if _has(value, opened) else {}
        shown = HIDDEN if setting.secret else setting.kind.render(value)
        was = plan.get(key)
        instead = tr("empty") if was in {None, ""} else HIDDEN if setting.secret else plan.text(key)
        yield Found(flow.called(theirs, key), shown, instead, _put(key, value), secrets)
    if theirs.nodes and any(key.startswith("nodes.") for key in theirs.places):
        nodes = theirs.nodes
        yield Found(tr("Nodes"), _listed(nodes), _count(len(plan.nodes)), lambda now: now.with_value("nodes", nodes))


def _put(key: str, value: object) -> Callable[[Plan], Plan]:
    return lambda now: now.with_value(key, value)


def _has(value: object, opened: OpenedSource) -> TypeGuard[SecretRef]:
    return isinstance(value, SecretRef) and value.name in opened.secrets


def _section(plan: Plan, opened: OpenedSource, section: str) -> Found:
    theirs = opened.plan
    refs = {ref.name for key, ref in theirs.secret_refs() if key.startswith(f"{section}.")}
    hosts = [str(value) for key, _setting, value in theirs.settings() if _is_host(key, section) and value]
    was = [str(value) for key, _setting, value in plan.settings() if _is_host(key, section) and value]
    secrets = {name: opened.secrets[name] for name in refs if name in opened.secrets}
    return Found(
        tr(flow.step(section).title),
        listing(dict.fromkeys(hosts)) or tr("empty"),
        listing(dict.fromkeys(was)) or tr("empty"),
        _put(section, theirs.get(section)),
        secrets,
    )


def _is_host(key: str, section: str) -> bool:
    return key.startswith(f"{section}.") and key.endswith(".host")
