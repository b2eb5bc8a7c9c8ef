"""What NocoBase answers a balancer that asks for its health, and what a balancer's tests make of that answer.

The answers are those that a NocoBase 2.2.15 was seen to give (docs/nocobase.md, "Health").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus

from wizard.dataclass import dataclass
from wizard.formats.sites.expressions import found_in
from wizard.formats.sites.model import Outcome, SiteError, Term
from wizard.pattern import pattern

_ALIVE, _REFUSED, _DEAD = 200, 400, 503
_DEAD_BODY = '{"error":{"status":503,"maintaining":true,"message":"load plugin [acl], 8/77","code":"APP_COMMANDING"}}'
_HEALTH = "/__health_check"
_SPAN = pattern(r"([0-9]{3})(?:-([0-9]{3}))?")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, and its body, None where that is not known."""

    status: int
    body: str | None

    @property
    def whole(self) -> str:
        """What is known of the answer as it is sent."""
        return f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n\r\n{self.body or ''}"


Test = tuple[Term, Callable[[Reply], bool | None]]
"""A rule about the answer, and whether a reply satisfies it; None where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a balancer asks a node for. `hostless`: it speaks HTTP/1.1 and names no host, which Node.js refuses."""

    path: str | None
    method: str = "GET"
    hostless: Term | None = None


def outcome(question: Question, tests: Sequence[Test]) -> Outcome:
    """Return which rules are to blame where a living node is refused, or a dead one taken; without any it is 2xx, 3xx.

    All rules must be satisfied.
    """
    bodyless = question.method == "HEAD"
    alive = "" if bodyless else "ok" if question.path and question.path.endswith(_HEALTH) else None
    living = Reply(_REFUSED, "") if question.hostless else Reply(_ALIVE, alive)
    dead = Reply(_DEAD, "" if bodyless else _DEAD_BODY)
    if not tests:
        return Outcome(hostless=question.hostless)
    told = [(term, test(living), test(dead)) for term, test in tests]
    if refuses := next((term for term, lives, _dies in told if lives is False), None):
        return Outcome(hostless=question.hostless) if question.hostless else Outcome(strict=refuses)
    if any(dies is False for _term, _lives, dies in told) and not any(lives is None for _term, lives, _dies in told):
        return Outcome()
    doubt = next((term for term, lives, dies in told if lives is None or dies is None), None)
    return Outcome(doubt=doubt) if doubt else Outcome(lenient=told[0][0])


def of_status(codes: Iterable[str]) -> Callable[[Reply], bool | None]:
    """Return the test whether the status is one of these codes and spans of codes."""
    spans = [_SPAN.fullmatch(code) for code in codes]
    if not spans or not all(spans):
        return unknown
    return lambda reply: any(int(span[1]) <= reply.status <= int(span[2] or span[1]) for span in spans if span)


def of_class(words: Iterable[str]) -> Callable[[Reply], bool | None]:
    """Return the test whether the status is of one of these kinds, as Tengine names them (`http_2xx`)."""
    kinds = frozenset(words)
    return lambda reply: f"http_{reply.status // 100}xx" in kinds


def of_text(expression: str) -> Callable[[str], bool | None]:
    """Return the test whether an expression matches a text; None for one that is none, or takes too long."""

    def test(text: str) -> bool | None:
        try:
            return found_in(text, expression)
        except SiteError:
            return None

    return test


def of_body(test: Callable[[str], bool | None]) -> Callable[[Reply], bool | None]:
    """Return the test of a body by one of its text."""
    return lambda reply: None if reply.body is None else test(reply.body)


def negated(test: Callable[[Reply], bool | None]) -> Callable[[Reply], bool | None]:
    """Return the test that holds where another one does not."""

    def opposite(reply: Reply) -> bool | None:
        told = test(reply)
        return None if told is None else not told

    return opposite


def unknown(_reply: Reply) -> bool | None:
    """Say that it cannot be told."""
    return None
