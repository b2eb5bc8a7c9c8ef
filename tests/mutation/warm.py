"""What a process imports before it is forked, so that no fork has to do it again."""

import importlib
import sys
import warnings
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path

import hypothesis

from tests import texts
from tests.mutation.mutants import ROOT, module_name


def import_what_is_not_ours(libraries: Iterable[str]) -> None:
    """Import libraries, but nothing of ours, which a fork must find changed; values are made up the same each time."""
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for name in libraries:
        importlib.import_module(name)
    texts.known_and_written()
    for name in [name for name in sys.modules if name.partition(".")[0] == "wizard"]:
        del sys.modules[name]
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, max_examples=20)
    hypothesis.settings.load_profile("mutants")


def import_what_is_ours() -> None:
    """Import the program but for its window: what is imported only when it is needed stands ready, too."""
    for path in sorted((ROOT / "wizard").rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if parts[1] != "gui" and path.name != "__main__.py":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(module_name(Path(*parts)))
