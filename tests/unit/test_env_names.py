"""Which files of a folder are a node's: two of one node are refused, and what is left out is named."""

import pytest

from wizard.app.open_source import open_source, open_sources
from wizard.checks.plan.rules import rules
from wizard.formats import dotenv
from wizard.formats.files import SourceError
from wizard.plan.observed import Topic, Unfollowed

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
        ((".env", ".env.a", ".env.b", ".env.example"), [".env.a", ".env.b"]),
        ((".env.a", ".env.production", ".env.local"), [".env.local", ".env.production"]),
        (("env.a", "env.b", "env.js", "env.sample"), []),
        (("a.env", "example.env", "prod.env", "crm.sample.env"), ["prod.env"]),
        (("a/crm.env", "b/crm.env", "c/one.env", "c/two.env"), ["c/one.env", "c/two.env"]),
    ],
)
def test_what_a_folder_has_beside_what_is_read_is_named(tmp_path, names, left):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("export default {}\n" if name.endswith(".js") else TEXT)
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


@pytest.mark.parametrize(
    ("names", "nodes"),
    [
        (("env.a", "env.b", "env.common"), ["a", "b"]),
        (("a/crm.env", "b/.env", "common.env"), ["a", "b"]),
        (("CRM1.shop.lan.env", "node-crm2.shop.lan.env"), ["crm1-shop-lan", "crm2-shop-lan"]),
        (("production.env",), ["production"]),
    ],
)
def test_a_node_is_called_after_its_file_or_its_folder(tmp_path, names, nodes):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    opened = open_source(str(tmp_path))
    assert [node.name for node in opened.plan.nodes] == nodes
    assert dotenv.node_names(opened.plan) == tuple(nodes)


def test_the_env_file_of_the_database_beside_is_no_nodes(tmp_path):
    (tmp_path / "app.env").write_text(TEXT)
    (tmp_path / "postgres.env").write_text("POSTGRES_USER=crm\nPOSTGRES_PASSWORD=pw\n")
    assert [node.name for node in open_source(str(tmp_path)).plan.nodes] == ["app"]


@pytest.mark.parametrize(
    "names", [(".env.a.prod", ".env.b.prod"), ("a.env.prod",), ("a.txt",), ("dev.env", "prod.env")]
)
def test_a_folder_without_a_file_that_is_called_after_a_node_is_refused_with_those_that_give_variables(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text(TEXT)
    with pytest.raises(SourceError, match=f"Variables of NocoBase stand in {', '.join(names)}: give each as a source"):
        open_source(str(tmp_path))


@pytest.mark.parametrize(("count", "left"), [(500, []), (501, ["all"])])
@pytest.mark.parametrize("common", [".env", "common.env"])
def test_a_folder_of_more_folders_than_are_looked_into_is_named(tmp_path, common, count, left):
    for number in range(count):
        (tmp_path / "all" / f"n{number:03}").mkdir(parents=True)
    for name in ("n000/.env", "n001/.env", common):
        (tmp_path / "all" / name).write_text(TEXT)
    plan = open_source(str(tmp_path / "all")).plan
    assert [one.subject for one in plan.seen(Topic.UNFOLLOWED) if one.value == Unfollowed.MANY] == left
    [told] = [one.detail for one in rules(plan, {}) if one.id == "plan.followed"] or [""]
    assert ("has more folders in it than are looked into" in told) is bool(left)
