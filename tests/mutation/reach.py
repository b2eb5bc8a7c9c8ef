"""Which unit tests run which line, and how long each takes."""

import ast
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from coverage import Coverage

from tests.mutation.mutants import ROOT, Mutant, module_name
from tests.mutation.trial import run_tests

IMPORTED = ""  # coverage's context of what runs outside of every test: a module's top


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
    """What was seen of each file of tests, kept until the program, the file or what tests share changes."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        kept.mkdir(parents=True, exist_ok=True)
        shared = [
            p for room in ("wizard", "tests") for p in (ROOT / room).rglob("*.py") if not p.name.startswith("test_")
        ]
        self._shared = _digest(*shared)

    def place(self, file: str) -> Path:
        """Return where the file's record is, or will be."""
        digest = hashlib.sha256((self._shared + _digest(ROOT / file)).encode()).hexdigest()
        return self._kept / f"{file.replace('/', '+')}.{digest[:16]}.json"

    def watch(self, file: str, scratch: Path) -> int:
        """Run one file of tests and write down which lines each test ran."""
        coverage = Coverage(data_file=None, source=[str(ROOT / "wizard")], config_file=False)
        coverage.start()
        watch = _Watch(coverage)
        code = run_tests([file], scratch, watch)
        coverage.stop()
        data = coverage.get_data()
        lines = {str(Path(path).relative_to(ROOT)): data.contexts_by_lineno(path) for path in data.measured_files()}
        found = {"seconds": watch.seconds, "failed": watch.failed, "lines": lines}
        for former in self._kept.glob(f"{file.replace('/', '+')}.*"):
            former.unlink()
        self.place(file).write_text(json.dumps(found), encoding="utf-8")
        return code


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path}\0".encode() + path.read_bytes())
    return digest.hexdigest()


class Reach:
    """The tests that run a line. A line at a module's top is run by its import, before any test: there they are those
    that run anything of the module, or of a module that imports it."""

    def __init__(self, root: Path, longest: float, total: float) -> None:
        self._total = total
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._importers = _importers(root)
        self._longest = longest

    def add(self, watched: Path) -> None:
        """Take in what was written of one file of tests."""
        found = json.loads(watched.read_text(encoding="utf-8"))
        self.seconds |= found["seconds"]
        self.failed.update(found["failed"])
        for path, lines in found["lines"].items():
            for line, tests in lines.items():
                self._lines[path][int(line)].update(tests)

    def must_be_anew(self, mutant: Mutant) -> bool:
        """Whether an import runs the mutant's line, so that its change shows only where all is imported anew."""
        return mutant.at_import or IMPORTED in self._at(str(mutant.path), mutant.lines)

    def tests(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a mutant's line, the quickest first, as many as fit into the time of one mutant."""
        path = str(mutant.path)
        exact = self._at(path, mutant.lines)
        wide = set()
        if self.must_be_anew(mutant):
            wide = set().union(*(self._of(near) for near in (path, *self._importers[module_name(mutant.path)])))
        ordered = [*self._in_time(exact), *(test for test in self._in_time(wide) if test not in exact)]
        chosen, spent = [], 0.0
        for test in ordered:
            spent += self.seconds[test]
            if spent > self._total:
                break
            chosen.append(test)
        return chosen

    def _at(self, path: str, lines: Iterable[int]) -> set[str]:
        known = self._lines.get(path, {})
        return set().union(*(known.get(line, set()) for line in lines))

    def _of(self, path: str) -> set[str]:
        return self._at(path, self._lines.get(path, {}))

    def _in_time(self, tests: set[str]) -> list[str]:
        usable = (test for test in tests - self.failed if test != IMPORTED)
        return sorted((t for t in usable if self.seconds[t] <= self._longest), key=lambda t: (self.seconds[t], t))


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
