"""Sessions that are open: whoever begins one ends it, at the latest the end of the program.

A probe's thread may be given up by its run, and does not outlive the program; what it began must not stay.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.session import Account, Session, sign_in
from wizard.checks.node.target import Target as Node
from wizard.engine.facts import Known, Trouble, attempt
from wizard.net import http

PATIENCE = 1.0
"""Seconds that the end of the program waits for sign-ins under way, and for each sign-out."""


@dataclass(slots=True)
class Entry:
    """What a sign-in gave: the answer, and the session while it is open."""

    answer: Known[Said] | Trouble
    session: Session | None = None


class Leaving:
    """The sessions that are open, and how many sign-ins are under way."""

    def __init__(self) -> None:
        """Know of none."""
        self._changed = threading.Condition()
        self._open: list[Session] = []
        self._awaited = 0
        self._is_over = False

    def begin(self, node: Node, account: Account) -> Entry:
        """Sign in; the session is open until it is forgotten. Raises SystemExit where the program is ending."""
        session: Session | None = None

        def enter() -> Said:
            nonlocal session
            answer, session = sign_in(node, account)
            return answer

        with self._changed:
            if self._is_over:
                raise SystemExit
            self._awaited += 1
        try:
            return Entry(attempt(enter, http.explain), session)
        finally:
            with self._changed:
                self._awaited -= 1
                if session:
                    self._open.append(session)
                self._changed.notify_all()

    def forget(self, session: Session) -> bool:
        """Take a session for ended; gives whether it was taken for open until now."""
        with self._changed:
            if session not in self._open:
                return False
            self._open.remove(session)
            return True

    def end_all(self) -> None:
        """End what is open where it was begun; what does not answer is left alone."""
        with self._changed:
            self._is_over = True
            self._changed.wait_for(lambda: not self._awaited, PATIENCE)
            left = list(self._open)
        for session in left:
            if self.forget(session):
                with contextlib.suppress(Exception):
                    session.end(session.node, PATIENCE)


LEAVING = Leaving()
atexit.register(LEAVING.end_all)


@contextlib.contextmanager
def signed_in(node: Node, account: Account) -> Iterator[Entry]:
    """Sign in, and end the session afterwards where it was begun, if it is still open then."""
    entry = LEAVING.begin(node, account)
    try:
        yield entry
    finally:
        if entry.session and LEAVING.forget(entry.session):
            with contextlib.suppress(Exception):
                entry.session.end(node)
