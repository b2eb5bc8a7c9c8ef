"""What a run says: a table by room, and each change that no test noticed."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.mutation import batch, pool
from tests.mutation.mutants import Mutant

WANTED = 85  # of 100 changes


@dataclass
class Tally:
    """What became of the changes."""

    killed: list[Mutant] = field(default_factory=list)
    timed_out: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    unreached: list[Mutant] = field(default_factory=list)
    listed: list[Mutant] = field(default_factory=list)
    broken: list[Mutant] = field(default_factory=list)

    def of(self, code: int, *, survived: bool) -> list[Mutant]:
        """Return where a change belongs whose trial ended so."""
        if code == pool.TIMED_OUT:
            return self.timed_out
        if code == batch.BROKEN:
            return self.broken
        return self.survived if survived else self.killed

    @property
    def missed(self) -> list[Mutant]:
        """Return what no test noticed."""
        return [*self.survived, *self.unreached]

    @property
    def noticed(self) -> list[Mutant]:
        """Return what a test noticed: it failed, or it did not come to its end."""
        return [*self.killed, *self.timed_out]

    def rate(self, room: str | None = None) -> float:
        """Return how many of 100 changes were noticed, in one room or in all."""
        noticed, missed = (_of(room, some) for some in (self.noticed, self.missed))
        return 100 * len(noticed) / max(1, len(noticed) + len(missed))


def _of(room: str | None, mutants: Sequence[Mutant]) -> list[Mutant]:
    return [mutant for mutant in mutants if room in {None, mutant.room}]


def table(tally: Tally, rooms: Sequence[str], there: Counter) -> str:
    """Return the table by room; `there` counts the changes that could be made."""
    rows = [("room", "possible", "tried", "noticed", "late", "missed", "no test", "listed", "of 100")]
    for room in (*rooms, None):
        parts = (tally.noticed, tally.timed_out, tally.missed, tally.unreached, tally.listed)
        noticed, late, missed, unreached, listed = (len(_of(room, part)) for part in parts)
        tried = noticed + missed
        rate = f"{tally.rate(room):.1f}" if tried else "-"
        possible = there[room] if room else there.total()
        rows.append((room or "all", possible, tried, noticed, late, missed, unreached, listed, rate))
    return "\n".join("".join(f"{cell:>9}" for cell in row) for row in rows)


def survivor(mutant: Mutant, why: str) -> str:
    """Return one change as a diff, under where it stands."""
    before, after = mutant.module.code.splitlines(), mutant.text().splitlines()
    diff = [
        row for row in difflib.unified_diff(before, after, n=0, lineterm="") if not row.startswith(("---", "+++", "@@"))
    ]
    return "\n".join([f"{mutant.path}:{mutant.line}: {mutant.operator}, {why}", *(f"  {row}" for row in diff)])
