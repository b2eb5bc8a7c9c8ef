"""`scripts/mutate`: changes the program in small ways, and counts how many of the changes a unit test notices."""

import argparse
import importlib
import itertools
import json
import os
import random
import secrets
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

from tests.mutation import batch, pool
from tests.mutation.listed import FILE, Listed
from tests.mutation.mutants import ROOT, Mutant, find_mutants, module_name
from tests.mutation.reach import Reach, Watched
from tests.mutation.report import WANTED, Tally, survivor, table

LONGEST = 2.0  # seconds; a longer test starts programs of its own, which the change does not reach
MOST_FAILED = 20
OF_ONE = 10.0  # seconds of tests for one change
LIBRARIES = """
PySide6.QtTest PySide6.QtWidgets anyio._backends._asyncio certifi compose_spec crossplane cryptography.x509
cryptography.hazmat.primitives.serialization dotenv h11 http.server httpx hypothesis.strategies idna
importlib.resources jeepney.io.blocking jinja2 keyring kubernetes_validate pdb pika platformdirs psutil psycopg pymysql
redis ruamel.yaml statistics trustme websockets.sync.client
"""


def main() -> int:
    """Run, print, and return 0 where enough changes were noticed, 1 where not, 2 where nothing can be said."""
    asked = _arguments()
    began = time.monotonic()
    until = began + asked.seconds if asked.seconds else float("inf")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutate"]
    rooms = settings["rooms"]
    mutants = [m for room, globs in rooms.items() for path in _paths(globs) for m in _mutants(room, path, asked.only)]
    listed = Listed(FILE.read_text(encoding="utf-8"))
    texts = {module_name(path): (ROOT / path).read_text() for globs in rooms.values() for path in _paths(globs)}
    if stale := listed.stale(texts):
        print("survivors.toml lists what is no longer there:", *stale, sep="\n  ")
        return 2
    there = Counter(mutant.room for mutant in mutants)
    _say(f"{len(mutants)} changes can be made; seed {asked.seed}", began)
    _import_what_is_not_ours()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        reach = _watch(_files(settings["left_out"]), Path(scratch), asked.jobs)
        _say(f"{len(reach.seconds)} tests watched", began)
        if reach.failed:
            print(
                f"{len(reach.failed)} do not pass without any change and are left out:",
                *sorted(reach.failed),
                sep="\n  ",
            )
        if len(reach.failed) > MOST_FAILED or not reach.seconds:
            return 2
        random.Random(asked.seed).shuffle(mutants)
        tally, unfit = _try(mutants, reach, listed, Path(scratch), asked, until)
    for mutant in tally.survived:
        print(survivor(mutant, f"{len(reach.tests(mutant))} tests run it"))
    for mutant in tally.unreached:
        print(survivor(mutant, "no test runs it"))
    for mutant in unfit:
        print(survivor(mutant, "its tests fail without it, too"))
    for mutant in tally.broken:
        print(survivor(mutant, "could not be tried"))
    _say(f"done; seed {asked.seed}", began)
    print(table(tally, list(rooms), there))
    if unfit or tally.broken or not tally.noticed:
        return 2
    return 0 if tally.rate() >= WANTED else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("--all", action="store_true", help="try every change, without a bound of time")
    parser.add_argument("--seconds", type=float, default=600, help="end after so long (600)")
    parser.add_argument("--count", type=int, help="try so many changes")
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


def _import_what_is_not_ours() -> None:
    """Import what each fork would import again: libraries, but nothing of ours, which a fork must find changed."""
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for name in LIBRARIES.split():
        importlib.import_module(name)


def _files(left_out: list[str]) -> list[str]:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "unit").rglob("test_*.py")}
    return sorted(files - set(left_out))


def _watch(files: list[str], scratch: Path, at_once: int) -> Reach:
    """Return which tests run what."""
    watched = Watched(ROOT / ".cache" / "mutate")
    missing = [file for file in files if not watched.place(file).exists()]
    jobs = (pool.Job(file, partial(watched.watch, file, scratch), 600) for file in missing)
    for _ in pool.run(jobs, at_once, float("inf")):
        pass
    reach = Reach(ROOT, LONGEST, OF_ONE)
    for place in map(watched.place, files):
        if place.exists():
            reach.add(place)
    return reach


def _try(mutants, reach: Reach, listed: Listed, scratch: Path, asked, until: float) -> tuple[Tally, list[Mutant]]:
    """Return what became of the changes, and those whose tests fail without them."""
    tally = Tally()
    unfit: list[Mutant] = []
    waiting = iter(mutants[: asked.count])

    def jobs() -> Iterator[pool.Job]:
        for number in itertools.count():
            some = list(itertools.islice(waiting, batch.SIZE))
            if not some:
                return
            tally.listed += (known := [mutant for mutant in some if listed.reason(mutant)])
            tally.unreached += (alone := [m for m in some if m not in known and not reach.tests(m)])
            chosen = [mutant for mutant in some if mutant not in (*known, *alone)]
            results = scratch / f"batch-{number}.json"
            yield pool.Job((chosen, results), partial(batch.Batch(chosen, reach, scratch).run, results), float("inf"))

    for (chosen, results), _ in pool.run(jobs(), asked.jobs, until):
        if not results.exists():
            tally.broken += chosen
            continue
        for place, changed, code in json.loads(results.read_text(encoding="utf-8")):
            survived = code in {0, batch.NO_TESTS}
            if not changed:
                unfit += [] if survived else [chosen[place]]
            else:
                tally.of(code, survived=survived).append(chosen[place])
        print(f"  {len(tally.noticed)} noticed, {len(tally.missed)} missed", flush=True)
    return tally, unfit


if __name__ == "__main__":
    sys.exit(main())
