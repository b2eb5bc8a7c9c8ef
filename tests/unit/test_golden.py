"""Bundles, ids and JSON are as they were; a change that is wanted is renewed by `python -m tests.golden` and read."""

from __future__ import annotations

import functools

import pytest

from tests.golden import FOLDER, golden_files

PATHS = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}
)
made = functools.cache(golden_files)


@pytest.mark.parametrize("path", PATHS)
def test_it_is_as_it_was(path):
    assert made()[path] == (FOLDER / path).read_text(encoding="utf-8")


def test_nothing_is_new_or_gone():
    assert sorted(made()) == PATHS
