"""All kinds of sources: each module of this package that defines `SOURCE` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from wizard import reading, sources
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.sources.contract import Likeness, OpenedSource, Source
from wizard.sources.material import Material, material


def all_sources() -> Iterator[Source]:
    """Return every kind, in the order of the modules' names; each is loaded when its turn comes."""
    for name in sorted(module.name for module in pkgutil.iter_modules(sources.__path__)):
        module = importlib.import_module(f"{sources.__name__}.{name}")
        if hasattr(module, "SOURCE"):
            yield module.SOURCE


def read(path: Path, title: str) -> OpenedSource:
    """Read the plan from what lies at `path`; raises SourceError, and OSError where it cannot be read."""
    try:
        with material(path, title) as found, reading.guarded(title):
            return _kind_of(found).read(found)
    except reading.UnreadableError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=title, reason=error.strerror)) from None


def _kind_of(found: Material) -> Source:
    likest: Source | None = None
    likeness = Likeness.NO
    for source in all_sources():
        if source.likeness(found) > likeness:  # the first of several alike
            likest, likeness = source, source.likeness(found)
        if likeness is Likeness.SURE:
            break
    if likest is None:
        raise SourceError(tr("{name} is nothing that a plan can be read from.", name=found.title))
    return likest
