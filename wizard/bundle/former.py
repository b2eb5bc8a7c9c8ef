"""Exporting over a former bundle: what an admin added outside the marked blocks goes on into the new files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wizard.bundle import manifest, marked
from wizard.bundle.files import BundleFile


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
