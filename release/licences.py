"""The licences of what is shipped: their names and whole texts, from where each package keeps them."""

from __future__ import annotations

import re
import sysconfig
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

UNKNOWN = "unknown"
_TEXTS = re.compile(r"(^|/)(licen[cs]es?/.+|(licen[cs]e|copying|notice|authors)[^/]*)$", re.IGNORECASE)
_COMMON = Path("/usr/share/common-licenses")
_DOC = Path("/usr/share/doc")
_COMMON_OF = {"LGPL-3.0-only": ("LGPL-3", "GPL-3"), "Apache-2.0": ("Apache-2.0",)}
"""The texts in Debian's folder, where a wheel names its licence and has no text: the LGPL adds to the GPL."""
_NAMED = {
    "pyside6_essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "pyrage": "MIT",  # its text says so, its metadata does not
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
}
"""Of several licences the one that is made use of."""
_LONGEST_NAME = 80


@cache
def of_distribution(one: Distribution) -> str:
    """Return the name of a Python package's licence, an SPDX expression where it has one."""
    if named := _NAMED.get(one.name.lower().replace("-", "_")):
        return named
    data = one.metadata
    for name in (*(data.get_all("License-Expression") or ()), *(data.get_all("License") or ())):
        if name.strip() and name.upper() != "UNKNOWN" and "\n" not in name and len(name) <= _LONGEST_NAME:
            return str(name).strip()
    rows = [row.rpartition(" :: ")[2] for row in data.get_all("Classifier") or [] if row.startswith("License ::")]
    return ", ".join(rows) or UNKNOWN


def texts_of(one: Distribution) -> tuple[str, ...]:
    """Return the licence texts that a Python package brings; else those of Debian's common ones that it names."""
    places = sorted(
        Path(str(one.locate_file(file)))
        for file in one.files or ()
        if ".dist-info" in str(file) and _TEXTS.search(str(file).partition(".dist-info/")[2])
    )
    texts = tuple(path.read_text(encoding="utf-8", errors="replace") for path in places if path.is_file())
    return texts or common(of_distribution(one))


def referred_to(text: str) -> list[tuple[str, str]]:
    """Return path and text of each of Debian's common licences that a text refers to."""
    names = {name.rstrip(".") for name in re.findall(rf"{_COMMON}/([\w.-]+)", text)}
    paths = (_COMMON / name for name in sorted(names))
    return [(str(path), path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


def common(name: str) -> tuple[str, ...]:
    """Return the texts of a licence from Debian's folder; none where they are not there."""
    places = (_COMMON / part for part in _COMMON_OF.get(name, ()))
    return tuple(path.read_text(encoding="utf-8") for path in places if path.exists())


def of_interpreter() -> tuple[str, ...]:
    """Return Python's licence text: its own file, or what Debian says of it."""
    folder = Path(sysconfig.get_path("stdlib"))
    own = folder / "LICENSE.txt"
    if own.exists():
        return (own.read_text(encoding="utf-8"),)
    return of_debian(folder.name)


def of_debian(package: str) -> tuple[str, ...]:
    """Return what Debian says of a package's copyright, or of the first that fits a pattern; empty if none is here."""
    paths = sorted(_DOC.glob(f"{package}/copyright"))
    return tuple(path.read_text(encoding="utf-8", errors="replace") for path in paths[:1])


def named_by_debian(package: str) -> str:
    """Return the licences that a package's copyright file names, if it is written to be read by machines."""
    text = "".join(of_debian(package))
    names = {found.strip() for found in re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)}
    return ", ".join(sorted(names)) or "see its text"
