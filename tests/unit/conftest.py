"""What holds of every finding that a judge or a rule gives in these tests."""

import pytest

from tests.remedies import is_well_formed, remedy_of
from wizard.plan.spec import Spec


@pytest.fixture(autouse=True)
def _remedies_can_be_read_or_pasted(monkeypatch):
    made = Spec.finding

    def finding(spec, severity, summary, more):
        given = made(spec, severity, summary, more)
        assert is_well_formed(remedy_of(given)), f"not of the form of its kind: {given.remedy!r}"
        return given

    monkeypatch.setattr(Spec, "finding", finding)
