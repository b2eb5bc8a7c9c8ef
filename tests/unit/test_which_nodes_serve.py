"""Which nodes serve: asked once a run, whichever checks want to know."""

import pytest

from wizard.checks.cluster import fan_out
from wizard.checks.cluster.fan_out import Serving
from wizard.checks.node.target import Target as Node
from wizard.engine.sockets import Scope
from wizard.net.http import Reply

NODES = tuple(Node(name=name, host="127.0.0.1", port=port, public_path="/") for name, port in (("a", 1), ("b", 2)))


@pytest.fixture
def asked(monkeypatch):
    """The names of nodes that were asked; b does not serve."""
    names = []

    def health(node):
        names.append(node.name)
        return Reply(200, {}, b"ok") if node.name == "a" else Reply(503)

    monkeypatch.setattr(fan_out, "_health", health)
    return names


def test_each_node_is_asked_once_whoever_wants_to_know(asked):
    serving = Serving(NODES)
    assert [serving(), serving(), serving()] == [NODES[:1]] * 3
    assert sorted(asked) == ["a", "b"]


def test_nobody_is_asked_before_somebody_wants_to_know(asked):
    Serving(NODES)
    assert asked == []


def test_what_a_check_that_was_ended_found_is_asked_again_for_the_next_one(asked):
    serving, ended = Serving(NODES), Scope()
    with ended.entered():
        ended.end()
        serving()
    serving()
    assert sorted(asked) == ["a", "a", "b", "b"]
