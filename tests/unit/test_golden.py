"""Bundles, ids and JSON are as they were; a change that is wanted is renewed by `python -m tests.golden` and read."""

from __future__ import annotations

import pytest

from tests.golden import FOLDER, bundle_of, golden_files, ids, report, written
from tests.unit.test_examples import EXAMPLES
from wizard.formats.files import SecretsMode


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_bundle_is_as_it_was(name):
    assert bundle_of(name, SecretsMode.REFERENCE) == written(name, SecretsMode.REFERENCE)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_bundle_with_its_secrets_is_as_it_was(name):
    made = bundle_of(name, SecretsMode.INLINE)
    was = written(name, SecretsMode.REFERENCE) | written(name, SecretsMode.INLINE)
    assert made == {path: was.get(path) for path in made}


@pytest.mark.parametrize(("path", "make"), [("ids.txt", ids), ("report.json", report)])
def test_what_programs_read_is_as_it_was(path, make):
    assert make() == (FOLDER / path).read_text(encoding="utf-8")


def test_nothing_is_new_or_gone():
    there = sorted(
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    )
    assert sorted(golden_files()) == there
