"""A component is added in one module and one line: then the command line, the window and the page of checks have it."""

import pytest

from tests.made_up_component import TIDE
from wizard.app.check import prepare
from wizard.checks import registry
from wizard.guide import flow, status
from wizard.guide.checks_page import checks_page
from wizard.guide.diagram import Box, picture
from wizard.guide.entered import Entered
from wizard.guide.findings_store import FindingsStore
from wizard.plan.finding import Severity
from wizard.plan.plan import Plan


@pytest.mark.usefixtures("tide")
class TestAMadeUpComponent:
    def test_is_checked_by_the_command_line(self, program, good):
        done = program("check", good, "--only", "tide")
        assert done.code == 3
        assert "tide.level" in done.out
        assert "The water is too low." in done.out
        assert "Wait for the tide." in done.out

    def test_is_offered_for_a_mistyped_id(self, program, good):
        done = program("check", good, "--only", "tide.levl")
        assert (done.code, done.out) == (2, "")
        assert "tide.level" in done.err

    def test_is_found_tested_and_overtaken_on_its_step(self):
        plan, store, storage = Plan(), FindingsStore(), flow.step("storage")
        assert "tide" in flow.components(storage, plan)
        store.begin(registry.names())
        store.add([TIDE.fail("The water is too low.")])
        [finding] = flow.findings(storage, plan, store)
        assert flow.step_of(finding) == "storage"
        assert status.state("tide", store.of("tide"), store) == Severity.FAIL
        now = flow.Situation("start", {"storage"})
        assert flow.line(storage, plan, store, now) == flow.Line(flow.State.FAIL, "1 failed")
        store.now(Entered(plan.with_text("storage.path", "/srv"), {}))
        assert store.stale(finding)

    def test_has_a_box_on_the_map(self):
        store = FindingsStore()
        assert ("Tide", "not tested yet") in {(box.title, box.fact) for box in picture(Plan(), store).services}
        store.add([TIDE.fail("The water is too low.")])
        assert Box("Tide", "failed", "fail", "storage", "tide") in picture(Plan(), store).services

    def test_is_on_the_page_of_checks(self):
        assert '### tide.level\n<a id="tide.level"></a>\n\nThe water is where it should be.\n' in checks_page()

    def test_is_part_of_a_whole_run(self):
        run = prepare(Plan(), {}, lambda _event: None)
        assert "tide" in {check.component for check in run.checks}
