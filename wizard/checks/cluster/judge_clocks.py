"""Compare the clocks of several subjects. Pure. A component that saw a clock keeps it as its fact `clock`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

from wizard.checks.cluster.specs import CLOCKS
from wizard.checks.database import specs as database_specs
from wizard.checks.node.specs import HEALTH
from wizard.checks.redis import specs as redis_specs
from wizard.engine.check import AllFacts, told_by, value_of
from wizard.net.clock import MAX_SKEW, Clock
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import decimal, listing, sentences, tr, trn
from wizard.plan.remedy import commands, steps

_GATES = {"database": database_specs.CONNECT, "redis": redis_specs.CONNECT, "node": HEALTH}
"""What says why a subject does not tell its time."""


def judge_clocks(facts: AllFacts) -> Iterator[Finding]:
    """Say whether all clocks are certainly within MAX_SKEW, or any two certainly not."""
    seen = {f"{part} {subject}".strip(): clock for (part, subject), found in facts.items() if (clock := _clock(found))}
    if len(seen) < 2:  # noqa: PLR2004 - it takes two to differ
        mute = {_GATES[part].id for (part, _), found in facts.items() if part in _GATES and not _clock(found)}
        yield CLOCKS.skip(
            sentences(tr("Not compared: fewer than two nodes and servers tell their time."), told_by(mute)),
            because=tuple(sorted(mute)),
        )
        return
    more = {
        "detail": _listed(seen),
        "facts": {"ahead_s": {name: round(clock.ahead, 1) for name, clock in seen.items()}},
    }
    pairs = list(permutations(seen, 2))
    first, last = max(pairs, key=lambda pair: seen[pair[0]].span[0] - seen[pair[1]].span[1])
    least = seen[first].span[0] - seen[last].span[1]
    if least > MAX_SKEW:
        yield _apart(first, last, least, more)
        return
    early, late = max(pairs, key=lambda pair: seen[pair[0]].span[1] - seen[pair[1]].span[0])
    most = seen[early].span[1] - seen[late].span[0]
    if most > MAX_SKEW:
        yield _may_be_apart(early, late, most, more)
        return
    yield CLOCKS.passed(
        trn(
            "The clock of {count} node or server agrees within {skew:g} s.",
            "The clocks of {count} nodes and servers agree within {skew:g} s.",
            count=len(seen),
            skew=MAX_SKEW,
        ),
        **more,
    )


def _may_be_apart(first: str, last: str, most: float, more: Mapping[str, Any]) -> Finding:
    return CLOCKS.unknown(
        tr(
            "Whether all clocks agree within {skew} s could not be found out: that of {first} may be up to {most} "
            "s ahead of that of {last}.",
            skew=decimal(MAX_SKEW, "g"),
            first=first,
            last=last,
            most=decimal(most, ".1f"),
        ),
        error=ErrorKind.OTHER,
        remedy=steps(
            tr("On each machine; it says yes where the clock is kept right:"),
            "timedatectl show --property=NTPSynchronized --value",
        ),
        **more,
    )


def _apart(first: str, last: str, apart: float, more: Mapping[str, Any]) -> Finding:
    note = tr("Schedules and NocoBase's IDs lean on clocks that agree.")
    return CLOCKS.warn(
        tr("The clock of {first} is {apart:.1f} s ahead of that of {last}.", first=first, last=last, apart=apart),
        remedy=commands("timedatectl set-ntp true"),
        because=(database_specs.CLOCK.id,) if "database" in {first, last} else (),
        **{**more, "detail": f"{more['detail']} {note}"},
    )


def _listed(seen: Mapping[str, Clock]) -> str:
    told = (_ahead(name, clock) for name, clock in sorted(seen.items()))
    return tr("Seconds ahead of this machine: {listed}.", listed=listing(told))


def _ahead(name: str, clock: Clock) -> str:
    return f"{name} {decimal(clock.ahead, '+.1f')} ± {decimal(clock.error, '.1f')}"


def _clock(found: object) -> Clock | None:
    """Return a subject's clock, if it told."""
    clock: Clock | None = value_of(getattr(found, "clock", None))
    return clock
