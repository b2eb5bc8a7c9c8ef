"""Nodes from a pasted list: hosts, `host:port`, addresses, CSV with names, and ranges as `10.0.0.[11-14]`. No Qt.

The head of a table says what its columns hold; without one an address stands before a name where a name cannot be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from wizard.dataclass import dataclass
from wizard.guide import edits, node_tables
from wizard.pattern import pattern
from wizard.plan.i18n import tr
from wizard.plan.kinds import NODE_IPV6, BadValueError, Host, Integer
from wizard.plan.plan import Plan
from wizard.plan.sections import WORKER_ID_COUNT, Node

_RANGE = pattern(r"\[(\d{1,5})-(\d{1,5})\]|\{(\d{1,5})\.\.(\d{1,5})\}")
_SPAN = pattern(r"((?:\d{1,3}\.){3})(\d{1,3})-(?:\1)?(\d{1,3})(?=$|:)")
"""Addresses from one to another: `10.0.0.11-10.0.0.14`, or `10.0.0.11-14`."""
_DASH = pattern(r"(\d\.\d{1,3})\s*[-–—]\s*(?=\d{1,3}\b)")
_NUMBERED = pattern(r"[^\W\d]\w*-?\d[\w-]*")
"""A host by its first name alone, with a number."""
_CELLS = pattern(r"[\s,;]+(?:[-–—]\s+)?")
_BULLET = pattern(r"\s*[-*•]\s+")
_NO_LETTERS = pattern(r"[^a-z0-9]+")
_LONGEST_NAME = 63
_AROUND = "\"'`"
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
"""What comes along from web pages and mails, and nobody sees."""
_ADDRESS = pattern(r"(?:\d{1,3}\.){3}\d{1,3}")
_PORT = Integer(1, 65535)
_MOST_CELLS = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """One node of a list; an empty name or port is to be chosen."""

    name: str
    host: str
    port: int | None


def read(text: str) -> list[Listed]:
    """Return the nodes of a list, a line each or several in one; raises BadValueError with a sentence that says where.

    A line holds a host, a host and a port, a name and a host, or all three.
    """
    found: list[Listed] = []
    head = ""
    columns: tuple[str, ...] = ()
    for number, line in enumerate(without_unseen(text).splitlines(), start=1):
        listed = bare(without_bullet(line))
        if not listed.strip() or (head and node_tables.is_rule(listed)):
            continue
        try:
            if not found and not head and node_tables.is_head(listed):
                head, columns = listed, node_tables.columns_of(listed)
                continue
            for one in _of_columns(columns, listed) if columns else _nodes(listed):
                if len(found) == WORKER_ID_COUNT:
                    _too_many()
                found.append(one)
        except BadValueError as error:
            raise BadValueError(tr("Line {number}: {problem}", number=number, problem=error)) from error
    return found


def without_unseen(text: str) -> str:
    """Return a text without the signs that have no width."""
    return text.translate(_UNSEEN)


def bare(line: str) -> str:
    """Return a line of a list without what stands behind a “#”, and with plain signs for “from … to”."""
    return _DASH.sub(r"\1-", line.partition("#")[0])


def without_bullet(line: str) -> str:
    """Return a line without the sign of a list before it."""
    match = _BULLET.match(line)
    return line[match.end() :] if match else line


def are_several(text: str) -> bool:
    """Whether a text is a list of more than one node."""
    try:
        return len(read(text)) > 1
    except BadValueError:
        return "\n" in text.strip()


def _too_many() -> NoReturn:
    raise BadValueError(tr("These are more nodes than a cluster has worker IDs for ({count}).", count=WORKER_ID_COUNT))


def with_nodes(plan: Plan, listed: Sequence[Listed]) -> Plan:
    """Return a plan with the nodes of a list, but for those that it has; names and ports go on from the others."""
    nodes = list(plan.nodes)
    last = nodes[-1] if nodes else Node()
    names = [_called(one.name) for one in listed]
    for one, own in zip(listed, names, strict=True):
        port = one.port or last.port
        if any((node.host, node.port) == (one.host, port) for node in nodes):
            continue
        taken = {node.name for node in nodes} | {*names}
        name = own or next(name for n in range(1, len(taken) + 2) if (name := f"node{n}") not in taken)
        nodes.append(Node(name=name, host=one.host, port=port, processes=last.processes))
    return edits.with_own_paths(plan.with_value("nodes", tuple(nodes)))


def _called(name: str) -> str:
    """Return the name that a node may have where a list calls it so: small letters, digits and “-”."""
    return _NO_LETTERS.sub("-", name.casefold()).strip("-")[:_LONGEST_NAME]


def _of_columns(columns: Sequence[str], line: str) -> Iterator[Listed]:
    cells = node_tables.cells_of(line)
    if len(cells) > len(columns):
        raise BadValueError(tr("It has more than a name, a host and a port."))
    row = dict(zip(columns, cells, strict=False))
    yield from _row(row.get("name", ""), row.get("host", ""), row.get("port", ""))


def _nodes(line: str) -> Iterator[Listed]:
    cells = _name_first([word for cell in _CELLS.split(line) if (word := cell.strip(_AROUND))] or [""])
    numbered = len(cells) >= _MOST_CELLS and all(_NUMBERED.fullmatch(cell) for cell in cells)
    if numbered or (len(cells) > 1 and all(_is_host_alone(cell) for cell in cells)):
        for cell in cells:
            yield from _row("", cell, "")
    elif len(cells) > _MOST_CELLS:
        raise BadValueError(tr("It has more than a name, a host and a port."))
    elif len(cells) == _MOST_CELLS:
        name, host, port = cells
        yield from _row(name, host, port)
    elif len(cells) == 1:
        yield from _row("", cells[0], "")
    elif cells[1].isdigit():
        yield from _row("", cells[0], cells[1])
    else:
        yield from _row(cells[0], cells[1], "")


def _name_first(cells: list[str]) -> list[str]:
    """Return name, host and port in this order where an address stands before them, as in a file of hosts.

    There the whole name may stand between the address and the short one, which is the node's.
    """
    if not _ADDRESS.fullmatch(_expanded(cells[0])[0]):
        return cells
    ports = [cell for cell in cells if cell.isdigit()]
    short = [cell for cell in cells if not cell.isdigit() and not _is_host_alone(cell)]
    return [*short, cells[0], *ports] if len(short) == 1 and len(cells) <= _MOST_CELLS else cells


def _is_host_alone(cell: str) -> bool:
    """Whether a cell can be nothing but a host: a list of hosts may stand in one line."""
    return "." in cell or "://" in cell or edits.host_and_port(cell) is not None


def _row(name: str, address: str, port: str) -> Iterator[Listed]:
    names, addresses = _expanded(name), _expanded(address)
    if len(names) not in {1, len(addresses)}:
        raise BadValueError(tr("The ranges of name and host are of different lengths."))
    for at, one in enumerate(addresses):
        host, own = _split(one)
        numbered = f"{name}{at + 1}" if name else ""
        called = names[at] if len(names) == len(addresses) else numbered
        chosen = port or own
        yield Listed(called, Host(NODE_IPV6).parse(host), _PORT.parse(chosen) if chosen else None)


def _split(address: str) -> tuple[str, str]:
    """Take host and port out of an address with or without a scheme."""
    found = edits.host_and_port(address)
    return (found[0], str(found[1])) if found else (address, "")


def _expanded(text: str) -> list[str]:
    """Return all that a text with a range means: `node[08-10]` is node08, node09 and node10."""
    text = _SPAN.sub(r"\1[\2-\3]", text, count=1)
    match = _RANGE.search(text)
    if match is None:
        return [text]
    first, last = int(match[1] or match[3]), int(match[2] or match[4])
    if not first <= last < first + WORKER_ID_COUNT:
        raise BadValueError(tr("“{text}” is no range of at most {count}.", text=match[0], count=WORKER_ID_COUNT))
    begin = match[1] or match[3]
    width = len(begin) if begin.startswith("0") else 0
    return [f"{text[: match.start()]}{n:0{width}}{text[match.end() :]}" for n in range(first, last + 1)]
