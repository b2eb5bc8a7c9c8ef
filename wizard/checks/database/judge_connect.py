"""The gate: why the account of the plan does not get into the database, told apart, each with its remedy."""

from __future__ import annotations

from wizard.checks.database.facts import Facts, Trust
from wizard.checks.database.kinds import server_name
from wizard.checks.database.specs import CONNECT
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr


def judge_connect(target: Target, facts: Facts) -> Finding:
    """Return the gate's finding; it passes only on a connection that was made."""
    for fact in (facts.trust, facts.addresses, facts.connected):
        if isinstance(fact, Trouble):
            return _stopped(target, fact, value_of(facts.trust) or Trust())
    return _connected(target, facts)


def _stopped(target: Target, trouble: Trouble, trust: Trust) -> Finding:
    from wizard.checks.database.judge_refusal import judge_refusal

    return judge_refusal(Refusal(target, trouble, trust))


def _connected(target: Target, facts: Facts) -> Finding:
    encryption = value_of(facts.encryption)
    name = server_name(target, value_of(facts.version))
    given = {"server": name, "where": target.where, "user": target.user, "database": target.name}
    if encryption and encryption.protocol:
        summary = tr(
            "Connected to {server} at {where} as {user} over {protocol}.", **given, protocol=encryption.protocol
        )
    else:
        summary = tr("Connected to {server} at {where} as {user}, without TLS.", **given)
    elapsed = facts.connected.elapsed_ms if isinstance(facts.connected, Known) else None
    more = {"host": target.host, "port": target.port, "addresses": list(value_of(facts.addresses) or ())}
    detail = tr("The database is “{database}”.", **given)
    return CONNECT.passed(summary, detail=detail, facts=more, elapsed_ms=elapsed)
