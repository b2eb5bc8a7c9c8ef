"""What the answers of a package service mean."""

import pytest

from wizard.checks.licence.judge import judge
from wizard.checks.licence.probe import LicenceFacts, Login, Offer
from wizard.checks.licence.target import Target
from wizard.engine.facts import Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret

_PACKAGE = "@nocobase/plugin-lock-adapter-redis"
_SIGNED_IN = Known(Login(200, "", Secret("token-value")))


def _judged(facts, version="2.2.15"):
    target = Target("https://pkg.example.com/", "customer", Secret("pass-word"), (_PACKAGE,), version)
    return {(finding.id, finding.subject): finding for finding in judge(target, facts)}


def _version(*versions, planned="2.2.15"):
    facts = LicenceFacts(_SIGNED_IN, Known((_PACKAGE,)), Known((Offer(_PACKAGE, 200, versions),)))
    return _judged(facts, planned)["licence.version", ""]


@pytest.mark.parametrize(
    ("versions", "newest"),
    [
        (("2.2.9", "2.2.14"), "2.2.14"),
        (("2.3.0-beta.2", "2.2.14"), "2.3.0-beta.2"),
        (("2.3.0-beta.2", "2.3.0-beta.10"), "2.3.0-beta.10"),
        (("2.3.0", "2.3.0-beta.10"), "2.3.0"),
    ],
)
def test_the_newest_version_is_found_by_its_numbers(versions, newest):
    finding = _version(*versions)
    assert (finding.severity, finding.error) == (Severity.FAIL, ErrorKind.VERSION)
    assert finding.facts["newest"] == {_PACKAGE: newest}


def test_an_offered_version_passes():
    assert _version("2.2.14", "2.2.15").severity is Severity.PASS


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_an_expired_licence_is_known_by_its_words(status):
    finding = _judged(LicenceFacts(Known(Login(status, "Your license has expired", None))))["licence.login", ""]
    assert (finding.severity, finding.error) == (Severity.FAIL, ErrorKind.PERMISSION)


def test_a_login_without_a_token_is_unknown():
    finding = _judged(LicenceFacts(Known(Login(200, "{}", None))))["licence.login", ""]
    assert (finding.severity, finding.error) == (Severity.UNKNOWN, ErrorKind.PROTOCOL)


@pytest.mark.parametrize(
    ("licensed", "error"),
    [(Known(None), ErrorKind.PROTOCOL), (Trouble(ErrorKind.TIMEOUT, "no answer within 9 s"), ErrorKind.TIMEOUT)],
)
def test_a_list_that_is_not_given_is_unknown_and_stops_the_version(licensed, error):
    found = _judged(LicenceFacts(_SIGNED_IN, licensed))
    assert (found["licence.plugins", ""].severity, found["licence.plugins", ""].error) == (Severity.UNKNOWN, error)
    assert found["licence.version", ""].severity is Severity.SKIP


def test_versions_that_do_not_come_in_time_are_unknown():
    facts = LicenceFacts(_SIGNED_IN, Known((_PACKAGE,)), Trouble(ErrorKind.TIMEOUT, "no answer within 10 s"))
    finding = _judged(facts)["licence.version", ""]
    assert (finding.severity, finding.error) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
