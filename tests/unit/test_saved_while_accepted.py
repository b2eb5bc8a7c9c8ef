"""A cluster that is saved while another program accepted a finding of it: the save keeps what is accepted."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.unit.plans import good_plan
from wizard.app.saved_clusters import Library
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.plan.accepted import Accepted
from wizard.plan.finding import Severity
from wizard.storage.saved_clusters import Workspace

KNOWN = Accepted("plan.value", "a", Severity.FAIL, "known")
AGAIN = replace(KNOWN, reason="known for longer", until=date(2999, 1, 1))
OTHER = Accepted("redis.connect", "", Severity.WARN, "a test cluster")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(Workspace(tmp_path))
    library.save(replace(good_plan(), accepted=(KNOWN,)))
    return library


def accept_elsewhere(folder: Path, *accepted: Accepted) -> None:
    """Accept these, and nothing else, as another program does it."""
    Workspace(folder).change(good_plan().id, lambda text: with_accepted(text, accepted))


@pytest.mark.parametrize("accepted", [(), (KNOWN, OTHER), (AGAIN,), (OTHER, AGAIN)])
def test_a_save_of_what_was_read_from_there_keeps_what_was_accepted_or_taken_back_meanwhile(
    library, tmp_path, accepted
):
    mine = library.open(good_plan().id).plan.with_text("database.name", "mine")
    accept_elsewhere(tmp_path, *accepted)
    kept = library.save(mine, known=replace(mine, accepted=(KNOWN,)))
    assert kept == library.open(mine.id).plan
    assert (kept.accepted, kept.text("database.name")) == (accepted, "mine")


def test_a_save_of_what_came_from_elsewhere_adds_what_is_accepted_there(library, tmp_path):
    accept_elsewhere(tmp_path, KNOWN, OTHER)
    kept = library.save(replace(good_plan(), accepted=(AGAIN,)))
    assert kept == library.open(kept.id).plan
    assert kept.accepted == (AGAIN, OTHER)


@pytest.mark.parametrize("known", [None, replace(good_plan(), accepted=(KNOWN,))])
@pytest.mark.parametrize("former", [b"accepted: 1\n", b"a: [", b"\xff", None])
def test_a_save_over_a_file_that_cannot_be_read_or_is_gone_keeps_what_the_plan_accepts(
    library, tmp_path, former, known
):
    mine = library.open(good_plan().id).plan
    file = tmp_path / mine.id / "cluster.yaml"
    if former is None:
        file.unlink()
    else:
        file.write_bytes(former)
    library.save(mine, known=known)
    assert library.open(mine.id).plan.accepted == (KNOWN,)
