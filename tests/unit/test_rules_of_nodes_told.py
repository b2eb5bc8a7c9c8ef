"""What the rules on nodes say to the letter: names and places that are taken twice, worker IDs, tasks, own paths."""

from dataclasses import replace

import pytest

from wizard.checks.plan.rules import nodes
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.observed import Observed, Sharing, Topic
from wizard.plan.place import Place
from wizard.plan.plan import Plan, Unreadable
from wizard.plan.remedy import PlanValue, RemedyKind
from wizard.plan.sections import Deployment, Node, StorageKind

PASS, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
AT = Place("compose.yaml", 3)


def judged(*every, identifier=None, observed=(), **settings):
    """Return what is said of a plan with these nodes, of one check where it is named."""
    plan = replace(Plan(id="x"), nodes=every)
    for key, value in settings.items():
        plan = plan.with_value(key.replace("__", "."), value)
    plan = replace(plan, observed=observed)
    found = [finding for rule in nodes.RULES for finding in rule.findings(plan, {})]
    return [one for one in found if identifier in {None, one.id}]


def node(name, host="", **more):
    return Node(name=name, host=host or f"{name}.lan", port=more.pop("port", 13000), **more)


A, B, C = node("a"), node("b"), node("c")


@pytest.mark.parametrize(
    ("every", "lines"),
    [
        ((), [(UNKNOWN, "", "The plan names no nodes, so what concerns them could not be judged.")]),
        ((A,), [(WARN, "", "The cluster has one node; NocoBase's page asks for two or more.")]),
        ((A, B), [(PASS, "", "The cluster has 2 nodes.")]),
        ((A, node("a", "other")), [(FAIL, "a", "Two nodes are named a.")]),
        ((A, node("a", "other"), node("a", "third")), [(FAIL, "a", "Two nodes are named a.")]),
        ((A, node("b", "a.lan")), [(FAIL, "a.lan:13000", "Two nodes are at a.lan:13000.")]),
        ((A, node("b", "a.lan", port=13001)), [(PASS, "", "The cluster has 2 nodes.")]),
        (
            (A, A),
            [(FAIL, "a", "Two nodes are named a."), (FAIL, "a.lan:13000", "Two nodes are at a.lan:13000.")],
        ),
        ((Node(host="x", port=1), Node(host="y", port=1)), [(PASS, "", "The cluster has 2 nodes.")]),  # without names
        ((Node(name="a", port=1), Node(name="b", port=1)), [(PASS, "", "The cluster has 2 nodes.")]),  # nor hosts
    ],
)
def test_how_many_nodes_there_are_and_which_are_the_same(every, lines):
    found = judged(*every, identifier="plan.nodes")
    assert [(one.severity, one.subject, one.summary) for one in found] == lines
    assert all(one.facts == {"setting": "nodes"} for one in found)


def test_nodes_whose_port_could_not_be_read_are_not_at_one_place():
    plan = replace(Plan(id="x"), nodes=(A, node("b", "a.lan")))
    plan = plan.with_unreadable(Unreadable("nodes.1.port", "13x", "no number"))
    [finding] = nodes.RULES[0].findings(plan, {})
    assert finding.severity is PASS


def test_of_one_node_beside_profiles_nobody_knows_whether_it_is_alone():
    idle = (Observed(Topic.IDLE, "web2", AT), Observed(Topic.IDLE, "web3", AT))
    [finding] = judged(A, identifier="plan.nodes", observed=idle)
    assert (finding.severity, finding.summary) == (
        UNKNOWN,
        "The cluster has one node, if none of these runs, whose profiles are not active: web2, web3.",
    )
    assert finding.remedy == "If they run, name their profiles in COMPOSE_PROFILES, in the .env beside."
    [finding] = judged(A, B, identifier="plan.nodes", observed=idle)
    assert finding.severity is PASS


@pytest.mark.parametrize(
    ("processes", "severity", "summary"),
    [
        ((1,), PASS, "1 of 32 worker IDs is planned."),
        ((2,), PASS, "2 of 32 worker IDs are planned."),
        ((16, 16), PASS, "32 of 32 worker IDs are planned."),
        ((16, 17), FAIL, "33 processes want a worker ID, and there are 32."),
    ],
)
def test_there_are_thirty_two_worker_ids(processes, severity, summary):
    every = [node(f"n{at}", processes=count) for at, count in enumerate(processes)]
    [finding] = judged(*every, identifier="plan.worker_ids")
    assert (finding.severity, finding.summary) == (severity, summary)
    assert finding.facts == {"setting": "nodes", "processes": sum(processes)}


@pytest.mark.parametrize(
    ("modes", "lines"),
    [
        (("", "*", "!", "!,workflow:process"), [(PASS, "")]),
        (("", "!,workflow"), [(WARN, "b")]),
        (("*,!", ""), [(FAIL, "a")]),
        (("*,!", "!,workflow"), [(FAIL, "a"), (WARN, "b")]),
    ],
)
def test_a_worker_mode_that_cannot_be_read_fails_and_a_doubtful_one_warns(modes, lines):
    every = [node(name, worker_mode=mode) for name, mode in zip("abcd", modes, strict=False)]
    found = judged(*every, identifier="plan.worker_mode")
    assert [(one.severity, one.subject) for one in found] == lines
    for one in found:
        at = "abcd".find(one.subject)
        assert one.facts == {"setting": f"nodes.{at}.worker_mode" if one.subject else "nodes"}
        assert one.error is (ErrorKind.PROTOCOL if one.severity is FAIL else None)
        may_be_one = "A plug-in may define a task of that name; if none does, the node takes no such task."
        assert one.detail == (may_be_one if one.severity is WARN else "")
        assert one.cause == (f"worker mode {modes[at]}" if one.severity is FAIL else "")


@pytest.mark.parametrize(
    ("modes", "subjects"),
    [
        (("",), []),
        (("!",), [(FAIL, "workflow:process"), (FAIL, "async-task:process")]),
        (("*",), [(FAIL, "!")]),
        (("!", "*"), [(PASS, "")]),
        (("workflow:process",), [(FAIL, "!"), (FAIL, "async-task:process")]),
        (("!", "workflow:process"), [(FAIL, "async-task:process")]),
        (("!", "async-task:process"), [(FAIL, "workflow:process")]),
    ],
)
def test_requests_and_each_known_task_want_a_node(modes, subjects):
    every = [node(f"n{at}", worker_mode=mode) for at, mode in enumerate(modes)]
    found = judged(*every, identifier="plan.coverage")
    for one in found:
        if one.severity is FAIL:
            value = "!" if one.subject == "!" else f"!,{one.subject}"
            assert (one.remedy_kind, one.remedy_value) == (RemedyKind.VALUE, PlanValue("nodes.0.worker_mode", value))
            assert one.remedy == f"WORKER_MODE={value}"
            assert one.error is ErrorKind.MISSING
        assert one.facts == {"setting": "nodes"}
    told = [(one.severity, one.subject) for one in found]
    assert told == (subjects or [(PASS, "")])


def test_tasks_that_others_do_are_seen_by_nobody_without_the_plugins():
    every = node("web", worker_mode="!"), node("worker", worker_mode="*")
    found = judged(*every, identifier="plan.coverage", licence__without_plugins=True)
    assert [one.subject for one in found] == ["web"]
    assert found[0].facts == {"setting": "nodes.0.worker_mode"}
    assert found[0].remedy == "Leave WORKER_MODE of web empty."


@pytest.mark.parametrize(
    ("hosts", "kind", "severity"),
    [
        (("a.internal", "b.internal"), StorageKind.LOCAL, FAIL),
        (("a", "b"), StorageKind.LOCAL, UNKNOWN),  # names of containers, perhaps
        (("a", "a"), StorageKind.LOCAL, PASS),
        (("a", "b"), StorageKind.NFS, PASS),
    ],
)
def test_a_local_disk_is_of_one_machine(hosts, kind, severity):
    every = [node(f"n{at}", host, port=13000 + at) for at, host in enumerate(hosts)]
    [finding] = judged(*every, identifier="plan.shared_storage", storage__kind=kind)
    assert (finding.severity, finding.facts) == (severity, {"setting": "storage.kind"})


@pytest.mark.parametrize(("sharing", "judges"), [(Sharing.UNKNOWN, True), (Sharing.ITSELF, False)])
def test_where_the_source_says_what_is_mounted_the_kind_of_storage_says_nothing(sharing, judges):
    there = (Observed(Topic.STORAGE, "a", AT, sharing),)
    found = judged(A, identifier="plan.shared_storage", observed=there)
    assert bool(found) is judges


OWN = {"pm2_home": "/var/lib/nocobase/a/.pm2", "socket_path": "/var/lib/nocobase/a/gateway.sock"}


@pytest.mark.parametrize(
    ("paths", "other", "summary"),
    [
        (OWN, {}, ""),
        ({**OWN, "pm2_home": ""}, {}, "PM2_HOME of a is not set and so lies in the shared storage"),
        ({**OWN, "socket_path": ""}, {}, "SOCKET_PATH of a is not set and so lies in the shared storage"),
        ({**OWN, "pm2_home": "/srv/storage/.pm2"}, {}, "PM2_HOME of a lies in the shared storage"),
        ({**OWN, "pm2_home": "/srv/storage"}, {}, "PM2_HOME of a lies in the shared storage"),
        ({**OWN, "pm2_home": "/srv/storage2/.pm2"}, {}, ""),
        (OWN, {"host": "a.lan"}, "PM2_HOME of b is that of a on the same host"),
        (OWN, {"host": "b.lan"}, ""),  # the same path of another machine
    ],
)
def test_what_pm2_keeps_is_of_one_node_alone(paths, other, summary):
    every = [node("a", "a.lan", **paths)]
    if other:
        every.append(node("b", other["host"], port=13001, **OWN))
    found = judged(
        *every,
        identifier="plan.own_paths",
        application__deployment=Deployment.BARE,
        storage__path="/srv/storage",
    )
    [finding] = found
    assert finding.severity is (FAIL if summary else PASS)
    if summary:
        assert finding.summary == f"{summary}: a start there deletes the other nodes' own."
    else:
        assert finding.facts == {"setting": "nodes"}


def test_both_paths_of_a_node_are_one_finding_with_both_remedies():
    [finding] = judged(
        node("a", pm2_home="", socket_path=""), identifier="plan.own_paths", application__deployment=Deployment.BARE
    )
    assert (finding.subject, finding.facts) == ("a", {"setting": "nodes.0.pm2_home"})
    assert finding.remedy_value == PlanValue("nodes.0.pm2_home", "/var/lib/nocobase/a/.pm2")
    assert finding.remedy == "Set PM2_HOME of a to /var/lib/nocobase/a/.pm2."
    assert finding.detail == (
        "SOCKET_PATH of a is not set and so lies in the shared storage: a start there deletes the other nodes' own. "
        "Set SOCKET_PATH of a to /var/lib/nocobase/a/gateway.sock."
    )


def test_nodes_in_containers_have_paths_of_their_own_by_themselves():
    assert judged(A, identifier="plan.own_paths", application__deployment=Deployment.DOCKER) == []
