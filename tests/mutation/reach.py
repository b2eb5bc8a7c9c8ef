"""Which unit tests run which line, and how long each takes."""

import ast
import hashlib
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from tests.mutation import pool
from tests.mutation.marks import Marks
from tests.mutation.mutants import ROOT, Mutant, module_name
from tests.mutation.trial import file_of, run_tests
from tests.mutation.warm import import_what_is_ours

IMPORTED = ""  # in place of a test: what the import runs, a module's top
# Seconds of the processor: a busy machine leaves out no more tests than a quiet one.
LONGEST = 2.0  # a longer test starts programs of its own, which the change does not reach
OF_ONE = 6.0  # of tests for one change
MOST_FILES = 8  # files of tests for a change of a module's top, which are imported for it


class _Watch:
    """Notes what each test runs, how long it takes, and which fail. One that is ended after `limit` took that long."""

    def __init__(self, marks: Marks, limit: float) -> None:
        self._marks = marks
        self._limit = limit
        self.passed: dict[str, frozenset[int]] = {}
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        self._marks.ran.clear()
        began, before = time.monotonic(), _spent()
        result = yield
        took = time.monotonic() - began
        self.seconds[item.nodeid] = took if took >= self._limit else _spent() - before
        self.passed[item.nodeid] = frozenset(self._marks.ran)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class Watched:
    """What was seen of each file of tests, kept until it or what it ran changes.

    `changed` are the modules that are to be changed: of these each line is watched.
    """

    def __init__(self, kept: Path, changed: Collection[str]) -> None:
        self._kept = kept
        self._changed = changed
        kept.mkdir(parents=True, exist_ok=True)

    def place(self, file: str) -> Path:
        """Return where the record of the file, or of the test alone, is or will be."""
        return self._kept / f"{file.replace('/', '+')}.json"

    def is_fresh(self, file: str) -> bool:
        """Whether the file has a record in which all passed, and nothing of what it ran has changed since."""
        if not self.place(file).exists():
            return False
        found = json.loads(self.place(file).read_text(encoding="utf-8"))
        return not found["failed"] and all(_digest(ROOT / path) == digest for path, digest in found["ran"].items())

    def watch_all(self, files: list[str], scratch: Path, at_once: int, until: float) -> int:
        """Import the program once, and watch each file of tests, or a test alone, in a fork of that."""
        marks = Marks(self._changed)
        sys.meta_path.insert(0, marks)
        import_what_is_ours()
        self._write("", marks, {IMPORTED: frozenset(marks.ran)}, {"ran": {}, "seconds": {}, "failed": []})
        jobs = [pool.Job(file, partial(self._watch, file, scratch, marks), 600.0) for file in files]
        return max((code for _, code in pool.run(jobs, at_once, until)), default=0)

    def _watch(self, file: str, scratch: Path, marks: Marks) -> int:
        """Run one file of tests, or one test of it, and write down which lines each test ran."""
        limit = 2 * LONGEST * pool.busy()
        watch = _Watch(marks, limit)
        run_tests([file], scratch, watch, options=["-o", f"timeout={limit}"])
        modules = {marks.place(number)[0] for number in frozenset().union(*watch.passed.values())}
        shared = {str(path.relative_to(ROOT)) for path in _loaded() if _is_shared(path)}
        ran = {path: _digest(ROOT / path) for path in sorted({file_of(file), *shared, *modules})}
        self._write(file, marks, watch.passed, {"ran": ran, "seconds": watch.seconds, "failed": watch.failed})
        return 0

    def _write(self, file: str, marks: Marks, passed: Mapping[str, frozenset[int]], found: Mapping[str, Any]) -> None:
        """Write a record; the tests of a line stand there as numbers, as there are many."""
        lines: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, ran in enumerate(passed.values()):
            for path, here in map(marks.place, ran):
                for line in here:
                    lines[path][line].append(number)
        record = {**found, "tests": list(passed), "lines": lines}
        self.place(file).write_text(json.dumps(record), encoding="utf-8")


def _spent() -> float:
    """Return the seconds of the processor that this process has used, and those that it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _is_shared(path: Path) -> bool:
    """Whether it is a file of ours that tests share; this driver is none."""
    return path.is_relative_to(ROOT / "tests") and not path.is_relative_to(ROOT / "tests" / "mutation")


def _loaded() -> Iterator[Path]:
    for module in list(sys.modules.values()):
        if file := getattr(module, "__file__", None):
            yield Path(file)


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


class Reach:
    """The tests that run a line. A line at a module's top is run by its import, before any test: there they are those
    that run anything of the module, or of a module that imports it; and first the tests `of_tables`, which
    look at every entry of a table."""

    def __init__(self, root: Path, mutants: Iterable[Mutant], of_tables: Collection[str] = ()) -> None:
        self._of_tables = frozenset(of_tables)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(dict)
        self._modules: dict[str, set[str]] = defaultdict(set)
        self._importers = _importers(root)
        for mutant in mutants:  # of other lines nobody will ask
            self._lines[str(mutant.path)] |= {line: set() for line in mutant.lines}

    def add(self, watched: Path) -> None:
        """Take in what was written of one file of tests."""
        found = json.loads(watched.read_text(encoding="utf-8"))
        tests = found["tests"]
        self.seconds |= found["seconds"]
        self.failed.update(test for test in found["failed"] if found["seconds"][test] < 2 * LONGEST)
        for path, lines in found["lines"].items():
            self._modules[path].update(tests[number] for number in set().union(*lines.values()))
            for line, those in self._lines.get(path, {}).items():
                those.update(tests[number] for number in lines.get(str(line), ()))

    def must_be_anew(self, mutant: Mutant) -> bool:
        """Whether an import runs the mutant's line, so that its change shows only where all is imported anew."""
        return mutant.at_import or IMPORTED in self._at(str(mutant.path), mutant.lines)

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a mutant's line, the quickest first, as many as fit into the time of one mutant."""
        path = str(mutant.path)
        exact = self._at(path, mutant.lines)
        if not self.must_be_anew(mutant):
            return self._in_time(exact)
        wide = exact.union(self._of(path), *(self._of(near) for near in self._importers[module_name(mutant.path)]))
        of_file = Counter(file_of(test) for test in (*exact, *self._of(path), *wide) if test)
        files = {file for file, _ in of_file.most_common(MOST_FILES)}
        near = {test for test in wide if file_of(test) in files or self._is_first(test)}
        return self._in_time(near | self._of_tables & self.seconds.keys())

    def _is_first(self, test: str) -> bool:
        """Whether a test looks at every entry of a table; in the list it stands without its parameters."""
        return test.partition("[")[0] in self._of_tables

    def _at(self, path: str, lines: Iterable[int]) -> set[str]:
        known = self._lines.get(path, {})
        return set().union(*(known.get(line, set()) for line in lines))

    def _of(self, path: str) -> set[str]:
        return self._modules.get(path, set())

    def _in_time(self, tests: set[str]) -> list[str]:
        chosen, spent = [], 0.0
        usable = (test for test in tests - self.failed if test != IMPORTED and self.seconds[test] <= LONGEST)
        for test in sorted(usable, key=lambda test: (not self._is_first(test), self.seconds[test], test)):
            spent += self.seconds[test]
            if spent > OF_ONE:
                break
            chosen.append(test)
        return chosen


def _importers(root: Path) -> dict[str, set[str]]:
    """Return for each module of ours the paths of the modules that import it, or a name out of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted((root / "wizard").rglob("*.py")):
        here = str(path.relative_to(root))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    found[name].add(here)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.name].add(here)
    return found
