"""A few dozen changes, tried one after another in forks of one process."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.mutation import pool
from tests.mutation.mutants import Mutant
from tests.mutation.reach import Reach
from tests.mutation.trial import NOT_EXCHANGED, Imported, files_of, run_tests, try_anew
from tests.mutation.warm import import_what_is_ours

SIZE = 40
NO_TESTS = 5  # pytest's code
BROKEN = 70  # a fork that ended by a fault of this driver
LONGEST = 600.0  # seconds for all that are tried in one process


class Batch:
    """Changes with their places in the sample; and, after the first of each kind, a trial without a change."""

    def __init__(self, mutants: Sequence[Mutant], reach: Reach, scratch: Path, until: float) -> None:
        self._mutants, self._reach, self._scratch, self._until = mutants, reach, scratch, until

    def run(self, results: Path) -> int:
        """Try each change, as long as there is time; write (place, changed, code) as JSON.

        What only functions hold is exchanged in a process that has imported all; the rest is imported anew, changed.
        """
        places = range(len(self._mutants))
        warm = [place for place in places if not self._reach.must_be_anew(self._mutants[place])]
        done: list[tuple[int, bool, int]] = []
        if files := files_of([test for place in warm for test in self._reach.tests(self._mutants[place])]):
            job = pool.Job(None, partial(self._exchange, warm, files, results), LONGEST)
            list(pool.run([job], 1, self._until))
            done = [tuple(one) for one in json.loads(results.read_text())] if results.exists() else []
        done = [one for one in done if one[2] != NOT_EXCHANGED]
        tried = {place for place, changed, _ in done if changed}
        cold = [place for place in places if place not in tried]
        done += self._collect(cold, lambda mutant, tests: try_anew(mutant, tests, self._scratch))
        results.write_text(json.dumps(done), encoding="utf-8")
        return 0

    def _exchange(self, places: Sequence[int], files: Sequence[str], results: Path) -> int:
        import_what_is_ours()

        def work(them: Imported) -> None:
            results.write_text(json.dumps(self._collect(places, them.try_change)), encoding="utf-8")

        return run_tests(files, self._scratch, Imported(work))

    def _collect(self, places: Iterable[int], work: Callable[[Mutant | None, list[str]], int]) -> list:
        return [(*about, code) for about, code in pool.run(self._jobs(places, work), 1, self._until)]

    def _jobs(self, places: Iterable[int], work: Callable[[Mutant | None, list[str]], int]) -> Iterator[pool.Job]:
        for number, place in enumerate(places):
            mutant = self._mutants[place]
            tests = self._reach.tests(mutant)
            seconds = 15 + 4 * sum(self._reach.seconds[test] for test in tests)
            yield pool.Job((place, True), partial(work, mutant, tests), seconds)
            if number == 0:
                yield pool.Job((place, False), partial(work, None, tests), 4 * seconds)
