"""Exporting over a former bundle: what an admin added outside the marked blocks goes on into the new files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from wizard.bundle import manifest, marked
from wizard.bundle.files import BundleFile


def predecessors(files: Iterable[BundleFile], former: Collection[str]) -> dict[str, str]:
    """Give the former place of each file with a marked block, by its new one; `former` are the paths of all such.

    A cluster that was renamed has its file under another name in the same folder.
    """
    fresh = [file.path for file in files if marked.split(file.text)]
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
    parts = marked.split(text)
    return parts is not None and bool((parts[0] + parts[2]).strip())


def keep_own_lines(files: Iterable[BundleFile], former: Mapping[str, str], cluster: str) -> tuple[BundleFile, ...]:
    """Give a bundle's files with the admin's own lines out of the `former` texts (by path), and a manifest that fits.

    `cluster` is the plan's id.
    """
    kept = [
        replace(file, text=marked.merge(former[file.path], file.text)) if file.path in former else file
        for file in files
        if file.path != manifest.PATH
    ]
    kept.append(BundleFile(manifest.PATH, manifest.render(kept, cluster)))
    return tuple(sorted(kept, key=lambda file: file.path))


def only_around(text: str, block: str) -> bool:
    """Whether a file's marked block is as it was exported (`block` is its digest), whatever stands around it."""
    parts = marked.split(text)
    return parts is not None and manifest.sha256(parts[1]) == block
