"""Sessions that are open: whoever begins one ends it, at the latest the end of the program.

A probe's thread may be given up by its run, and does not outlive the program; what it began must not stay.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context

from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.session import SIGN_IN_SECONDS, Account, Session, sign_in
from wizard.checks.node.target import Target as Node
from wizard.dataclass import dataclass
from wizard.engine.facts import Known, Trouble, attempt
from wizard.engine.sockets import Scope
from wizard.net import http

PATIENCE = 1.0
"""Seconds that the end of the program waits for what is under way, and for each further sign-out."""


@dataclass(slots=True)
class Entry:
    """What a sign-in gave: the answer, and the session while it is open."""

    answer: Known[Said] | Trouble
    session: Session | None = None


class Leaving:
    """The sessions that are open, and how many sign-ins and sign-outs are under way."""

    def __init__(self) -> None:
        """Know of none."""
        self._changed = threading.Condition()
        self._open: dict[Session, Scope] = {}
        self._awaited = 0
        self._is_over = False

    def begin(self, node: Node, account: Account) -> Entry:
        """Sign in; the session is open until it is forgotten. Raises SystemExit where the program is ending.

        It has sockets of its own, which the end of the probe does not close.
        """
        session: Session | None = None
        sockets = Scope()

        def enter() -> Said:
            nonlocal session
            answer, session = sign_in(node, account)
            return answer

        with self._changed:
            if self._is_over:
                raise SystemExit
            self._awaited += 1
        try:
            with sockets.entered(), sockets.bounded(SIGN_IN_SECONDS):
                return Entry(attempt(enter, http.explain), session)
        finally:
            with self._changed:
                self._awaited -= 1
                if session:
                    self._open[session] = sockets
                else:
                    sockets.end()
                self._changed.notify_all()

    def forget(self, session: Session) -> bool:
        """Take a session for ended; gives whether it was taken for open until now."""
        if sockets := self._take(session):
            sockets.end()
        return bool(sockets)

    def end(self, session: Session, node: Node) -> None:
        """End a session on a node, if it is still open; the end of the program waits for it."""
        with self._changed:
            if not (sockets := self._take(session)):
                return
            self._awaited += 1
        try:
            _sign_out(session, node, sockets, http.TIMEOUT)
        finally:
            with self._changed:
                self._awaited -= 1
                self._changed.notify_all()

    def end_all(self) -> None:
        """End what is open where it was begun; what does not answer is left alone."""
        with self._changed:
            self._is_over = True
            self._changed.wait_for(lambda: not self._awaited, PATIENCE)
            left = list(self._open)
        for session in left:
            if sockets := self._take(session):
                _sign_out(session, session.node, sockets, PATIENCE)

    def _take(self, session: Session) -> Scope | None:
        with self._changed:
            return self._open.pop(session, None)


def _sign_out(session: Session, node: Node, sockets: Scope, seconds: float) -> None:
    with contextlib.suppress(Exception), sockets.entered(), sockets.bounded(seconds):
        session.end(node, seconds)
    sockets.end()


LEAVING = Leaving()
atexit.register(LEAVING.end_all)


@contextlib.contextmanager
def signed_in_on(nodes: Sequence[Node], account: Account) -> Iterator[Mapping[str, Entry]]:
    """Sign in on each node at once, by its name; each session ends where it was begun.

    A sign-in that is answered after the others were given up is ended by its own thread all the same.
    """
    over, entries = threading.Event(), dict[str, Entry]()

    def hold(node: Node, entered: threading.Event) -> None:
        try:
            with signed_in(node, account) as entry:
                entries[node.name] = entry
                entered.set()
                over.wait()
        finally:
            entered.set()

    events = [threading.Event() for _node in nodes]
    threads = [
        threading.Thread(
            target=copy_context().run, args=(hold, node, event), name=f"sign in on {node.name}", daemon=True
        )
        for node, event in zip(nodes, events, strict=True)
    ]
    try:
        for thread in threads:
            thread.start()
        until = time.monotonic() + SIGN_IN_SECONDS + PATIENCE
        for event in events:
            event.wait(max(0.0, until - time.monotonic()))
        yield dict(entries)
    finally:
        over.set()
        until = time.monotonic() + http.TIMEOUT + PATIENCE
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))


@contextlib.contextmanager
def signed_in(node: Node, account: Account) -> Iterator[Entry]:
    """Sign in, and end the session afterwards where it was begun, if it is still open then."""
    entry = LEAVING.begin(node, account)
    try:
        yield entry
    finally:
        if entry.session:
            LEAVING.end(entry.session, node)
