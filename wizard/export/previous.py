"""Exporting over a former bundle: what an admin added around marked blocks or filled in goes on in the new files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from pathlib import PurePosixPath

from wizard.dataclass import dataclass
from wizard.export import manifest
from wizard.formats import marked_block
from wizard.formats.dotenv.filled import emptied, fill, filled
from wizard.formats.files import BundleFile


@dataclass(frozen=True, slots=True)
class PreviousFile:
    """A file of the former bundle as it lies there, beside what its manifest says.

    `block` is the digest of its marked block, `empty` that of the file with its `placeholders` (whole lines) in place.
    """

    text: str = field(repr=False)
    block: str = ""
    empty: str = ""
    placeholders: tuple[str, ...] = ()

    def filled(self) -> dict[str, str]:
        """Return the lines that were filled in, by the names of their variables."""
        return filled(self.text, self.placeholders)

    def only_filled(self) -> bool:
        """Whether nothing was done to the file but filling in."""
        return bool(self.empty) and manifest.sha256(emptied(self.text, self.placeholders)) == self.empty


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A new bundle's files with what goes on in them.

    `places` are the former places of files with a marked block. `carried` are the former files of which all that was
    done by hand is in the new ones, `precious` those that hold more of an admin's than that; `only_filled` those to
    which nothing was done but filling in. `filled` and `lost` are the variables, by path, that were filled in and are
    taken over, or are not.
    """

    files: tuple[BundleFile, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()
    precious: frozenset[str] = frozenset()
    only_filled: frozenset[str] = frozenset()
    filled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def take_over(files: Iterable[BundleFile], former: Mapping[str, PreviousFile]) -> TakenOver:
    """Return a bundle's `files` with what they take over from the `former` ones, by path, and a manifest that fits."""
    files = tuple(files)
    own = {path: file for path, file in former.items() if file.block}
    places = predecessors(files, own)
    values = {path: lines for path, file in former.items() if (lines := file.filled())}
    new = {file.path: file for file in files}
    lost = {path: tuple(lines) for path, lines in values.items() if path not in new}
    taken: dict[str, tuple[str, ...]] = {}
    for path, lines in values.items():
        if path in new:
            new[path], gone = _fill(new[path], lines)
            lost |= {path: gone} if gone else {}
            taken |= {path: kept} if (kept := tuple(name for name in lines if name not in gone)) else {}
    for path, old in places.items():
        new[path] = replace(new[path], text=marked_block.merge(own[old].text, new[path].text))
    around = {old for old in places.values() if only_around(own[old].text, own[old].block)}
    only_filled = frozenset(path for path in values if former[path].only_filled())
    foundlings = {path for path, file in own.items() if path not in places.values() and has_own_lines(file.text)}
    return TakenOver(
        _with_manifest(new),
        places,
        only_filled - lost.keys() | around,
        frozenset(foundlings | lost.keys()),
        only_filled,
        taken,
        lost,
    )


def _fill(file: BundleFile, lines: Mapping[str, str]) -> tuple[BundleFile, tuple[str, ...]]:
    text, gone = fill(file.text, lines)
    return (file if text == file.text else replace(file, text=text, secret=True, empty=file.text)), gone


def _with_manifest(files: Mapping[str, BundleFile]) -> tuple[BundleFile, ...]:
    listed = [file for file in files.values() if file.path != manifest.PATH]
    own = files[manifest.PATH]
    return tuple(sorted((*listed, replace(own, text=manifest.renewed(own.text, listed))), key=lambda file: file.path))


def predecessors(files: Iterable[BundleFile], former: Collection[str]) -> dict[str, str]:
    """Return the former place of each file with a marked block, by its new one; `former` are the paths of all such.

    A cluster that was renamed has its file under another name in the same folder.
    """
    fresh = [file.path for file in files if marked_block.split(file.text)]
    found = {}
    for path in fresh:
        beside = [old for old in former if old not in fresh and PurePosixPath(old).parent == PurePosixPath(path).parent]
        if path in former:
            found[path] = path
        elif len(beside) == 1:
            found[path] = beside[0]
    return found


def has_own_lines(text: str) -> bool:
    """Whether something stands around the file's marked block."""
    parts = marked_block.split(text)
    return parts is not None and bool((parts[0] + parts[2]).strip())


def only_around(text: str, block: str) -> bool:
    """Whether a file's marked block is as it was exported (`block` is its digest), whatever stands around it."""
    parts = marked_block.split(text)
    return parts is not None and manifest.sha256(parts[1]) == block
