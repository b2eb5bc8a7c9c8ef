"""Which database the nodes use: a session begun on each, and looked for in the plan's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.fan_out import Serving, all_of, info_of
from wizard.checks.cluster.open_sessions import Entry, signed_in, signed_in_on
from wizard.checks.cluster.session import SIGN_IN_SECONDS, Account
from wizard.checks.database import kept
from wizard.checks.database.executions import Rows
from wizard.checks.database.target import Target as Database
from wizard.checks.node.judge import version_in
from wizard.checks.node.target import Target as Node
from wizard.dataclass import dataclass
from wizard.engine.check import value_of
from wizard.engine.facts import PENDING, Fact, Known, Trouble
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr
from wizard.plan.remedy import Remedy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """The nodes that take requests, the plan's database, and the account; without one, what to do about it.

    `wants` is the key of the setting that is wanted for an account, `lacks` that of a secret which is not at hand.
    `others` are the nodes that take no requests, so that nobody can sign in there.
    """

    nodes: tuple[Node, ...]
    database: Database
    account: Account | None
    how_to_give: Remedy
    others: tuple[str, ...] = ()
    wants: str = ""
    lacks: str = ""


@dataclass(slots=True)
class UseFacts:
    """The nodes that serve, the version that each tells (or nothing), and the one in the plan's database.

    `logins` is what each node said to the sign-in, `kept` which of the sessions the plan's database holds: None where
    it has no table of them. A node whose token names no number is in neither.
    """

    serving: Fact[tuple[str, ...]] = PENDING
    told: Fact[Mapping[str, str]] = PENDING
    held: Fact[str] = PENDING
    logins: Fact[Mapping[str, Known[Said] | Trouble]] = PENDING
    kept: Fact[Mapping[str, bool] | None] = PENDING


def probe(target: Target, serving: Serving, facts: UseFacts) -> None:
    """Fill `facts`; nobody signs in where the database holds no installation, or another version than a node tells."""
    nodes = serving()
    facts.serving = Known(tuple(node.name for node in nodes))
    if not nodes:
        return
    answers = all_of({node.name: lambda node=node: info_of(node) for node in nodes})  # type: ignore[misc]
    told = {name: version_in(value_of(answer)) for name, answer in answers.items()}
    facts.told = Known(told)
    facts.held = _held(target.database)
    if not isinstance(facts.held, Known) or target.account is None:
        return
    if not facts.held.value or any(version and version != facts.held.value for version in told.values()):
        return
    first, rest = nodes[0], nodes[1:]
    with signed_in(first, target.account) as own:
        facts.logins = Known({first.name: own.answer})
        if own.session is None:
            return  # a password that is wrong is tried once, and not on every node
        with signed_in_on(rest, target.account) as entries:
            every = {first.name: own, **entries}
            facts.logins = Known({node.name: _said(every.get(node.name)) for node in nodes})
            numbers = {name: entry.session.number for name, entry in every.items() if entry.session}
            facts.kept = _kept(target.database, {name: number for name, number in numbers.items() if number})


def _said(entry: Entry | None) -> Known[Said] | Trouble:
    late = tr("no answer within {seconds} s", seconds=decimal(SIGN_IN_SECONDS, ".3g"))
    return entry.answer if entry else Trouble(ErrorKind.TIMEOUT, late)


def _held(database: Database) -> Known[str] | Trouble:
    return _answer(database, lambda rows: kept.version(database, rows))


def _kept(database: Database, numbers: Mapping[str, str]) -> Known[Mapping[str, bool] | None] | Trouble:
    def question(rows: Rows) -> Mapping[str, bool] | None:
        found = kept.sessions(database, rows, numbers.values()) if numbers else frozenset()
        return None if found is None else {name: number in found for name, number in numbers.items()}

    return _answer(database, question)


def _answer(database: Database, question: Callable[[Rows], T]) -> Known[T] | Trouble:
    """Ask the database by the driver for its kind; the other one is not loaded."""
    if database.postgres:
        from wizard.checks.database.probe_postgres import answer
    else:
        from wizard.checks.database.probe_mysql import answer
    return answer(database, question)
