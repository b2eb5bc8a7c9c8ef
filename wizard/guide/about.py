"""What this program is and runs on, for people and for those who help them. Knows no Qt, and no secret."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from wizard import __version__, resources
from wizard.pattern import pattern
from wizard.plan import i18n
from wizard.plan.i18n import listing, tr
from wizard.program_name import PROGRAM

LICENCES = "shipped/licences.txt"
"""Of an application that was built: a table, an empty line, and each whole text. Made by release/bill.py."""
_NAME = pattern(r"[A-Za-z0-9._-]+")
_LICENCE = "Apache-2.0"


def versions(**more: str) -> Mapping[str, str]:
    """Return the versions of the program and what it runs on; `more` are those that a face adds (`Qt="6.8.0"`)."""
    return {
        tr("NocoBase Cluster Wizard"): __version__,
        "Python": platform.python_version(),
        **more,
        tr("System"): platform.platform(),
        tr("Language"): i18n.language(),
    }


def for_support(**more: str) -> str:
    """Return the versions as lines of text."""
    return "\n".join(f"{name}: {version}" for name, version in versions(**more).items())


def licences() -> str:
    """Return what this installation is made of, a line each with its licence, and where the whole texts are."""
    path = resources.path(LICENCES)
    if path.exists():
        table = resources.text(LICENCES).partition("\n\n")[0]
        return "\n\n".join((table, tr("The whole texts are in {path}.", path=path)))
    return "\n".join((f"{PROGRAM} {__version__}: {_LICENCE}", *sorted(_of_packages(), key=str.casefold)))


def _of_packages() -> Iterator[str]:
    """Return the Python packages that are asked for and are here."""
    try:
        asked = distribution(PROGRAM).requires or []
    except PackageNotFoundError:  # a checkout that was never installed
        return
    for name in {found[0] for line in asked if "extra ==" not in line and (found := _NAME.match(line))}:
        try:
            one = distribution(name)
        except PackageNotFoundError:  # another system's, or Qt where there is no window
            continue
        yield f"{one.name} {one.version}: {_licence_of(one)}"


def _licence_of(one: Distribution) -> str:
    for field in ("License-Expression", "License"):
        for text in one.metadata.get_all(field) or ():
            if "\n" not in text:
                return str(text)
    found = [row.rpartition(" :: ")[2] for row in one.metadata.get_all("Classifier") or () if row.startswith("License")]
    return listing(found) or tr("unknown")
