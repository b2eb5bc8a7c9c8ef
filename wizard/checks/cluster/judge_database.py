"""Whether the nodes use the plan's database: by the version that each tells, and by a session begun on each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.checks.cluster import answers
from wizard.checks.cluster.specs import DATABASE, KEYS
from wizard.checks.cluster.use_probe import Target, UseFacts
from wizard.checks.database import specs as database_specs
from wizard.checks.database.errors import NO_VERSION
from wizard.checks.node.specs import CONNECT, HEALTH, VERSION
from wizard.engine.check import told_by, value_of
from wizard.engine.facts import Fact, Known, Pending, Trouble
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.remedy import advice


def judge(target: Target, facts: UseFacts) -> Iterator[Finding]:
    """Return the one finding."""
    if not isinstance(facts.serving, Known):
        yield DATABASE.unknown(
            tr("Could not be found out: it is not known which nodes serve."), error=ErrorKind.TIMEOUT
        )
    elif not facts.serving.value:
        yield DATABASE.skip(tr("Not tested: no node serves; {gate} says why.", gate=HEALTH.id), because=(HEALTH.id,))
    elif not isinstance(facts.held, Known):
        yield _unread(facts.held)
    else:
        yield _judged(target, facts, facts.held.value)


def _unread(held: Fact[str]) -> Finding:
    found = held if isinstance(held, Trouble) else Trouble(ErrorKind.TIMEOUT)
    inside = found.about == NO_VERSION or (found.kind is ErrorKind.PERMISSION and not found.about)
    gate = database_specs.INSTALLATION if inside else database_specs.CONNECT
    return DATABASE.unknown(
        sentences(tr("Could not be found out: the plan's database was not read."), told_by({gate.id})),
        because=(gate.id,),
        error=found.kind,
    )


def _judged(target: Target, facts: UseFacts, held: str) -> Finding:
    told = value_of(facts.told) or {}
    more: dict[str, Any] = {"facts": {"database": held, "nodes": dict(told)}}
    others = [name for name, version in told.items() if version and version != held]
    if not held:
        return _another(
            tr(
                "The nodes serve, but under the plan's schema and prefix its database holds no NocoBase: they use "
                "another."
            ),
            _versions(held, told),
            more,
        )
    if others:
        names = listing(others)
        return _another(tr("{names} use another database than the plan's.", names=names), _versions(held, told), more)
    if target.account is None:
        return _not_proven(held, told, target, more)
    return _by_sessions(target, facts, more)


def _another(summary: str, detail: str, more: Mapping[str, Any]) -> Finding:
    return DATABASE.fail(
        summary,
        ErrorKind.MISSING,
        detail=detail,
        remedy=advice(tr("Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of these nodes with the plan.")),
        **more,
    )


def _versions(held: str, told: Mapping[str, str]) -> str:
    listed = listing(f"{name}: {version or '–'}" for name, version in told.items())
    return tr("The plan's database holds {held}; the nodes tell {listed}.", held=held or "–", listed=listed)


def _not_proven(held: str, told: Mapping[str, str], target: Target, more: Mapping[str, Any]) -> Finding:
    mute = {VERSION.id} if not any(told.values()) else set()
    return DATABASE.unknown(
        sentences(tr("Could not be found out: no node tells the version that its database holds."), told_by(mute))
        if mute
        else tr(
            "Could not be found out: the nodes tell the version that the plan's database holds, {version}, and another "
            "database may hold the same.",
            version=held,
        ),
        error=ErrorKind.MISSING,
        detail=tr("A session that is begun on each node and found in the plan's database proves it."),
        remedy=target.how_to_give,
        because=(target.wants,),
        lacks=target.lacks,
        **more,
    )


def _by_sessions(target: Target, facts: UseFacts, more: Mapping[str, Any]) -> Finding:
    logins, kept = value_of(facts.logins) or {}, facts.kept
    if not isinstance(kept, Known) or kept.value is None:
        return _sessions_not_seen(logins, kept, more)
    found_in = [name for name, there in kept.value.items() if there]
    missing = [name for name, there in kept.value.items() if not there]
    strangers = [name for name, answer in logins.items() if found_in and _knows_no_account(answer)]
    if missing or strangers:
        return _elsewhere(missing, strangers, found_in, target, more)
    unclear = {name: _words(answer) for name, answer in logins.items() if name not in kept.value}
    down = {node.name: tr("it does not serve") for node in target.nodes if node.name not in logins}
    because = (HEALTH.id, CONNECT.id) if down and not unclear else ()
    unclear |= down
    if unclear:
        return DATABASE.unknown(
            tr("Could not be found out of {names}: no session begun there was looked for.", names=listing(unclear)),
            error=ErrorKind.OTHER,
            because=because,
            detail=sentences(*(tr("{node}: {said}.", node=name, said=said) for name, said in unclear.items())),
            **more,
        )
    rest = tr("Nobody can sign in on {names}, which take no requests.", names=listing(target.others))
    return DATABASE.passed(
        tr("Sessions that were begun on {names} are in the plan's database.", names=listing(found_in)),
        detail=rest if target.others else "",
        **more,
    )


def _sessions_not_seen(
    logins: Mapping[str, Known[answers.Said] | Trouble], kept: Fact[Mapping[str, bool] | None], more: Mapping[str, Any]
) -> Finding:
    """Say why nobody could look for the sessions in the plan's database."""
    if isinstance(kept, Pending) and logins:
        (node, answer), *_rest = logins.items()
        return DATABASE.unknown(
            tr("Could not be found out: {node} gives the account for checks no session.", node=node),
            error=answer.kind if isinstance(answer, Trouble) else ErrorKind.CREDENTIALS,
            detail=_words(answer),
            because=(KEYS.id,),
            **more,
        )
    if not isinstance(kept, Known):
        found = kept if isinstance(kept, Trouble) else Trouble(ErrorKind.TIMEOUT)
        return DATABASE.unknown(
            tr("Could not be found out: the plan's database was not asked for the sessions."),
            error=found.kind,
            detail=found.message,
            **more,
        )
    return DATABASE.unknown(
        tr("Could not be found out: the plan's database has no table “issuedTokens”, as older versions have none."),
        error=ErrorKind.VERSION,
        **more,
    )


def _elsewhere(
    missing: list[str], strangers: list[str], found_in: list[str], target: Target, more: Mapping[str, Any]
) -> Finding:
    account = target.account.name if target.account else ""
    told = [tr("A session that was begun on {node} is not in the plan's database.", node=name) for name in missing]
    told += [
        tr(
            "{node} refuses the account {account}, which {other} lets in.",
            node=name,
            account=account,
            other=found_in[0],
        )
        for name in strangers
    ]
    told += [tr("Sessions begun on {names} are in it.", names=listing(found_in))] if found_in else []
    names = listing([*missing, *strangers])
    return _another(tr("{names} use another database than the plan's.", names=names), sentences(*told), more)


def _knows_no_account(answer: Known[answers.Said] | Trouble) -> bool:
    return isinstance(answer, Known) and answer.value.status == answers.UNAUTHORIZED


def _words(answer: Known[answers.Said] | Trouble) -> str:
    if isinstance(answer, Trouble):
        return answer.message or answer.kind.value
    return tr("its token names no session") if answer.value.accepted else answer.value.words
