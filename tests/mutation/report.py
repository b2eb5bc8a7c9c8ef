"""What a run says: a table by room, and each change that no test noticed."""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.mutation import batch, pool
from tests.mutation.mutants import Mutant
from tests.mutation.reach import Reach

WANTED = 85  # of 100 changes
MOST_ODD = 0.01  # of all changes, that could not be tried


@dataclass
class Tally:
    """What became of the changes."""

    killed: list[Mutant] = field(default_factory=list)
    timed_out: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)
    unreached: list[Mutant] = field(default_factory=list)
    listed: list[Mutant] = field(default_factory=list)
    broken: list[Mutant] = field(default_factory=list)
    unfit: list[Mutant] = field(default_factory=list)

    def take(self, mutants: Sequence[Mutant], results: Sequence[tuple[int, bool, int]] | None) -> None:
        """Count what a batch found: the place of a change, whether it was made, and the code of its trial."""
        if results is None:
            self.broken += mutants
            return
        for place, changed, code in results:
            survived = code in {0, batch.NO_TESTS}
            if changed:
                self._of(code, survived=survived).append(mutants[place])
            elif not survived:
                self.unfit.append(mutants[place])

    def _of(self, code: int, *, survived: bool) -> list[Mutant]:
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

    @property
    def odd(self) -> list[Mutant]:
        """Return what says nothing: it could not be tried, or its tests fail without it, too."""
        return [*self.broken, *self.unfit]

    @property
    def tried(self) -> int:
        """Return of how many changes it is known what becomes of them."""
        return len(self.noticed) + len(self.missed) + len(self.listed) + len(self.odd)

    def code(self, *, of_all_tests: bool = True) -> int:
        """Return 0 where enough changes were noticed, 1 where not, 2 where too little is known to say so.

        Where not all tests had a chance to notice a change, too few noticed ones say nothing.
        """
        if not self.noticed or len(self.odd) > MOST_ODD * self.tried:
            return 2
        if self.rate() >= WANTED:
            return 0
        return 1 if of_all_tests else 2

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


def details(tally: Tally, reach: Reach) -> str:
    """Return each change that was not noticed, with the reason, and those of which nothing is known."""
    lines = [survivor(mutant, f"{len(reach.tests(mutant))} tests run it") for mutant in tally.survived]
    lines += [survivor(mutant, "no test runs it") for mutant in tally.unreached]
    lines += [survivor(mutant, "its tests fail without it, too") for mutant in tally.unfit]
    lines += [survivor(mutant, "could not be tried") for mutant in tally.broken]
    return "\n".join(lines)


def survivor(mutant: Mutant, why: str) -> str:
    """Return one change as a diff, under where it stands."""
    before, after = mutant.module.code.splitlines(), mutant.text().splitlines()
    diff = [
        row for row in difflib.unified_diff(before, after, n=0, lineterm="") if not row.startswith(("---", "+++", "@@"))
    ]
    return "\n".join([f"{mutant.path}:{mutant.line}: {mutant.operator}, {why}", *(f"  {row}" for row in diff)])
