"""What the live tests take from a report of nodes: slow clocks count for nothing, and nothing else is let pass."""

import pytest

from tests.live.inside import outcome

SLOW = {
    "id": "inside.clocks",
    "subject": "",
    "severity": "unknown",
    "summary": "Could not be found out: the way to the nodes is too slow to compare clocks (a +0.1 s).",
}
DRIFTED = {"id": "inside.app_key", "subject": "", "severity": "fail", "summary": "The nodes differ in APP_KEY."}


def told(*findings):
    actions = [{"id": one["id"], "clears": [{"id": one["id"], "subject": one["subject"]}]} for one in findings]
    return {"findings": list(findings), "actions": actions}


def test_a_strict_run_that_slow_clocks_alone_ended_with_4_counts_as_sound():
    found = outcome(4, told(SLOW))
    assert (found.code, found.unsound, found.actions, found.too_slow) == (0, {}, [], {"inside.clocks"})


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_no_other_code_is_let_pass_for_slow_clocks(code):
    assert outcome(code, told(SLOW)).code == code


@pytest.mark.parametrize("code", [3, 4])
def test_beside_something_unsound_the_code_stands(code):
    found = outcome(code, told(SLOW, DRIFTED))
    assert (found.code, found.unsound, found.actions) == (code, {"inside.app_key": "fail"}, ["inside.app_key"])


def test_a_warning_of_the_clocks_and_a_4_without_slow_clocks_stand():
    ahead = {**SLOW, "severity": "warn", "summary": "The clock of b is 5.0 s ahead of that of a."}
    found = outcome(4, told(ahead))
    assert (found.code, found.unsound, found.too_slow) == (4, {"inside.clocks": "warn"}, frozenset())
