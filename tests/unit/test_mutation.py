"""What the driver of `scripts/mutate` counts and chooses."""

import os
import signal
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation import batch, pool
from tests.mutation.__main__ import _files, _paths, _watch, sample
from tests.mutation.listed import FILE, Listed
from tests.mutation.mutants import ROOT, find_mutants, module_name
from tests.mutation.reach import Reach, Watched
from tests.mutation.report import Tally, table
from tests.mutation.trial import Imported
from tests.patience import wait_until

TEXT = "LIMIT = 3\n\n\ndef over(value):\n    return value > LIMIT and value != 7\n"
MUTANTS = find_mutants("judges", Path("wizard/checks/judge.py"), TEXT)


def tally(killed=0, survived=0, odd=0):
    made = Tally()
    made.killed += MUTANTS[:1] * killed
    made.survived += MUTANTS[:1] * survived
    made.broken += MUTANTS[:1] * odd
    return made


def test_every_small_change_of_a_text_is_made_once():
    assert [mutant.rows() for mutant in MUTANTS] == [
        ("LIMIT = 3", "LIMIT = 4"),
        ("return value > LIMIT and value != 7", "return value > LIMIT or value != 7"),
        ("return value > LIMIT and value != 7", "return value > LIMIT"),
        ("return value > LIMIT and value != 7", "return value != 7"),
        ("return value > LIMIT and value != 7", "return value >= LIMIT and value != 7"),
        ("return value > LIMIT and value != 7", "return value > LIMIT and value == 7"),
        ("return value > LIMIT and value != 7", "return value > LIMIT and value != 8"),
    ]
    assert [mutant.at_import for mutant in MUTANTS] == [True] + [False] * 6


def test_a_seed_chooses_the_same_changes_again():
    first = [mutant.rows() for mutant in sample(MUTANTS, 7, 4)]
    assert [mutant.rows() for mutant in sample(MUTANTS, 7, 4)] == first
    assert len({tuple(mutant.rows() for mutant in sample(MUTANTS, seed, 3)) for seed in range(20)}) > 5
    assert sorted(mutant.rows() for mutant in sample(MUTANTS, 7, None)) == sorted(mutant.rows() for mutant in MUTANTS)


def row(line, becomes):
    return (
        f'[[survivor]]\nmodule = "wizard.checks.judge"\nline = {line!r}\nbecomes = {becomes!r}\nreason = "So it is."\n'
    )


def test_a_listed_change_is_known_by_its_rows_alone():
    listed = Listed(row("LIMIT = 3", "LIMIT = 4"))
    assert [listed.reason(mutant) for mutant in MUTANTS[:2]] == ["So it is.", None]


def test_a_row_whose_line_is_gone_or_whose_module_is_gone_is_stale():
    listed = Listed(row("LIMIT = 3", "LIMIT = 4") + row("LIMIT = 9", "LIMIT = 8"))
    assert listed.stale({"wizard.checks.judge": TEXT}) == ["wizard.checks.judge: LIMIT = 9"]
    assert len(listed.stale({})) == 2


def test_what_became_of_a_change_is_counted_by_the_code_of_its_trial():
    made = Tally()
    codes = [1, 0, batch.NO_TESTS, pool.TIMED_OUT, batch.BROKEN, 2]
    made.take(MUTANTS, [(place, True, code) for place, code in enumerate(codes)])
    assert made.killed == [MUTANTS[0], MUTANTS[5]]
    assert made.survived == [MUTANTS[1], MUTANTS[2]]
    assert (made.timed_out, made.broken, made.unfit) == ([MUTANTS[3]], [MUTANTS[4]], [])
    assert (len(made.noticed), len(made.missed), made.tried, made.rate()) == (3, 2, 6, 60.0)


def test_a_trial_without_a_change_counts_only_where_its_tests_fail():
    made = Tally()
    made.take(MUTANTS, [(0, False, 0), (1, False, 1)])
    assert (made.unfit, made.noticed, made.missed) == ([MUTANTS[1]], [], [])


def test_a_batch_that_left_no_results_could_not_be_tried():
    made = Tally()
    made.take(MUTANTS[:2], None)
    assert (made.broken, made.code()) == (MUTANTS[:2], 2)


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ((85, 15, 0), 0),
        ((84, 16, 0), 1),
        ((0, 0, 0), 2),
        ((0, 9, 0), 2),
        ((99, 0, 1), 0),
        ((97, 0, 1), 2),
        ((100, 0, 2), 2),
    ],
)
def test_85_of_100_are_enough_and_one_of_100_may_be_odd(counts, code):
    assert tally(*counts).code() == code


@pytest.mark.parametrize(("counts", "code"), [((85, 15, 0), 0), ((84, 16, 0), 2)])
def test_where_not_all_tests_were_watched_too_few_noticed_changes_say_nothing(counts, code):
    assert tally(*counts).code(of_all_tests=False) == code


def test_a_file_for_which_there_was_no_time_is_named_and_what_was_seen_of_it_once_is_gone(tmp_path):
    file, watched = "tests/unit/test_about.py", Watched(tmp_path, set())
    watched.place(file).write_text('{"failed": ["once"], "ran": {}}', encoding="utf-8")
    assert _watch(watched, [file], Reach(tmp_path, []), tmp_path, 1, time.monotonic()) == [file]
    assert not watched.place(file).exists()


def test_what_is_watched_last_stands_last_and_of_what_is_left_out_single_tests_are_watched():
    first, last = "tests/unit/test_mutation.py", "tests/unit/test_about.py"
    alone = ["tests/unit/test_bundle.py::test_a", "tests/unit/test_mutation.py::test_b"]
    found = _files({"left_out": ["tests/unit/test_bundle.py"], "watched_last": [last], "of_tables": alone})
    assert found[-1] == last
    assert [file.startswith("tests/unit/cli/") for file in (found[0], found[-2])] == [False, True]
    assert {first, alone[0]} <= set(found)
    assert not {"tests/unit/test_bundle.py", alone[1]} & set(found)


def test_the_table_has_a_row_for_each_room_and_one_for_all():
    made = tally(3, 1)
    made.listed += MUTANTS[:1]
    rows = table(made, ["rules", "judges"], Counter(rules=4, judges=7)).splitlines()
    assert [line.split() for line in rows[1:]] == [
        ["rules", "4", "0", "0", "0", "0", "0", "0", "-"],
        ["judges", "7", "4", "3", "0", "1", "0", "1", "75.0"],
        ["all", "11", "4", "3", "0", "1", "0", "1", "75.0"],
    ]


class TestForks:
    def ended(self, *jobs, until=float("inf")):
        return sorted(pool.run(jobs, 2, until))

    def test_a_fork_gives_its_code_and_one_that_breaks_gives_its_own(self):
        jobs = [pool.Job("three", lambda: 3, 30), pool.Job("broken", lambda: 1 // 0, 30)]
        assert self.ended(*jobs) == [("broken", batch.BROKEN), ("three", 3)]

    def test_a_fork_that_takes_too_long_is_ended_with_all_that_it_started(self):
        def hangs():
            os.fork()
            return signal.pause() or 0

        assert self.ended(pool.Job("hangs", hangs, 0.2)) == [("hangs", pool.TIMED_OUT)]

    def test_a_fork_that_takes_too_much_of_the_processor_is_ended(self):
        def turns():
            while True:
                pass

        assert self.ended(pool.Job("turns", turns, 1)) == [("turns", pool.TIMED_OUT)]

    def test_a_fork_ends_with_the_process_that_made_it_however_that_comes(self):
        reading, writing = os.pipe()

        def leaves_one():
            pid = pool._fork(pool.Job("waits", lambda: signal.pause() or 0, 600))
            os.write(writing, str(pid).encode())
            os.kill(os.getpid(), signal.SIGKILL)

        assert self.ended(pool.Job("leaves", leaves_one, 600)) == [("leaves", signal.SIGKILL)]
        left = int(os.read(reading, 20))
        assert wait_until(lambda: not _runs(left))

    def test_none_begins_when_the_time_is_over(self):
        assert self.ended(pool.Job("late", lambda: 0, 30), until=time.monotonic()) == []


def _runs(pid):
    """Whether a process is there and has not ended; one whose parent is gone may be left as a name alone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


MADE = """\
def limit(most):
    most += 1

    def over(value):
        return value > most

    return over


over_three = limit(3)
"""


def test_a_function_that_another_one_made_keeps_its_code_so_that_its_change_is_tried_anew():
    path, made = Path("wizard/made.py"), {}
    exec(compile(MADE, str(ROOT / path), "exec"), made)
    imported = Imported(lambda _: None)
    functions = [made["limit"], made["over_three"]]
    imported._functions = {str(ROOT / path): {one.__code__.co_qualname: [one] for one in functions}}
    exchanged = {mutant.line: imported._exchange(mutant) for mutant in find_mutants("rules", path, MADE)}
    assert {line: exchanged[line] for line in (2, 5)} == {2: True, 5: False}


@pytest.mark.parametrize("call", ['tr("a {b}", b=1)', 'trn("{count} a", "{count} b", count=1)', 'mark("a")'])
def test_words_for_people_are_left_alone(call):
    assert find_mutants("rules", Path("wizard/words.py"), f"A = {call}\n") == []


def test_every_survivor_that_is_listed_still_stands_in_the_code():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutate"]
    paths = [path for globs in settings["rooms"].values() for path in _paths(globs)]
    listed = Listed(FILE.read_text(encoding="utf-8"))
    assert listed.stale({module_name(path): (ROOT / path).read_text(encoding="utf-8") for path in paths}) == []
