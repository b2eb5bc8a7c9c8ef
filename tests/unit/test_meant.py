"""What one mistake makes is put under it: what a name was meant for, and a text that is no value at all."""

import pytest

from wizard.checks.plan.meant import is_given, joined
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.plan import Plan, Unreadable

FAIL, WARN = Severity.FAIL, Severity.WARN


def finding(identifier, severity, subject="", error=None, **facts):
    return Finding(id=identifier, severity=severity, summary="said", subject=subject, error=error, facts=facts)


class TestWrongNames:
    def _joined(self, severity, error=None, lacks=FAIL):
        name = finding("plan.unknown_variables", severity, "CACHE_URL", error, near="CACHE_REDIS_URL")
        lack = finding("plan.redis_address", lacks, "cache", setting="redis.server.host")
        return joined(Plan(), [name, lack])

    def test_one_is_as_grave_as_what_lacks_the_right_one(self):
        name, lack = self._joined(WARN)
        assert (name.severity, name.error, lack.because) == (FAIL, ErrorKind.MISSING, ("CACHE_URL",))

    def test_one_that_becomes_graver_keeps_its_reason(self):
        assert self._joined(WARN, ErrorKind.VERSION)[0].error is ErrorKind.VERSION

    def test_one_that_failed_by_itself_stays_as_it_is(self):
        assert self._joined(FAIL)[0].error is None

    def test_one_for_which_something_is_a_warning_only_stays_a_warning(self):
        name, lack = self._joined(WARN, lacks=WARN)
        assert (name.severity, name.error, lack.because) == (WARN, None, ("CACHE_URL",))


class TestTextsThatAreNoValue:
    @pytest.mark.parametrize(
        ("identifier", "severity", "because"),
        [
            ("plan.database_password", WARN, ("database.password",)),
            ("plan.database_password", FAIL, ()),
            ("plan.env_text", FAIL, ("database.password",)),
            ("plan.database_password", Severity.PASS, ()),
        ],
    )
    def test_what_comes_of_a_placeholder_is_a_warning_of_it_or_its_text(self, identifier, severity, because):
        unfilled = finding("plan.unfilled", FAIL, setting="database.password")
        other = finding(identifier, severity, setting="database.password")
        assert joined(Plan(), [unfilled, other]) == [unfilled, Finding(**_parts(other) | {"because": because})]

    def test_what_is_of_another_setting_does_not_come_of_it(self):
        findings = [finding("plan.unfilled", FAIL, setting="database.password"), finding("plan.pool", WARN)]
        assert joined(Plan(), findings) == findings


def _parts(found):
    return {"id": found.id, "severity": found.severity, "summary": found.summary, "facts": found.facts}


@pytest.mark.parametrize(
    ("unreadable", "given"),
    [
        ([], True),
        ([Unreadable("application.environment", "", "It is missing.")], False),
        ([Unreadable("application.environment", "", "It is missing.", "line 3")], True),
        ([Unreadable("application.environment", "x", "It is no choice.")], True),
        ([Unreadable("database.host", "", "It is missing.")], True),
    ],
)
def test_a_default_gives_a_variable_unless_it_stands_for_what_the_source_had_to_say(unreadable, given):
    plan = Plan()
    for item in unreadable:
        plan = plan.with_unreadable(item)
    assert is_given(plan, "APP_ENV") is given
