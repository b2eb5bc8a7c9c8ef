"""Whether the nodes share one storage: judged by what each saw of the others there, and by when it was there."""

import dataclasses

import pytest

from tests.unit.inside import ALL_MET, FAIL, NAMES, UNKNOWN, WARN, document, judged, meeting, unsound
from wizard.checks.inside.document import meeting_of
from wizard.checks.shared.look_there import let_nodes_look, let_nodes_meet
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Severity

PASS, SKIP = Severity.PASS, Severity.SKIP


def _met(**changed):
    return ALL_MET | {name: Known(meeting_of(meeting(name, **told))) for name, told in changed.items()}


def test_a_node_that_sees_nobody_is_named():
    alone = _met(
        node1={"others": ("node2",), "locks": {}},
        node2={"others": ("node1",), "locks": {}},
        node3={"others": (), "locks": {}},
    )
    found = judged(meetings=alone)
    assert unsound(found) == {"storage": FAIL}
    assert found["storage"].facts["nodes"] == ["node3"]
    assert found["locks"].severity is SKIP


def _at(name, since, until, others=(), needed=0):
    return Known(dataclasses.replace(meeting_of(meeting(name, others, needed=needed)), since=since, until=until))


@pytest.mark.parametrize(
    ("later", "severity"),
    [((105.0, 115.0), FAIL), ((105.001, 115.0), UNKNOWN), ((111.0, 121.0), UNKNOWN), ((104.0, 98.0), UNKNOWN)],
)
def test_storages_of_their_own_are_named_where_the_nodes_were_there_together_for_as_long_as_one_needs(later, severity):
    met = {
        "node1": _at("node1", 100.0, 110.0, needed=5000),
        "node2": _at("node2", *later, needed=5000),
    }
    found = judged(meetings=met)["storage"]
    assert (found.severity, found.facts["nodes"]) == (
        severity,
        ["node2"] if severity is FAIL else ["node1", "node2"],
    )


def test_a_node_that_came_when_the_others_had_gone_is_not_blamed():
    met = {
        "node1": _at("node1", 100.0, 110.0, NAMES[:2]),
        "node2": _at("node2", 100.0, 110.0, NAMES[:2]),
        "node3": _at("node3", 112.0, 122.0),
    }
    found = judged(meetings=met)
    assert (found["storage"].severity, found["storage"].error) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert "node3 sees nothing of node1" in found["storage"].detail
    assert "node1 sees nothing of node2" not in found["storage"].detail
    assert found["locks"].severity is SKIP


def test_one_that_was_there_and_sees_nobody_is_named_though_another_came_late():
    met = {
        "node1": _at("node1", 100.0, 110.0),
        "node2": _at("node2", 100.0, 110.0),
        "node3": _at("node3", 112.0, 122.0),
    }
    found = judged(meetings=met)["storage"]
    assert (found.severity, found.facts["nodes"]) == (FAIL, ["node2"])


def test_a_folder_that_cannot_be_written_is_unknown():
    found = judged(meetings=_met(node2={"others": (), "code": "EACCES"}))
    assert (found["storage"].severity, found["storage"].error) == (UNKNOWN, ErrorKind.PERMISSION)


def test_a_folder_that_is_not_there_fails():
    found = judged({"node2": document("node2", storage={"path": "/srv/storage", "code": "ENOENT"})})
    assert (found["storage"].severity, found["storage"].facts) == (FAIL, {"nodes": ["node2"]})


def test_a_node_that_did_not_come_makes_it_unknown():
    met = {name: Known(meeting_of(meeting(name, NAMES[:2]))) for name in NAMES[:2]}
    assert judged(meetings=met)["storage"].severity is UNKNOWN


def test_a_meeting_out_of_time_is_unknown():
    found = judged(meetings=Trouble(ErrorKind.TIMEOUT, "no answer within 100 s"))
    assert (found["storage"].severity, found["storage"].error) == (UNKNOWN, ErrorKind.TIMEOUT)


@pytest.mark.parametrize(("result", "severity"), [("refused", PASS), ("granted", WARN), ("unknown", UNKNOWN)])
def test_locks_pass_where_each_is_refused(result, severity):
    found = judged(meetings=_met(node3={"locks": {"node1": result, "node2": result}}))
    assert (found["storage"].severity, found["locks"].severity) == (PASS, severity)


@pytest.mark.parametrize(("mark", "severity"), [("same", UNKNOWN), ("other", FAIL)])
def test_collected_by_hand_two_folders_show_by_what_lies_there(mark, severity):
    changed = {name: document(name, storage__marks={".license/instance-id": "same"}) for name in NAMES}
    changed["node3"]["storage"]["marks"] = {".license/instance-id": mark}
    found = judged(changed, meetings={}, by_hand=True)
    assert (found["storage"].severity, found["locks"].severity) == (severity, UNKNOWN)
    assert found["locks"].remedy == let_nodes_meet().text
    assert (found["clocks"].severity, found["clocks"].remedy) == (UNKNOWN, let_nodes_look().text)


def test_of_nodes_that_were_asked_at_once_nobody_is_told_to_do_that():
    changed = dict.fromkeys(NAMES[1:], Trouble(ErrorKind.REFUSED, "refused"))
    found = judged(changed, meetings={})
    assert (found["locks"].severity, found["locks"].remedy) == (UNKNOWN, "")
