"""What every balancer's configuration is made of: names, prefixes, nodes that serve, and values that are refused."""

from dataclasses import replace

import pytest

from tests.unit.plans import good_plan
from wizard.formats.files import LackingError
from wizard.formats.sites import haproxy, nginx, serving
from wizard.plan.plan import Unreadable
from wizard.plan.sections import Node

RENDER = [(nginx, "nginx"), (haproxy, "HAProxy")]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("production", "nocobase_production"),
        ("Prod EU", "nocobase_prod_eu"),
        ("a" * 24, "nocobase_" + "a" * 24),
        ("a" * 25, "nocobase_aaaaaaaaaaaaaaaaa_2f521e"),
    ],
)
def test_a_prefix_is_short_and_its_own(name, prefix):
    assert serving.prefix(good_plan().with_value("name", name)) == prefix
    assert len(prefix) <= 33


def test_a_long_name_ends_with_a_digest_of_the_whole():
    assert serving.shortened("abcdefgh", 8, "-") == "abcdefgh"
    assert serving.shortened("abcdefghi", 8, "-") == "a-19cc02"
    assert serving.shortened("a-cdefghij", 9, "-") == "a-851d95"


@pytest.mark.parametrize(
    ("names", "single"),
    [(["app.example.com"], "app.example.com"), (["a.org", "b.org"], ""), (["*.a.org"], ""), (["_"], ""), ([], "")],
)
def test_one_plain_name_is_one_that_no_request_can_forge(names, single):
    assert serving.single_name(names) == single


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["app.example.com"]),
        ({"balancer.server_name": " a.org  *.b.org "}, ["a.org", "*.b.org"]),
        ({"application.public_url": ""}, ["_"]),
    ],
)
def test_users_come_under_the_names_of_the_plan(changes, names):
    plan = good_plan()
    for key, value in changes.items():
        plan = plan.with_value(key, value)
    assert serving.server_names(plan, "nginx") == names


@pytest.mark.parametrize(
    ("address", "at_hand"),
    [
        ("10.0.0.1:13000", "10.0.0.1:13000"),
        ("node.internal:13001", "127.0.0.1:13001"),
        ("localhost:1", "127.0.0.1:1"),
    ],
)
def test_for_a_test_a_node_with_a_name_stands_on_this_machine(address, at_hand):
    [server] = serving.at_hand((serving.Server("a", address),))
    assert server == serving.Server("a", at_hand)


def test_nodes_that_serve_no_requests_are_left_out():
    nodes = (Node(name="", host="10.0.0.1"), Node(name="t", host="10.0.0.2", worker_mode="*"), Node(host="b", port=1))
    assert serving.servers(replace(good_plan(), nodes=nodes), "nginx") == (
        serving.Server("node1", "10.0.0.1:13000"),
        serving.Server("node3", "b:1"),
    )


EMPTY, UNFIT = "{key} is empty.", "{key} has no form that {program} can take."
NOBODY = "No node serves requests, so {program} would have nobody to pass them to."
REFUSED = [
    ("nodes", (), NOBODY),
    ("nodes", (Node(name="a", host="x", worker_mode="*"),), NOBODY),
    ("nodes.1.host", "", "Node node2 has no host that {program} could use."),
    ("nodes.2.host", "a b", "Node node3 has no host that {program} could use."),
    ("balancer.certificate", "", EMPTY),
    ("balancer.certificate", "a.pem", UNFIT),
    ("balancer.certificate_key", '/a"b', UNFIT),
    ("balancer.certificate_key", "/a$b", UNFIT),
    ("balancer.certificate_key", "/a\u202eb", UNFIT),
    ("balancer.upload_limit", "1t", UNFIT),
    ("balancer.upload_limit", "", EMPTY),
    ("application.public_path", "/a", UNFIT),
    ("application.public_path", "a/", UNFIT),
    ("balancer.server_name", "a;b", UNFIT),
]


@pytest.mark.parametrize(("program", "called"), RENDER)
@pytest.mark.parametrize(("key", "value", "message"), REFUSED)
def test_what_the_program_could_not_take_is_refused_by_its_setting(key, value, message, program, called):
    with pytest.raises(LackingError) as refused:
        program.render(good_plan().with_value(key, value))
    assert (refused.value.key, str(refused.value)) == (key, message.format(key=key, program=called))


@pytest.mark.parametrize(
    ("key", "is_used"),
    [
        ("balancer.kind", True),
        ("application.public_path", True),
        ("application.public_url", True),
        ("nodes.0.host", True),
        ("nodes.12.port", True),
        ("nodes.1.worker_mode", True),
        ("nodes.1.processes", False),
        ("nodes.1.name", False),
        ("application.version", False),
        ("database.host", False),
    ],
)
def test_no_default_takes_the_place_of_what_a_balancer_needs(key, is_used):
    plan = replace(good_plan(), unreadable=(Unreadable(key, "?", "It is none."),))
    if not is_used:
        serving.refuse_unreadable(plan)
        return
    with pytest.raises(LackingError) as refused:
        serving.refuse_unreadable(plan)
    assert (refused.value.key, str(refused.value)) == (key, f"{key}: It is none.")
