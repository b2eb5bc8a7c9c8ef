"""All kinds of sources: each module of this package that defines `SOURCE` is one."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from wizard import reading, sources
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.sources.contract import Likeness, OpenedSource, Source
from wizard.sources.material import Material, material


@cache
def all_sources() -> tuple[Source, ...]:
    """Return every kind, in the order of the modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__))
    modules = [importlib.import_module(f"{sources.__name__}.{name}") for name in names]
    return tuple(module.SOURCE for module in modules if hasattr(module, "SOURCE"))


def read(path: Path, title: str) -> OpenedSource:
    """Read the plan from what lies at `path`; raises SourceError, and OSError where it cannot be read."""
    try:
        with material(path, title) as found, reading.guarded(title):
            return _kind_of(found).read(found)
    except reading.UnreadableError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=title, reason=error.strerror)) from None


def _kind_of(found: Material) -> Source:
    likest = max(all_sources(), key=lambda source: source.likeness(found))  # the first of several alike
    if likest.likeness(found) is Likeness.NO:
        raise SourceError(tr("{name} is nothing that a plan can be read from.", name=found.title))
    return likest
