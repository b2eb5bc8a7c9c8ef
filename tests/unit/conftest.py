"""What holds of every finding that a judge or a rule gives in these tests."""

import pytest

from tests.remedies import is_well_formed, remedy_of
from tests.texts import Known
from tests.unit.findings import Written
from wizard.plan import i18n
from wizard.plan.spec import Spec


@pytest.fixture(scope="module")
def _written(request):
    written = Written(request.path)
    yield written
    if written.is_kept and request.config.getoption("--renew-findings"):
        written.write()


@pytest.fixture(autouse=True)
def _every_text_was_marked(monkeypatch):
    """Hold English to what can be extracted: a text that is shown but marked nowhere fails the test that shows it."""
    install = i18n.install
    monkeypatch.setattr(i18n, "install", lambda language, catalogue: install(language, catalogue or Known()))
    i18n.install(i18n.ENGLISH, None)
    yield
    install(i18n.ENGLISH, None)


@pytest.fixture(autouse=True)
def _findings_are_as_written(request, monkeypatch, _written):
    """Remedies are of the form of their kind; and where findings are written down, no other is made."""
    made = Spec.finding
    given = []

    def finding(spec, severity, summary, more):
        given.append(made(spec, severity, summary, more))
        assert is_well_formed(remedy_of(given[-1])), f"not of the form of its kind: {given[-1].remedy!r}"
        return given[-1]

    monkeypatch.setattr(Spec, "finding", finding)
    yield
    folder = str(request.node.funcargs.get("tmp_path", "\0"))
    unknown = _written.unknown(given, folder) if _written.is_kept else []
    assert request.config.getoption("--renew-findings") or not unknown, (
        "not written down in tests/unit/findings (is the change wanted? then run with --renew-findings):\n"
        + "\n\n".join(unknown)
    )
