"""Compare the facts of several subjects. Pure. A component that saw a clock keeps it as its fact `clock`."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.checks.check import AllFacts, value_of
from wizard.checks.cluster.specs import CLOCKS, DATABASE
from wizard.checks.database.facts import Facts as DatabaseFacts
from wizard.checks.facts import Known
from wizard.checks.node.judge import version_in
from wizard.checks.node.probe import NodeFacts
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.words import tr

MAX_SKEW = 1.0
"""Seconds; as for the database's own clock. NocoBase's IDs hold the time, and schedules start by it."""


def judge_clocks(facts: AllFacts) -> Iterator[Finding]:
    """Say whether any two clocks are certainly further apart than MAX_SKEW."""
    seen = {f"{part} {subject}".strip(): clock for (part, subject), found in facts.items() if (clock := _clock(found))}
    if len(seen) < 2:  # noqa: PLR2004 - it takes two to differ
        yield CLOCKS.skip(tr("Not compared: fewer than two nodes and servers tell their time."))
        return
    first = max(seen, key=lambda name: seen[name][0])
    last = min(seen, key=lambda name: seen[name][1])
    apart = max(0.0, seen[first][0] - seen[last][1])
    told = {name: round((least + most) / 2, 1) for name, (least, most) in sorted(seen.items())}
    detail = tr(
        "Seconds ahead of this machine: {listed}.",
        listed=", ".join(f"{name} {ahead:+.1f}" for name, ahead in told.items()),
    )
    if apart <= MAX_SKEW:
        summary = tr("The clocks of {count} nodes and servers agree within {skew:g} s.", count=len(seen), skew=MAX_SKEW)
        yield CLOCKS.passed(summary, detail=detail, facts={"ahead_s": told})
        return
    yield CLOCKS.warn(
        tr("The clock of {first} is {apart:.1f} s ahead of that of {last}.", first=first, last=last, apart=apart),
        detail=" ".join((detail, tr("Schedules and NocoBase's IDs lean on clocks that agree."))),
        remedy="timedatectl set-ntp true",
        facts={"ahead_s": told},
    )


def _clock(found: object) -> tuple[float, float] | None:
    """Give the least and the most that a subject's clock may be ahead of ours, if it told."""
    clock = value_of(getattr(found, "clock", None))
    return (clock.ahead - clock.error, clock.ahead + clock.error) if clock else None


def judge_database(facts: AllFacts) -> Iterator[Finding]:
    """Compare the version in the plan's database with the one that each node reads from its own."""
    told = {
        subject: version
        for (part, subject), found in sorted(facts.items())
        if part == "node" and isinstance(found, NodeFacts) and (version := version_in(value_of(found.info)))
    }
    if not told:
        yield DATABASE.skip(tr("Not compared: no node tells the version that its database holds."))
        return
    database = facts.get(("database", ""))
    held = _installed(database) if isinstance(database, DatabaseFacts) else None
    if held is None:
        yield DATABASE.unknown(tr("Could not be found out: the plan's database was not read."))
        return
    others = {name: version for name, version in told.items() if version != held}
    listed = ", ".join(f"{name}: {version}" for name, version in told.items())
    facts_of_both = {"database": held, "nodes": told}
    if not others:
        yield DATABASE.info(
            tr("The nodes tell the version that the plan's database holds, {version}.", version=held),
            detail=tr(
                "That speaks for one database, and does not prove it: only inside a node can its address be seen."
            ),
            facts=facts_of_both,
        )
        return
    yield DATABASE.fail(
        tr("{names} use another database than the plan's.", names=", ".join(others))
        if held
        else tr(
            "The nodes serve, but under the plan's schema and prefix its database holds no NocoBase: they use another."
        ),
        ErrorKind.MISSING,
        detail=tr("The plan's database holds {held}; the nodes tell {listed}.", held=held or "–", listed=listed),
        remedy=tr("Compare DB_HOST, DB_PORT, DB_DATABASE and DB_SCHEMA of these nodes with the plan."),
        facts=facts_of_both,
    )


def _installed(database: DatabaseFacts) -> str | None:
    """Give the version in the plan's database, nothing if none is installed, None if it is not known."""
    if isinstance(database.application, Known):
        return database.application.value or ""
    return None
