"""A few dozen changes, tried one after another in forks of one process."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.mutation import pool
from tests.mutation.mutants import Mutant
from tests.mutation.reach import Reach
from tests.mutation.trial import Imported, files_of, run_tests, try_anew

SIZE = 60
NO_TESTS = 5  # pytest's code
BROKEN = 70  # a fork that ended by a fault of this driver


class Batch:
    """Changes with their places in the sample; and, after the first of each kind, a trial without a change."""

    def __init__(self, mutants: Sequence[Mutant], reach: Reach, scratch: Path) -> None:
        self._mutants, self._reach, self._scratch = mutants, reach, scratch
        self._results: list[tuple[int, bool, int]] = []

    def run(self, results: Path) -> int:
        """Try each change, in a fork of a process without anything of ours; write (place, changed, code) as JSON."""
        apart = {place for place, mutant in enumerate(self._mutants) if self._reach.must_be_anew(mutant)}
        rest = set(range(len(self._mutants))) - apart
        self._collect(self._jobs(apart, lambda mutant, tests: try_anew(mutant, tests, self._scratch)))
        files = files_of([test for place in sorted(rest) for test in self._reach.tests(self._mutants[place])])
        if files:
            run_tests(files, self._scratch, Imported(lambda them: self._collect(self._jobs(rest, them.try_change))))
        results.write_text(json.dumps(self._results), encoding="utf-8")
        return 0

    def _jobs(self, places, work) -> Iterator[pool.Job]:
        for number, place in enumerate(sorted(places)):
            mutant = self._mutants[place]
            tests = self._reach.tests(mutant)
            seconds = 10 + 4 * sum(self._reach.seconds[test] for test in tests)
            yield pool.Job((place, True), lambda m=mutant, t=tests: work(m, t), seconds)
            if number == 0:
                yield pool.Job((place, False), lambda t=tests: work(None, t), 4 * seconds)

    def _collect(self, jobs: Iterator[pool.Job]) -> None:
        self._results += [(*about, code) for about, code in pool.run(jobs, 1, float("inf"))]
