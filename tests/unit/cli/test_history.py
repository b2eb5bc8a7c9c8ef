"""Runs are kept, compared with and listed; the exit code is as it would be without."""

import json
import re
from pathlib import Path

from tests.unit.cli.calling import saved
from tests.unit.plans import good_plan

PLAN = ("--only", "plan", "--secrets-file", "secrets.env")


def test_the_first_run_is_compared_with_nothing(program, good):
    done = program("check", good, *PLAN)
    assert done.code == 0
    assert "Since" not in done.out


def test_a_later_run_says_first_what_changed_since_the_last_good_one(program, good):
    program("check", good, *PLAN)
    saved(_broken())
    done = program("check", good, *PLAN)
    assert done.code == 3
    first, second, third, *_ = done.out.splitlines()
    assert first.startswith("Not ready")
    assert re.fullmatch(r"Since the last good run \(\d{4}-\d\d-\d\d \d\d:\d\d\): 1 new\.", second)
    assert third.startswith("  New    plan.")
    again = json.loads(program("check", good, *PLAN, "--format", "json", "--since", "last").out)
    assert (len(again["since"]["still"]), again["since"]["new"], again["since"]["good"]) == (1, [], False)
    saved(good_plan())
    assert "1 gone" in program("check", good, *PLAN, "--since", "last").out
    assert "nothing changed" in program("check", good, *PLAN).out


def test_a_run_that_looked_at_nothing_is_not_kept(program, good):
    assert program("check", good, "--only", "inside").code == 0
    assert program("history", good).out == "No run of it was kept yet.\n"


def test_what_is_accepted_after_a_run_counts_in_it_no_longer(program, good):
    saved(_broken())
    found = json.loads(program("check", good, *PLAN, "--format", "json").out)["findings"]
    [one] = [item for item in found if item["severity"] == "fail"]
    assert "1 failed" in program("history", good).out
    program("accept", good, ":".join(filter(None, (one["id"], one["subject"]))), "--reason", "known")
    assert "failed" not in (listed := program("history", good).out)
    assert "1 accepted" in listed
    assert "nothing changed" in program("check", good, *PLAN, "--since", "last").out


def test_a_run_can_be_compared_with_a_report_of_elsewhere(program, good):
    program("check", good, *PLAN, "--format", "json", "--output", "before.json")
    saved(_broken())
    done = program("check", good, *PLAN, "--since", "before.json")
    assert (done.code, "1 new" in done.out) == (3, True)
    missing = program("check", good, *PLAN, "--since", "nothing.json")
    assert (missing.code, missing.out) == (2, "")
    assert "nothing.json cannot be read" in missing.err


def test_runs_that_looked_at_different_things_are_not_said_to_be_alike(program, good):
    alone = ("--secrets-file", "secrets.env", "--only", "plan.app_key")
    program("check", good, *alone, "--format", "json", "--output", "one.json")
    done = program("check", good, *PLAN, "--skip", "plan.app_key", "--since", "one.json")
    assert "the two runs looked at nothing in common." in done.out
    assert "nothing changed." in program("check", good, *PLAN, "--since", "one.json").out


def test_what_is_asked_for_and_not_there_is_said_on_standard_error(program, good):
    assert program("check", good, *PLAN, "--since", "last").err.endswith("There is no earlier run to compare with.\n")
    saved(_broken(), "other.yaml")
    program("check", "other.yaml", *PLAN)
    done = program("check", "other.yaml", *PLAN, "--since", "good")
    assert (done.code, done.err.endswith("There is no good run so far.\n")) == (3, True)


def test_the_history_lists_the_kept_runs_with_their_figures_and_files(program, good):
    assert program("history", good).out == "No run of it was kept yet.\n"
    program("check", good, *PLAN)
    saved(_broken())
    program("check", good, *PLAN)
    newest, oldest = program("history", good).out.splitlines()
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d  .*1 failed.* s \(only plan\)  .*-bad\.json$", newest)
    assert oldest.endswith("-good.json")
    assert Path(oldest.split("  ")[-1]).is_file()


def test_the_history_of_what_is_nowhere_is_bad_usage(program):
    assert program("history", "nowhere").code == 2


def _broken():
    return good_plan().with_value("application.public_url", "")


def test_a_run_that_cannot_be_kept_is_told_to_be_none_and_is_a_result_all_the_same(program, good, monkeypatch):
    Path("in-the-way").write_text("a file")
    monkeypatch.setenv("XDG_DATA_HOME", str(Path("in-the-way").resolve()))
    done = program("check", good, *PLAN)
    assert (done.code, done.out.partition("\n")[0]) == (0, program("check", good, *PLAN).out.partition("\n")[0])
    assert "This run is not kept, and none can be compared with it: Not a directory." in done.err
