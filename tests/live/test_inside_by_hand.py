"""Facts that the script told in each node, collected by hand and judged without asking any node."""

import json
import os

import pytest

from tests.servers import inside
from wizard.app.inside import from_inside
from wizard.checks.inside.fingerprints import id_of
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

pytestmark = pytest.mark.live
PASS, FAIL, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.UNKNOWN
KEY = "5b" * 32


def _documents(cluster, key=KEY):
    found = {}
    for name, place in cluster.places.items():
        asked = {"key": key, "key_id": id_of(Secret(key)), "node": name}
        found[f"{name}.json"] = inside.gathered(place, **asked)
    return found


def test_they_are_compared_with_one_another_without_the_key(cluster):
    cluster.env["node2"]["APP_KEY"] = "another-key-that-is-long-enough-0123456789"
    with cluster.running():
        found = cluster.look(_documents(cluster))
    assert found["inside.app_key"].severity is FAIL
    assert found["inside.app_key"].facts == {"odd": ["node2"], "as_planned": False}
    assert found["inside.variables"].severity is PASS


def test_they_are_compared_with_the_plan_where_the_key_is_kept(cluster):
    cluster.env["node1"]["APP_KEY"] = "another-key-that-is-long-enough-0123456789"
    with cluster.running():
        documents = _documents(cluster)
        found = cluster.look(documents, keys=lambda _identifier: Secret(KEY))
    assert found["inside.app_key"].facts == {"odd": ["node1"], "as_planned": True}


def test_what_takes_all_nodes_at_once_is_unknown(cluster):
    with cluster.running():
        found = cluster.look(_documents(cluster))
    unknown = {"inside.storage", "inside.locks", "inside.clocks", "inside.endpoints"}
    assert {key for key, one in found.items() if one.severity is UNKNOWN} == unknown


def test_two_storages_are_told_apart_by_what_lies_there(cluster):
    own = cluster.places["node2"].storage
    cluster.env["node2"]["STORAGE_PATH"] = str(own)
    for number, folder in enumerate((cluster.storage, own)):
        (folder / ".license").mkdir()
        file = folder / ".license" / "instance-id"
        file.write_text("the same")
        os.utime(file, (1_700_000_000 + number, 1_700_000_000 + number))
    with cluster.running():
        found = cluster.look(_documents(cluster))
    assert found["inside.storage"].severity is FAIL


def test_a_file_that_is_something_else_is_unknown(cluster):
    found = cluster.look({"node1.json": {"kind": "else"}, "node2.json": [1]})
    assert found["inside.answers", "node1.json"].severity is UNKNOWN
    assert "it is not what the script writes" in found["inside.answers", "node1.json"].summary


def test_a_node_without_a_file_is_unknown(cluster):
    with cluster.running():
        documents = _documents(cluster)
        del documents["node2.json"]
        found = cluster.look(documents)
    assert found["inside.answers", "node2"].severity is UNKNOWN
    assert found["inside.package"].severity is UNKNOWN


def test_one_file_may_tell_of_several_nodes_with_the_words_of_their_logins(cluster, tmp_path):
    with cluster.running():
        documents = _documents(cluster)
        file = tmp_path / "facts.txt"
        lines = [json.dumps(document, separators=(",", ":")) for document in documents.values()]
        file.write_text("\n".join(["Welcome to Debian", lines[0], "{goodbye}", "Welcome to Debian", lines[1], ""]))
        asked = from_inside([str(file)], nodes=False)
        assert [document["node"] for _name, document in asked.collected] == ["node1", "node2"]
        (tmp_path / "none.txt").write_text("Welcome to Debian\n{not quite")
        with pytest.raises(SourceError, match="it is no JSON"):
            from_inside([str(tmp_path / "none.txt")], nodes=False)
