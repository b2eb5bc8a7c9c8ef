"""What is said of RabbitMQ without a broker: the version of NocoBase, and the names of its variables."""

import pytest

from tests.unit.plans import good_plan
from wizard.checks.rabbitmq.rules import judge_application, judge_variables
from wizard.plan.finding import ErrorKind
from wizard.plan.sections import QueueKind

NAMES = "Its queue names contain “:” and “@”, which some brokers refuse."
REMEDY = "Bring every node to NocoBase 2.1.25 or later, and write that version into the plan."


@pytest.mark.parametrize(
    ("version", "severity", "summary", "detail"),
    [
        ("2.1.25", "pass", "NocoBase 2.1.25 gets on with RabbitMQ.", ""),
        ("2.2.0-beta.1", "pass", "NocoBase 2.2.0-beta.1 gets on with RabbitMQ.", ""),
        ("10.0.0", "pass", "NocoBase 10.0.0 gets on with RabbitMQ.", ""),
        ("2.1.24", "warn", "NocoBase 2.1.24 recovers badly from a broken channel, as versions before 2.1.25 do.", ""),
        ("2.1.19", "warn", "NocoBase 2.1.19 recovers badly from a broken channel, as versions before 2.1.25 do.", ""),
        (
            "2.1.18",
            "warn",
            "NocoBase 2.1.18 recovers badly from a broken channel, as versions before 2.1.25 do.",
            NAMES,
        ),
        (
            "1.9.30",
            "warn",
            "NocoBase 1.9.30 recovers badly from a broken channel, as versions before 2.1.25 do.",
            NAMES,
        ),
    ],
)
def test_a_version_has_the_corrections_for_rabbitmq_or_not(version, severity, summary, detail):
    finding = judge_application(good_plan().with_value("application.version", version))
    assert (finding.id, finding.severity.value) == ("rabbitmq.application_version", severity)
    facts = {"version": version, "setting": "application.version"}
    assert (finding.summary, finding.detail, finding.facts) == (summary, detail, facts)
    assert (finding.error, finding.remedy) == ((ErrorKind.VERSION, REMEDY) if severity == "warn" else (None, ""))


@pytest.mark.parametrize("version", ["", "latest"])
def test_without_a_version_nothing_is_looked_at(version):
    finding = judge_application(good_plan().with_value("application.version", version))
    assert (finding.severity.value, finding.facts) == ("skip", {})
    assert finding.summary == "Not looked at: the plan names no NocoBase version."


def test_the_names_of_the_variables_are_a_guess_and_told_as_one():
    plan = good_plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.url_variable", "RABBIT")
    finding = judge_variables(plan)
    assert (finding.id, finding.severity.value) == ("rabbitmq.variables", "unknown")
    assert finding.summary == "Whether NocoBase reads RABBIT is unverified."
    assert finding.facts == {"adapter": "rabbitmq", "variable": "RABBIT"}
    assert "Ask NocoBase's support to confirm QUEUE_ADAPTER=rabbitmq and RABBIT;" in finding.remedy
    assert finding.detail.startswith("No document of NocoBase names the variables for RabbitMQ;")
