"""Which files of a folder are a node's: two of one node are refused, and what is left out is named."""

import pytest

from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.observed import Topic

TEXT = "DB_HOST=db\nDB_DIALECT=postgres\n"


@pytest.mark.parametrize(
    "names",
    [("a.env", ".env.a"), ("a.env", "node-a.env"), (".env.a", ".env.node-a"), ("common.env", "a/.env", "node-a/.env")],
)
def test_two_files_that_are_called_after_one_node_are_refused_by_their_names(tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    with pytest.raises(SourceError, match="both called after the node “a”") as told:
        open_source(str(tmp_path))
    assert all(name in str(told.value) for name in names[-2:])


@pytest.mark.parametrize(
    ("names", "left"),
    [
        (("a.env", "b.env", ".env.c"), [".env.c"]),
        ((".env", "a.env", "b.env", "c/.env"), ["a.env", "b.env", "c/.env"]),
        ((".env.a", ".env.b"), []),
        ((".env",), []),
        (("a.env", "b.env", ".env.example"), []),
    ],
)
def test_what_a_folder_has_beside_what_is_read_is_named(tmp_path, names, left):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    plan = open_source(str(tmp_path)).plan
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == left
    [told] = [one.detail for one in rules(plan, {}) if one.id == "plan.followed"] or [""]
    assert told.splitlines() == [
        f"{tmp_path}/{name}: {name} was left out, by its name: if a node gets it, give it as a further source."
        for name in left
    ]


def test_a_file_beside_without_a_variable_of_nocobase_is_nothing_that_was_left_out(tmp_path):
    for name, text in (("a.env", TEXT), (".env.tool", "TOOL=1\n"), (".env.long", "A=" + "x" * 70_000)):
        (tmp_path / name).write_text(text)
    assert open_source(str(tmp_path)).plan.seen(Topic.UNFOLLOWED) == []


def test_files_of_several_nodes_given_one_by_one_are_called_as_in_their_folder(tmp_path):
    for name in ("a/.env", "b/.env", ".env.c", "node-d.env"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT + "APP_PORT=13001\n")
    sources = [str(tmp_path / name) for name in ("a/.env", "b/.env", ".env.c", "node-d.env")]
    assert [node.name for node in open_sources(sources).plan.nodes] == ["a", "b", "c", "d"]
