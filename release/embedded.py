"""What wheels have of others': as release/embedded.toml says, and as the lists of some of them do (PEP 770)."""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from release import licences
from release.component import Component

_FOLDER = Path(__file__).parent
_ALSO = {"Apache-2.0": _FOLDER.parent / "LICENSE"}
"""Whole texts that stand elsewhere than in release/texts."""
_NOTE = """\
The wheel of {title} names these and has no text of their licences. Names, authors and licences are as it
gives them; the texts below are those that the licences have everywhere."""


def demand_known(path: Path) -> None:
    """Raise LookupError where a wheel has this shared library from somebody else and nobody knows from whom."""
    if "site-packages" in path.parts and ".libs" in path.parent.name and not _fitting("library", path):
        raise LookupError(f"{path.name} is not in release/embedded.toml")


def of_files(files: Mapping[Path, Distribution]) -> set[Component]:
    """Return what these files of wheels are or hold. One file of a library may tell the version for the others."""
    found = {part for path, owner in files.items() for part in _of_file(path, owner)}
    told = {(one.name, one.within) for one in found if one.version}
    return {one for one in found if one.version or (one.name, one.within) not in told}


def of_wheel(one: Distribution) -> Iterator[Component]:
    """Return what a wheel's own lists name that is compiled into it and is not there as a file of its own."""
    listed = [part for part in _listed(one) if _is_here(part)]
    text = _texts_of_listed(one, listed)
    for part in listed:
        address = part["purl"].partition("@")[0]
        kind = address.removeprefix("pkg:").partition("/")[0]
        known = _table()["listed"].get(address, {})
        texts = _texts(known) or (text,)
        name = known.get("name", part["name"])
        licence = known.get("licence") or _licence(part)[0]
        yield Component(name, part.get("version", ""), kind, licence, texts, f"{one.name} {one.version}")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((_FOLDER / "embedded.toml").read_text(encoding="utf-8"))


def _fitting(kind: str, path: Path) -> list[dict[str, Any]]:
    return [row for row in _table()[kind] if any(fnmatch(path.name, pattern) for pattern in row["files"])]


def _of_file(path: Path, owner: Distribution) -> Iterator[Component]:
    for row in [*_fitting("library", path)[:1], *_fitting("inside", path)]:
        within = f"{owner.name} {owner.version}"
        yield Component(row["name"], _version(row, path, owner), "generic", row["licence"], _texts(row), within)


def _version(row: Mapping[str, Any], path: Path, owner: Distribution) -> str:
    """Return the version that the file or its wheel tells, or an empty text."""
    if wanted := row.get("listed"):
        return next((str(part["version"]) for part in _listed(owner) if part["name"] == wanted), "")
    if expression := row.get("version-of-name"):
        told = re.search(expression, path.name)
        return told.group(1) if told else ""
    if expression := row.get("version"):
        found = re.search(expression.encode(), path.read_bytes())
        return found.group(1).decode() if found else ""
    return ""


def _texts(row: Mapping[str, Any]) -> tuple[str, ...]:
    if name := row.get("text"):
        return ((_FOLDER / "texts" / name).read_text(encoding="utf-8"),)
    return licences.of_debian(row["debian"]) if "debian" in row else ()


def _listed(one: Distribution) -> list[dict[str, Any]]:
    """Return the components of the lists in CycloneDX' format that a wheel brings."""
    places = [Path(str(one.locate_file(file))) for file in one.files or () if file.parent.name == "sboms"]
    lists = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(places) if path.suffix == ".json"]
    return [part for read in lists if read.get("bomFormat") == "CycloneDX" for part in read.get("components", ())]


def _is_here(part: Mapping[str, Any]) -> bool:
    """Whether it is compiled in: not a tool of the build, nor the wheel itself, nor a file or for another system."""
    other = _table()["other-systems"].get(sys.platform, ())
    compiled = str(part.get("purl", "")).startswith(("pkg:cargo/", "pkg:generic/"))
    return compiled and part.get("scope") != "excluded" and not any(fnmatch(part["name"], one) for one in other)


def _licence(part: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a licence, and its text where the list has it."""
    for row in part.get("licenses", ()):
        if expression := row.get("expression"):
            return str(expression), ""
        named = row["license"]
        encoded = named.get("text", {})
        text = base64.b64decode(encoded.get("content", "")).decode() if encoded.get("encoding") == "base64" else ""
        first = text.strip().partition("\n")[0]
        return str(named.get("id") or _table()["first-lines"].get(first) or named.get("name", licences.UNKNOWN)), text
    return licences.UNKNOWN, ""


def _texts_of_listed(one: Distribution, listed: Iterable[Mapping[str, Any]]) -> str:
    """Return one text for all that a wheel lists: who made each, its licence, and the licences' texts."""
    rows: list[str] = []
    names: set[str] = set()
    texts: dict[str, str] = {}
    for part in sorted(listed, key=lambda part: (canonicalize_name(part["name"]), part.get("version", ""))):
        name, text = _licence(part)
        by = f", by {part['author']}" if part.get("author") else ""
        rows.append(f"{part['name']} {part.get('version', '')}{by}: {name}")
        names |= set(re.findall(r"[\w.-]+", name))
        texts |= {name: text} if text else {}
    texts |= {name: path.read_text(encoding="utf-8") for name in sorted(names) if (path := _standard(name)).is_file()}
    chapters = (f"--- {name} ---\n\n{text.strip()}" for name, text in sorted(texts.items()))
    return "\n\n".join((_NOTE.format(title=f"{one.name} {one.version}"), "\n".join(rows), *chapters))


def _standard(name: str) -> Path:
    return _ALSO.get(name, _FOLDER / "texts" / f"{name}.txt")
