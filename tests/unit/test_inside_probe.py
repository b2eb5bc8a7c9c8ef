"""How long the nodes wait for one another in the storage, by how slow the way to them was."""

import pytest

from tests.unit.inside import document
from wizard.checks.inside.document import document_of
from wizard.checks.inside.facts import Told
from wizard.checks.inside.probe import extra_wait
from wizard.engine.facts import Known, Trouble
from wizard.net.clock import Clock
from wizard.plan.finding import ErrorKind


def _told(error):
    return Told(Known(document_of(document("node1"))), Clock(3600.0, error))


@pytest.mark.parametrize(("errors", "seconds"), [((), 0.0), ((0.05, 0.5), 3.0), ((0.5, 4.9), 29.4), ((5.1, 0.1), 30.0)])
def test_they_wait_three_times_the_slowest_way_longer_and_half_a_minute_at_most(errors, seconds):
    told = {f"node{number}": _told(error) for number, error in enumerate(errors)}
    silent = {"silent": Told(Trouble(ErrorKind.REFUSED, "refused"))}
    assert extra_wait(told | silent) == pytest.approx(seconds)
