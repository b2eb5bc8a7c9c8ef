"""Where what is accepted of a source stands, what of it counts, and how it is taken back."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.acceptance import beside, note_accepted
from wizard.app.bundle_files import look_at
from wizard.app.export import ExportError, export
from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.bundle_files import State
from wizard.formats import cluster_file
from wizard.formats.cluster_file.accepted import with_accepted
from wizard.formats.files import SourceError
from wizard.guide.accepting import where
from wizard.plan.accepted import Accepted
from wizard.plan.bundle_names import ACCEPTED
from wizard.plan.finding import Severity

LONG, OTHER = (Accepted("redis.connect", role, Severity.FAIL, "known") for role in ("cache", "lock"))
SHORT = replace(LONG, severity=Severity.WARN)


@pytest.mark.parametrize("opened", ["out", "out.zip", "out/cluster.yaml", "out/env/cluster.env"])
def test_nothing_is_noted_in_an_exported_bundle_and_that_is_said(tmp_path, opened):
    export(good_plan(), SECRETS, tmp_path / ("out.zip" if opened == "out.zip" else "out"))
    found = open_source(str(tmp_path / opened))
    assert found.accepts_in is None
    assert "with the saved cluster alone, and an export takes it along" in where(found.title, found.accepts_in)


def test_what_the_command_line_accepted_of_a_bundle_is_nothing_foreign_in_it_and_stays_there(tmp_path):
    out = tmp_path / "out"
    export(good_plan(), SECRETS, out)
    (out / ACCEPTED).write_text(with_accepted("", [LONG]))
    assert {file.state for file in look_at(out)} == {State.SAME}
    (out / "README.md").write_text("changed by hand")
    assert export(good_plan(), SECRETS, out).kept == tmp_path / "out.kept-1"
    assert open_source(str(out)).plan.accepted == (LONG,)
    assert open_source(str(out)).accepts_in == out / ACCEPTED
    assert [file.path for file in look_at(out) if file.state is not State.SAME] == []
    (out / "env" / ACCEPTED).write_text("")
    assert [file.path for file in look_at(out) if file.state is State.FOREIGN] == [f"env/{ACCEPTED}"]
    with pytest.raises(ExportError, match=f"env/{ACCEPTED}"):
        export(good_plan(), SECRETS, out)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A bundle that was put together by hand, of which two findings are accepted in its cluster file."""
    place = tmp_path / "by-hand"
    place.mkdir()
    (place / "cluster.yaml").write_text(cluster_file.write(replace(good_plan(), accepted=(LONG, OTHER))))
    return place


def test_what_stands_beside_a_cluster_file_wins_over_what_stands_in_it(folder):
    assert open_source(str(folder)).plan.accepted == (LONG, OTHER)
    (folder / ACCEPTED).write_text(with_accepted("", [SHORT]))
    assert open_source(str(folder)).plan.accepted == (OTHER, SHORT)


def test_what_is_withdrawn_is_taken_out_of_each_file_that_has_it(folder):
    (folder / ACCEPTED).write_text(with_accepted("", [SHORT]))
    opened = open_source(str(folder))
    assert opened.accepts_in == folder
    note_accepted(folder, opened.plan.accepted, (OTHER,))
    assert open_source(str(folder)).plan.accepted == (OTHER,)
    note_accepted(folder, (OTHER,), (OTHER, SHORT))
    assert open_source(str(folder)).plan.accepted == (OTHER, SHORT)
    assert open_source(str(folder / "cluster.yaml")).plan.accepted == (OTHER,)


def test_layers_of_compose_have_it_beside_the_first_and_sources_that_complete_one_another_nowhere(tmp_path):
    for name in ("compose.yaml", "compose.prod.yaml"):
        (tmp_path / name).write_text("services:\n  app:\n    image: nocobase/nocobase\n")
    layers = [str(tmp_path / name) for name in ("compose.yaml", "compose.prod.yaml")]
    (tmp_path / "a.env").write_text("DB_HOST=db\n")
    assert open_sources(layers).accepts_in == tmp_path / ACCEPTED
    assert open_sources([layers[0], str(tmp_path / "a.env")]).accepts_in is None


def test_a_file_that_is_no_text_is_told_and_left_as_it_is(tmp_path):
    file = tmp_path / ACCEPTED
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match=r"accepted\.yaml cannot be read: it is not text\."):
        note_accepted(file, (), (LONG,))
    assert file.read_bytes() == b"\xff\xfe\x00"


def test_the_file_goes_with_the_last_that_is_withdrawn_but_never_a_cluster_file(tmp_path):
    file, cluster = tmp_path / ACCEPTED, tmp_path / "c.yaml"
    note_accepted(file, (), (LONG,))
    note_accepted(file, (LONG,), ())
    assert not file.exists()
    cluster.write_text(with_accepted("", [LONG]))
    note_accepted(cluster, (LONG,), ())
    assert cluster.exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions are told so on POSIX alone")
def test_a_file_that_is_there_keeps_its_permissions_also_an_empty_one(tmp_path):
    file = tmp_path / ACCEPTED
    for mode in (0o600, 0o640):
        file.write_text("")
        file.chmod(mode)
        note_accepted(file, (), (LONG,))
        assert file.stat().st_mode & 0o777 == mode


def test_of_a_file_deeper_in_an_exported_bundle_it_stands_at_the_top_of_that(tmp_path):
    out = tmp_path / "out"
    export(good_plan(), SECRETS, out)
    (out / ACCEPTED).write_text(with_accepted("", [LONG]))
    for deeper in ("cluster.yaml", "env", "env/cluster.env"):
        found = open_source(str(out / deeper))
        assert (found.plan.accepted, found.accepts_in) == ((LONG,), out / ACCEPTED)
    assert beside(out / "env" / "cluster.env") == beside(out / "env") == beside(out) == out / ACCEPTED


def test_beside_a_source_is_said_that_it_holds_for_the_whole_folder():
    assert where("a.env", Path("/srv/accepted.yaml")).endswith("It holds for every source in that folder.")
    assert where("c.yaml", Path("/srv/c.yaml")).endswith("where “check” looks for it.")
