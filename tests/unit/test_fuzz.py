"""Every reader takes or refuses any content, and breaks on none: what is kept, what is near it, what is generated."""

import random
import re
from itertools import islice
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

from tests.fuzz.corpus import changed, kept
from tests.fuzz.folders import FOLDERS
from tests.fuzz.loop import LONGEST, TooSlowError, target, tried
from tests.fuzz.readers import READERS
from tests.fuzz.shapes import PIECES, USED_AGAIN

FUZZ = Path(__file__).parents[1] / "fuzz"
CHANGES = 12
SHORT = [piece for piece in PIECES if len(piece) < 100]


def near(name):
    """Return contents near those that are kept for a reader, always the same."""
    chance, known = random.Random(name), kept(name)
    while True:
        yield changed(chance.choice(known), chance, LONGEST)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_breaks_on_nothing_that_is_kept_for_it_nor_near_that(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    contents = [*kept(name), *islice(near(name), CHANGES)]
    assert len(contents) > CHANGES + 1, "nothing is kept for it"
    assert tried(name, contents, tmp_path) == len(contents)


def contents(name):
    """Return a strategy: any bytes, or pieces that readers open, close and count, also within what is kept."""
    pieces = st.lists(st.sampled_from(SHORT), max_size=20).map(b"".join)
    inside = st.builds(
        lambda one, at, more: one[: at % (len(one) + 1)] + more + one[at % (len(one) + 1) :],
        st.sampled_from(kept(name)),
        st.integers(0, LONGEST),
        pieces,
    )
    return st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-16")), pieces, inside
    )


@pytest.mark.parametrize("name", READERS)
def test_a_reader_breaks_on_nothing_that_is_generated(tmp_path_factory, name):
    once = target(name, tmp_path_factory.mktemp("generated"))

    @hypothesis.settings(deadline=None, max_examples=15, database=None, derandomize=True)
    @hypothesis.given(contents(name))
    def holds(data):
        once(data)

    holds()


def test_what_breaks_a_reader_ends_the_fuzzing_and_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(READERS, "env", READERS["env"].__class__("a.env", lambda path: path.read_bytes().index(b"x")))
    with pytest.raises(ValueError, match="subsection not found"):
        tried("env", [b"x", b"y", b"x"], tmp_path)
    assert Path("crash-env").read_bytes() == b"y"


def test_what_takes_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.fuzz.loop.MOST_SECONDS", -1.0)
    with pytest.raises(TooSlowError):
        target("env", tmp_path)(b"A=1\n")


FOUND = [row.split(" | ") for row in (FUZZ / "FOUND.md").read_text().splitlines() if row.startswith("| ")]
KEPT = [kept for row in FOUND if len(row) == 3 for kept in re.findall(r"`([^`]+)`", row[2])]


@pytest.mark.parametrize("kept", sorted(set(KEPT)))
def test_what_was_found_is_kept_where_the_list_says(kept):
    if kept in FOLDERS or kept in USED_AGAIN:
        return
    path, _colons, name = kept.partition("::")
    file = FUZZ.parents[1] / path if path.startswith("tests/") else FUZZ / path
    assert file.is_file()
    assert f"def {name}" in file.read_text() or not name


def test_each_guided_run_that_is_noted_is_of_a_reader_and_has_its_figures():
    runs = {row[1]: row[2:] for row in FOUND if len(row) == 5 and row[1] != "reader"}
    assert set(runs) <= set(READERS)
    assert all(figure.replace(",", "").isdecimal() for *figures, _came in runs.values() for figure in figures)
