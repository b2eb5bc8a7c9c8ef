"""Runs unit tests against a changed module: in a fork that imports it anew, or in one where it is imported already."""

import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutation.mutants import ROOT, Mutant, module_name

NOT_EXCHANGED = 71  # the code of a trial whose function cannot be exchanged where it is


class _Changed(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = str(ROOT / path), text
        self._name = module_name(path)

    def find_spec(self, fullname, path, target=None):
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(
            fullname,
            self._path,
            loader=_Changed(fullname, self._path, self._text),
            submodule_search_locations=[str(Path(self._path).parent)] if self._path.endswith("__init__.py") else None,
        )


class _Only:
    """Keeps those tests of the files that were asked for, in the order they were asked for."""

    def __init__(self, tests: Collection[str]) -> None:
        self._place = {test: index for index, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self._place), key=lambda i: self._place[i.nodeid])


class Imported:
    """The tests of some files with all that they import, in which the code of functions can be exchanged."""

    def __init__(self, work: Callable[["Imported"], None]) -> None:
        self._work = work
        self._failed = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._functions: dict[str, dict[str, list[FunctionType]]] = defaultdict(lambda: defaultdict(list))
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType):
                path = thing.__code__.co_filename
                self._functions[path][thing.__code__.co_qualname].append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper):
                thing.cache_clear()
        gc.freeze()  # a collection in a fork would copy every page
        self._work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def try_change(self, mutant: Mutant | None, tests: Collection[str]) -> int:
        """Run these tests with the changed code of the one function. Return 1 at the first that fails, and
        `NOT_EXCHANGED` where there is no such function, or its change is not of its code alone."""
        if mutant is not None and not self._exchange(mutant):
            return NOT_EXCHANGED
        items = [self._items[test] for test in tests if test in self._items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return 1
        return 0

    def _exchange(self, mutant: Mutant) -> bool:
        path = str(ROOT / mutant.path)
        above = (code for code in _functions(compile(mutant.text(), path, "exec", dont_inherit=True)))
        code = max((c for c in above if c.co_firstlineno <= mutant.line), key=lambda c: c.co_firstlineno)
        same = [f for f in self._functions[path][code.co_qualname] if f.__code__.co_firstlineno == code.co_firstlineno]
        if any(function.__code__.co_freevars != code.co_freevars for function in same) or self._is_held(mutant, code):
            return False
        for function in same:
            function.__code__ = code
        return bool(same)

    def _is_held(self, mutant: Mutant, code: CodeType) -> bool:
        """Whether a function with the mutant's line was made by this one already, and keeps the code it had."""
        inside = f"{code.co_qualname}.<locals>."
        of_module = self._functions[str(ROOT / mutant.path)].items()
        made = (function.__code__ for name, some in of_module if name.startswith(inside) for function in some)
        return any(mutant.line in {line for *_, line in one.co_lines()} for one in made)


def _functions(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a module's functions and methods, but not of what is inside of these."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and not inner.co_flags & inspect.CO_NEWLOCALS:
            yield from _functions(inner)
        elif isinstance(inner, CodeType) and not inner.co_name.startswith("<"):
            yield inner


def run_tests(files: Collection[str], scratch: Path, *plugins: object, options: Collection[str] = ()) -> int:
    """Run the tests of these files, and return pytest's exit code."""
    # The folder is the fork's own: forks that share one would clear away one another's.
    own = f"--basetemp={scratch / str(os.getpid())}"
    quiet = ["-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    quiet += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # plugins are imported before the fork
    return int(pytest.main([own, *quiet, *options, *files], plugins=list(plugins)))


def try_anew(mutant: Mutant | None, tests: Collection[str], scratch: Path) -> int:
    """Run these tests, the first first, against the change, or against none. Return pytest's exit code."""
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant.path, mutant.text()))
    return run_tests(files_of(tests), scratch, _Only(tests), options=["-x"])


def files_of(tests: Collection[str]) -> list[str]:
    """Return the files that these tests stand in."""
    return list(dict.fromkeys(map(file_of, tests)))


def file_of(test: str) -> str:
    """Return the file that a test stands in."""
    return test.partition("::")[0]
