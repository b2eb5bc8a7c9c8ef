"""`scripts/mutate`: changes the program in small ways, and counts how many of the changes a unit test notices."""

import argparse
import gc
import hashlib
import json
import os
import random
import secrets
import sys
import tempfile
import time
import tomllib
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from tests.mutation import batch, pool
from tests.mutation.listed import FILE, Listed
from tests.mutation.mutants import ROOT, Mutant, find_mutants, module_name
from tests.mutation.reach import Reach, Watched
from tests.mutation.report import Tally, details, table
from tests.mutation.trial import file_of
from tests.mutation.warm import import_what_is_not_ours

MOST_FAILED = 20
MOST_NAMED = 5
SECONDS = 600
TO_WATCH = 0.5  # of the time, at most: the rest is for the changes
COUNT = 480
KEPT = Path(os.environ.get("NCW_TEST_CACHE", ROOT / ".cache")) / "mutate"


def main() -> int:
    """Run, print, and return 0 where enough changes were noticed, 1 where not, 2 where nothing can be said."""
    asked = _arguments()
    began = time.monotonic()
    until = began + asked.seconds if asked.seconds else float("inf")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutate"]
    rooms = {room: _paths(globs) for room, globs in settings["rooms"].items()}
    listed = Listed(FILE.read_text(encoding="utf-8"))
    if stale := listed.stale({module_name(p): (ROOT / p).read_text() for paths in rooms.values() for p in paths}):
        print("survivors.toml lists what is no longer there:", *stale, sep="\n  ")
        return 2
    gc.disable()  # there are millions of small objects, and none is thrown away
    mutants = [mutant for room, paths in rooms.items() for path in paths for mutant in _mutants(room, path, asked.only)]
    chosen = sample(mutants, asked.seed, asked.count)
    _say(f"{len(mutants)} changes can be made; {len(chosen)} are wanted; seed {asked.seed}", began)
    import_what_is_not_ours(settings["libraries"])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        changed = {str(path) for paths in rooms.values() for path in paths}
        watched = Watched(KEPT / _version(settings["rooms"]), changed)
        reach = Reach(ROOT, chosen, settings["of_tables"])
        enough = began + TO_WATCH * asked.seconds if asked.seconds else until
        unseen = _watch(watched, _files(settings), reach, Path(scratch), asked.jobs, enough)
        _say(f"{len(reach.seconds)} tests watched", began)
        if unseen:
            named = ", ".join(unseen[:MOST_NAMED]) + (", …" if len(unseen) > MOST_NAMED else "")
            print(f"not watched in time, so that what only they notice counts as missed ({len(unseen)}): {named}")
        if reach.failed:
            print("these do not pass without any change and are left out:", *sorted(reach.failed), sep="\n  ")
        if time.monotonic() >= until:
            _say(f"0 of {len(chosen)} tried: the time was over before the tests were watched", began)
            return 2
        if len(reach.failed) > MOST_FAILED or not reach.seconds:
            return 2
        tally = _try(chosen, reach, listed, Path(scratch), asked.jobs, until)
    print(details(tally, reach))
    _say(f"{tally.tried} of {len(chosen)} tried; seed {asked.seed}", began)
    print(table(tally, list(rooms), Counter(mutant.room for mutant in mutants)))
    return tally.code(of_all_tests=not unseen)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("--all", action="store_true", help="try every change, without a bound of time")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"end after so long ({SECONDS})")
    parser.add_argument("--count", type=int, default=COUNT, help=f"try so many changes ({COUNT})")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="which changes: the same ones again")
    parser.add_argument("--only", default="", help="in modules whose path has this in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at once")
    asked = parser.parse_args()
    if asked.all:
        asked.seconds = asked.count = None
    return asked


def _paths(globs: list[str]) -> list[Path]:
    return sorted({path.relative_to(ROOT) for glob in globs for path in ROOT.glob(glob) if path.suffix == ".py"})


def _mutants(room: str, path: Path, only: str) -> list[Mutant]:
    return find_mutants(room, path, (ROOT / path).read_text(encoding="utf-8")) if only in str(path) else []


def _say(what: str, began: float) -> None:
    print(f"[{time.monotonic() - began:4.0f} s] {what}", flush=True)


def _files(settings: dict[str, Any]) -> list[str]:
    """Return the files of tests to watch, and single tests of others: the dearest last, and before them those of the
    whole command line, which take longer for a line than those that call it."""
    left_out, last = set(settings["left_out"]), set(settings["watched_last"])
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "unit").rglob("test_*.py")}
    alone = {test for test in settings["of_tables"] if file_of(test) in left_out}
    return sorted(files - left_out | alone, key=lambda file: (file in last, file.startswith("tests/unit/cli/"), file))


def sample(mutants: list[Mutant], seed: int, count: int | None) -> list[Mutant]:
    """Return so many of the changes, the same for the same seed; those of one module stand together."""
    shuffled = list(mutants)
    random.Random(seed).shuffle(shuffled)
    return sorted(shuffled[:count], key=lambda mutant: (str(mutant.path), mutant.line))


def _version(rooms: dict[str, list[str]]) -> str:
    """Return what tells the records of other rooms, or of another way to watch, from these."""
    ours = b"".join(Path(__file__).with_name(name).read_bytes() for name in ("marks.py", "reach.py"))
    return hashlib.sha256(json.dumps(rooms).encode() + ours).hexdigest()[:8]


def _watch(watched: Watched, files: list[str], reach: Reach, scratch: Path, at_once: int, until: float) -> list[str]:
    """Let `reach` know which tests run what; return the files for which there was no time."""
    stale = [file for file in files if not watched.is_fresh(file)]
    for file in stale:
        watched.place(file).unlink(missing_ok=True)
    job = pool.Job("", partial(watched.watch_all, stale, scratch, at_once, until), float("inf"))
    list(pool.run([job], 1, until))
    for place in map(watched.place, ["", *files]):
        if place.exists():
            reach.add(place)
    return [file for file in files if not watched.place(file).exists()]


def _try(chosen: list[Mutant], reach: Reach, listed: Listed, scratch: Path, at_once: int, until: float) -> Tally:
    """Return what became of the changes, as far as there was time for them."""
    tally = Tally()
    batches = [chosen[first : first + batch.SIZE] for first in range(0, len(chosen), batch.SIZE)]
    random.Random(len(chosen)).shuffle(batches)  # where time ends, no room is left out
    jobs = []
    for number, some in enumerate(batches):
        reached = [mutant for mutant in some if not listed.reason(mutant) and reach.tests(mutant)]
        results = scratch / f"batch-{number}.json"
        run = partial(batch.Batch(reached, reach, scratch, until).run, results)
        jobs.append(pool.Job((some, reached, results), run, float("inf")))
    for (some, reached, results), _ in pool.run(jobs, at_once, until):
        for mutant in some:
            if mutant not in reached:
                (tally.listed if listed.reason(mutant) else tally.unreached).append(mutant)
        tally.take(reached, json.loads(results.read_text(encoding="utf-8")) if results.exists() else None)
        print(f"  {len(tally.noticed)} noticed, {len(tally.missed)} missed", flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(main())
