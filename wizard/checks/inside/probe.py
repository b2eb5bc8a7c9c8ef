"""Bring the facts from inside all nodes at once: the script there and back, then a meeting in the shared storage."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import field, replace
from typing import Any, TypeVar

from wizard.checks.inside.asked import text_for
from wizard.checks.inside.document import Document, DocumentError, Meeting, document_of, lines_of, meeting_of
from wizard.checks.inside.facts import Entries, Entry, InsideFacts, Told
from wizard.dataclass import dataclass
from wizard.engine.facts import Fact, Known, Trouble, attempt
from wizard.net import transport
from wizard.net.clock import Clock
from wizard.net.errors import explain_any, resolve
from wizard.net.transport import Answer, TransportError
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import tr
from wizard.plan.quoted import Own
from wizard.plan.secret import Secret
from wizard.reading import UnreadableError, parse_json

T = TypeVar("T")
MEETING_SECONDS = 90.0
"""The 70 s that the script waits for the other nodes' files, and the way there and back."""
MOST_EXTRA = 30.0
"""Seconds that the nodes wait longer for one another, at most, where the way to one of them is slow."""
_EXTRA = 3
"""So many times the slowest way: a way that was slow once may be slower next."""


@dataclass(frozen=True, slots=True)
class Target:
    """The nodes to ask: the command's words and the port of each by name, and what each is asked. No words: nobody."""

    script: str
    key: Secret | None
    endpoints: tuple[Mapping[str, Any], ...] = ()
    words: Mapping[str, list[str]] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    environment: Mapping[str, str] | None = None
    """What the programs are started in; None where they need none of NocoBase's secrets."""
    seconds: float = 30.0
    collected: tuple[tuple[str, Any], ...] = ()
    entries: Callable[[], tuple[str, tuple[tuple[str, int], ...]]] = lambda: ("", ())
    """Read the balancer's list: the file's name, and its hosts and ports; raises OSError, SiteError."""


def probe(target: Target, facts: InsideFacts) -> None:
    """Fill `facts`; a node that does not answer keeps no other one waiting longer than its time."""
    told = _read(target)
    facts.told = Known(told)
    entries: list[Fact[Entries]] = []
    looking = _start(lambda: entries.append(attempt(lambda: _entries(target), explain_any)), "the balancer's list")
    _together({name: _keeping(told, name, target) for name in target.words})
    looking.join()
    facts.entries = entries[0]
    present = [name for name in target.words if name in told and isinstance(told[name].document, Known)]
    facts.meetings = Known(_meet(target, present, extra_wait(told)))


def _read(target: Target) -> dict[str, Told]:
    """Take what was collected by hand; of two files of one node the later one counts."""
    found: dict[str, Told] = {}
    for file, data in target.collected:
        document = attempt(lambda data=data: document_of(data), lambda error, file=file: _not_read(error, file))  # type: ignore[misc]
        name = document.value.node if isinstance(document, Known) else file
        earlier = found.get(name)
        if earlier is None or _time(document) >= _time(earlier.document):
            found[name] = Told(document, at_hand=True)
    return found


def _time(document: Known[Document] | Trouble) -> float:
    return document.value.at if isinstance(document, Known) else 0.0


def _not_read(error: Exception, file: str) -> Trouble:
    return Trouble(ErrorKind.PROTOCOL, Own(str(error)), about=file)


def _keeping(told: dict[str, Told], name: str, target: Target) -> Callable[[], None]:
    def keep() -> None:
        told[name] = _ask(target, name)

    return keep


def _ask(target: Target, name: str) -> Told:
    asked = {"node": name, "port": target.ports.get(name), "endpoints": list(target.endpoints)}
    script = text_for(target.script, target.key, asked).encode()
    clock: list[Clock] = []

    def answer() -> Document:
        said = transport.ask(target.words[name], script, target.seconds, target.environment)
        document = _understood(said, lambda data: document_of(data, name))
        clock.append(_clock(document, said))
        return document

    document = attempt(answer, _explain)
    return Told(document, clock[0] if clock else None)


def _clock(document: Document, said: Answer) -> Clock:
    """Return how far the node's clock is ahead: its script began after the question and ended before the answer."""
    least, most = document.at - said.received, document.began - said.sent
    return Clock((least + most) / 2, abs(most - least) / 2)


def _understood(said: Answer, read: Callable[[Any], T]) -> T:
    lines = lines_of(bytes(said.output))
    try:
        return read(parse_json(lines[-1] if lines else b"", "answer"))
    except DocumentError as error:
        words, about = str(error), said.errors
    except (ValueError, UnreadableError):
        words, about = tr("its answer is not what the script writes"), said.errors or said.output
    raise TransportError(Trouble(ErrorKind.PROTOCOL, Own(words), about=transport.last_words(about)))


def _explain(error: Exception) -> Trouble:
    if not isinstance(error, TransportError):
        return explain_any(error)
    # A login that is refused may say so on its standard output. A script's answer holds no secret.
    about = error.trouble.about or transport.last_words(error.output)
    return replace(error.trouble, about=about)


def extra_wait(told: Mapping[str, Told]) -> float:
    """Return how many seconds longer than usual the nodes are to wait for one another; none where all are near."""
    ways = [2 * one.clock.error for one in told.values() if one.clock]
    return min(MOST_EXTRA, _EXTRA * max(ways, default=0.0))


def _meet(target: Target, names: list[str], extra: float) -> dict[str, Fact[Any]]:
    """Let the nodes that answered look for one another in the storage, all at once."""
    if len(names) < 2:  # noqa: PLR2004 - it takes two to meet
        return {}
    run, met = secrets.token_hex(4), dict[str, Fact[Any]]()

    def keep(name: str) -> None:
        others = [other for other in names if other != name]
        meet = {"run": run, "others": others, "extra_ms": round(1000 * extra)}
        asked = {"node": name, "port": target.ports.get(name), "meet": meet}
        script = text_for(target.script, target.key, asked).encode()

        def answer() -> Meeting:
            said = transport.ask(target.words[name], script, MEETING_SECONDS + extra, target.environment)
            return _dated(_understood(said, meeting_of), said)

        met[name] = attempt(answer, _explain)

    _together({name: lambda name=name: keep(name) for name in names})  # type: ignore[misc]
    return {name: met[name] for name in names}


def _dated(meeting: Meeting, said: Answer) -> Meeting:
    """Return it with the time at which the node surely was there: it began after `sent` and ended before `received`."""
    waited = meeting.waited / 1000
    return replace(meeting, since=said.received - waited, until=said.sent + waited)


def _entries(target: Target) -> Entries:
    place, found = target.entries()
    return Entries(place, tuple(Entry(host, port, _resolved(host)) for host, port in found))


def _resolved(host: str) -> tuple[str, ...]:
    found = attempt(lambda: resolve(host, 0), explain_any)
    return tuple(found.value) if isinstance(found, Known) else ()


def _together(works: Mapping[str, Callable[[], None]]) -> None:
    for thread in [_start(work, f"inside {name}") for name, work in works.items()]:
        thread.join()


def _start(work: Callable[[], None], name: str) -> threading.Thread:
    """Start a thread that hides secrets as this one does."""
    thread = threading.Thread(target=copy_context().run, args=(work,), name=name, daemon=True)
    thread.start()
    return thread
