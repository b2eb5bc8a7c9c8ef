"""Which unit tests run which line, and how long each takes."""

import ast
import hashlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from tests.mutation import pool
from tests.mutation.mutants import ROOT, Mutant, module_name
from tests.mutation.trial import file_of, run_tests
from tests.mutation.warm import import_what_is_ours

IMPORTED = ""  # coverage's context of what runs outside of every test: a module's top
LONGEST = 2.0  # seconds; a longer test starts programs of its own, which the change does not reach
OF_ONE = 6.0  # seconds of tests for one change
MOST_FILES = 8  # files of tests for a change of a module's top, which are imported for it


class _Watch:
    """Tells coverage which test runs, and notes how long each takes and which fail."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        self._coverage.switch_context(item.nodeid)
        began = time.monotonic()
        result = yield
        self.seconds[item.nodeid] = time.monotonic() - began
        self._coverage.switch_context(IMPORTED)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class Watched:
    """What was seen of each file of tests, kept until it or what it ran changes."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        kept.mkdir(parents=True, exist_ok=True)

    def place(self, file: str) -> Path:
        """Return where the file's record is, or will be."""
        return self._kept / f"{file.replace('/', '+')}.json"

    def is_fresh(self, file: str) -> bool:
        """Whether the file has a record, and nothing of what it ran has changed since."""
        if not self.place(file).exists():
            return False
        ran = json.loads(self.place(file).read_text(encoding="utf-8"))["ran"]
        return all(_digest(ROOT / path) == digest for path, digest in ran.items())

    def watch_all(self, files: list[str], scratch: Path, at_once: int, until: float) -> int:
        """Import the program once, and watch each file of tests in a fork of that."""
        coverage = Coverage(data_file=None, source=[str(ROOT / "wizard")], config_file=False)
        coverage.start()
        import_what_is_ours()
        jobs = [pool.Job("", partial(self._note_import, coverage), 600.0)]
        jobs += [pool.Job(file, partial(self._watch, file, scratch, coverage), 600.0) for file in files]
        return max((code for _, code in pool.run(jobs, at_once, until)), default=0)

    def _note_import(self, coverage: Coverage) -> int:
        """Write down what the import alone runs."""
        coverage.stop()
        self._write("", {"ran": {}, "seconds": {}, "failed": []}, _lines(coverage))
        return 0

    def _watch(self, file: str, scratch: Path, coverage: Coverage) -> int:
        """Run one file of tests and write down which lines each test ran."""
        watch = _Watch(coverage)
        run_tests([file], scratch, watch, options=["-o", f"timeout={2 * LONGEST}"])
        coverage.stop()
        lines = {path: ran for path, rows in _lines(coverage).items() if (ran := _in_tests(rows))}
        shared = {str(path.relative_to(ROOT)) for path in _loaded() if _is_shared(path)}
        ran = {path: _digest(ROOT / path) for path in sorted({file, *shared, *lines})}
        self._write(file, {"ran": ran, "seconds": watch.seconds, "failed": watch.failed}, lines)
        return 0

    def _write(self, file: str, found: dict[str, Any], lines: dict[str, dict[int, list[str]]]) -> None:
        """Write a record; the tests of a line stand there as numbers, as there are many."""
        number = {test: place for place, test in enumerate([IMPORTED, *found["seconds"]])}
        numbered = {
            path: {n: [number[test] for test in run] for n, run in rows.items()} for path, rows in lines.items()
        }
        self.place(file).write_text(json.dumps(found | {"tests": list(number), "lines": numbered}), encoding="utf-8")


def _lines(coverage: Coverage) -> dict[str, dict[int, list[str]]]:
    data = coverage.get_data()
    return {str(Path(path).relative_to(ROOT)): data.contexts_by_lineno(path) for path in data.measured_files()}


def _in_tests(rows: dict[int, list[str]]) -> dict[int, list[str]]:
    """Return the lines that tests ran themselves, not the imports that came before them."""
    only = {line: [test for test in tests if test != IMPORTED] for line, tests in rows.items()}
    return {line: tests for line, tests in only.items() if tests}


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
    that run anything of the module, or of a module that imports it."""

    def __init__(self, root: Path) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._importers = _importers(root)

    def add(self, watched: Path) -> None:
        """Take in what was written of one file of tests."""
        found = json.loads(watched.read_text(encoding="utf-8"))
        self.seconds |= found["seconds"]
        self.failed.update(test for test in found["failed"] if found["seconds"][test] < 2 * LONGEST)
        for path, lines in found["lines"].items():
            for line, numbers in lines.items():
                self._lines[path][int(line)].update(found["tests"][number] for number in numbers)

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
        return self._in_time({test for test in wide if file_of(test) in files})

    def _at(self, path: str, lines: Iterable[int]) -> set[str]:
        known = self._lines.get(path, {})
        return set().union(*(known.get(line, set()) for line in lines))

    def _of(self, path: str) -> set[str]:
        return self._at(path, self._lines.get(path, {}))

    def _in_time(self, tests: set[str]) -> list[str]:
        chosen, spent = [], 0.0
        usable = (test for test in tests - self.failed if test != IMPORTED and self.seconds[test] <= LONGEST)
        for test in sorted(usable, key=lambda test: (self.seconds[test], test)):
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
