"""All kinds of sources: each module of this package that defines `SOURCE` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from wizard import reading, sources
from wizard.formats.allowance import allowance, refuse_many_nodes
from wizard.formats.files import SourceError
from wizard.plan.i18n import tr
from wizard.sources.contract import Likeness, OpenedSource, Source
from wizard.sources.material import Material, material

_MOST_LOOKED_AT = 20
"""Files of an archive that are looked at for the one that is a source."""


def all_sources() -> Iterator[Source]:
    """Return every kind, in the order of the modules' names; each is loaded when its turn comes."""
    for name in sorted(module.name for module in pkgutil.iter_modules(sources.__path__)):
        module = importlib.import_module(f"{sources.__name__}.{name}")
        if hasattr(module, "SOURCE"):
            yield module.SOURCE


def read(path: Path, title: str) -> OpenedSource:
    """Read the plan from what lies at `path`; raises SourceError, and OSError where it cannot be read."""
    try:
        with material(path, title) as found, reading.guarded(title), allowance(title):
            return _read(found)
    except reading.UnreadableError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=title, reason=error.strerror)) from None


def layered(path: Path, title: str) -> bool:
    """Whether a file is of a kind that reads several as layers, each of which overrides those before it."""
    if not path.is_file():
        return False
    try:
        with material(path, title) as found:
            return hasattr(_kind_of(found), "read_layers")
    except (OSError, SourceError):
        return False


def read_layers(paths: Sequence[Path], titles: Sequence[str]) -> OpenedSource:
    """Read the plan of several files of one kind that are layers; raises SourceError, and OSError."""
    with ExitStack() as stack:
        found = [stack.enter_context(material(path, title)) for path, title in zip(paths, titles, strict=True)]
        kind: Any = _kind_of(found[0])
        try:
            with reading.guarded(found[0].title), allowance(found[0].title):
                opened = _of_few_nodes(kind.read_layers(found))
        except reading.UnreadableError as error:
            reason = error.strerror
            raise SourceError(tr("{name} cannot be read: {reason}.", name=titles[0], reason=reason)) from None
    return opened


def read_material(found: Material) -> OpenedSource:
    """Read the plan from what is at hand already; raises SourceError."""
    try:
        with reading.guarded(found.title), allowance(found.title):
            return _of_few_nodes(_kind_of(found).read(found))
    except reading.UnreadableError as error:
        raise SourceError(tr("{name} cannot be read: {reason}.", name=found.title, reason=error.strerror)) from None


def _read(found: Material) -> OpenedSource:
    found = _lone(found)
    return _of_few_nodes(_kind_of(found).read(found))


def _of_few_nodes(opened: OpenedSource) -> OpenedSource:
    refuse_many_nodes(len(opened.plan.nodes))
    return opened


def _lone(found: Material) -> Material:
    """Return the file of an archive that is no source as a whole and holds one that is; else the archive as it is.

    What lies beside such a file may be anything; one that is merely known, and refused by its name, has to be alone.
    """
    if not found.archive or _likest(found)[1] > Likeness.FALLBACK:
        return found
    beside = found.inner and len(found.packed) > 1  # the `.env` of a folder that was packed as a whole
    names = [name for name in found.names if not (beside and name.startswith(".env"))]
    files = [found.member(name) for name in names[:_MOST_LOOKED_AT]]
    known = [file for file in files if _likest(file)[1] is Likeness.SURE]
    if not known and len(found.packed) == 1:
        known = [file for file in files if _likest(file)[1] is Likeness.LIKELY]
    return known[0] if len(known) == 1 else found


def _kind_of(found: Material) -> Source:
    likest, _likeness = _likest(found)
    if likest is None:
        raise SourceError(tr("{name} is nothing that a plan can be read from.", name=found.title))
    return likest


def _likest(found: Material) -> tuple[Source | None, Likeness]:
    likest: Source | None = None
    likeness = Likeness.NO
    for source in all_sources():
        if (its_own := source.likeness(found)) > likeness:  # the first of several alike
            likest, likeness = source, its_own
        if likeness is Likeness.SURE:
            break
    return likest, likeness
