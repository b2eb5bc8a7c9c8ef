"""What a node's words about its licence key mean for the plan."""

from dataclasses import replace

import pytest

from tests.unit.licence_facts import GOOD, LOCK, SYNC
from wizard.checks.cluster.answers import Said
from wizard.checks.cluster.specs import KEYS
from wizard.checks.licence.judge_validity import judge
from wizard.checks.licence.validity import Right, Validity, read, with_services
from wizard.checks.licence.wanted import Wanted
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plugins import BUNDLE
from wizard.plan.sections import LicenceMethod

PASS, WARN, FAIL, SKIP, UNKNOWN = (
    Severity.PASS, Severity.WARN, Severity.FAIL, Severity.SKIP, Severity.UNKNOWN,
)  # fmt: skip
WANTED = Wanted(
    public_url="https://App.Example.com:8443",
    method=LicenceMethod.KEY,
    service_url="https://pkg.example.com/",
    look="nb license decode",
    packages=(LOCK, SYNC),
    version="2.2.15",
)


def told(wanted=WANTED, **values):
    found = {}
    for finding in judge(wanted, "node1", Known(replace(GOOD, **values), 4), KEYS):
        name = finding.id.removeprefix("licence.") + (f" {finding.subject}" if finding.subject else "")
        found[name] = (finding.severity, finding.error)
    return found


def test_a_good_key_passes_everything():
    assert set(told().values()) == {(PASS, None)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "invalid"}, (FAIL, ErrorKind.PERMISSION)),
        ({"status": "invalid", "version": "2.2.14"}, (FAIL, ErrorKind.VERSION)),
        ({"status": "invalid", "version": ""}, (FAIL, ErrorKind.PERMISSION)),
        ({"upgrades_ended": True, "version": "2.2.14"}, (FAIL, ErrorKind.VERSION)),
        ({"upgrades_ended": True, "version": "2.2.15"}, (WARN, ErrorKind.VERSION)),
        ({"upgrades_ended": True, "version": "2.2.16"}, (WARN, ErrorKind.VERSION)),
        ({"upgrades_ended": True, "version": ""}, (WARN, ErrorKind.VERSION)),
        ({"upgrades_ended": None}, (PASS, None)),
        ({"version": "2.2.14"}, (PASS, None)),
        ({"status": ""}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"service_reached": None}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"service_reached": False}, (UNKNOWN, ErrorKind.REFUSED)),
        ({"service_reached": False, "service": "", "upgrades_ended": True}, (UNKNOWN, ErrorKind.REFUSED)),
        ({"service_login": None}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"service_login": False, "packages_reached": False}, (UNKNOWN, ErrorKind.REFUSED)),
        ({"service_login": False, "packages_reached": None}, (UNKNOWN, ErrorKind.REFUSED)),
        ({"service_login": False}, (WARN, ErrorKind.CREDENTIALS)),
        ({"service_login": True, "packages_reached": False}, (PASS, None)),
    ],
)
def test_a_key_is_valid_only_where_that_is_certain(values, expected):
    found = told(**values)
    assert found.pop("status") == expected
    assert set(found.values()) == {(PASS, None)}


@pytest.mark.parametrize("values", [{"status": "invalid"}, {"upgrades_ended": True}])
def test_a_plan_without_a_version_is_no_upgrade(values):
    found = told(replace(WANTED, version=""), **values, version="2.2.14")
    assert FAIL not in {severity for severity, error in found.values() if error is ErrorKind.VERSION}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"seen_as": "node1:13000"}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"seen_as": ""}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"for_domain": None}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"for_domain": False}, (FAIL, ErrorKind.PERMISSION)),
        ({"for_domain": False, "domains": "*.example.org"}, (FAIL, ErrorKind.PERMISSION)),
    ],
)
def test_the_domain_is_judged_only_where_the_node_compared_ours(values, expected):
    assert expected in told(**values).values()
    assert sorted(set(told(**values).values()) - {expected}) == [(PASS, None)]


def test_a_plan_without_an_address_has_no_domain_to_compare():
    found = told(replace(WANTED, public_url=""), for_domain=False)
    assert sorted(severity for severity, _ in found.values()) == [PASS, PASS, PASS, SKIP]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"for_database": None}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"for_system": None}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({"for_database": False}, (FAIL, ErrorKind.PERMISSION)),
        ({"for_system": False}, (FAIL, ErrorKind.PERMISSION)),
        ({"for_database": False, "for_system": False}, (FAIL, ErrorKind.PERMISSION)),
        ({"for_database": False, "database": "", "system": ""}, (FAIL, ErrorKind.PERMISSION)),
        ({"for_system": False, "database": "", "system": ""}, (FAIL, ErrorKind.PERMISSION)),
    ],
)
def test_a_key_for_another_database_or_system_fails(values, expected):
    assert sorted(told(**values).values()) == sorted([expected, *[(PASS, None)] * 3])


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        ({}, (FAIL, ErrorKind.MISSING)),
        ({LOCK: Right("unlicensed")}, (FAIL, ErrorKind.MISSING)),
        ({LOCK: Right("expired", "2026-01-31")}, (WARN, ErrorKind.VERSION)),
        ({LOCK: Right("expired")}, (WARN, ErrorKind.VERSION)),
        ({LOCK: Right("suspended", "2026-01-31")}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({LOCK: Right("")}, (UNKNOWN, ErrorKind.PROTOCOL)),
        ({LOCK: Right("unlicensed"), BUNDLE: Right("expired", "2026-01-31")}, (WARN, ErrorKind.VERSION)),
    ],
)
def test_a_plug_in_that_the_key_does_not_cover_is_told_by_name(rights, expected):
    found = told(plugins={SYNC: Right("licensed"), **rights})
    assert [said for name, said in found.items() if name.endswith("lock-adapter-redis")] == [expected]
    assert not [name for name in found if "pubsub" in name]


def test_the_bundle_covers_what_the_key_does_not_name():
    found = told(plugins={LOCK: Right("unlicensed"), BUNDLE: Right("licensed")})
    assert set(found.values()) == {(PASS, None)}


def test_an_upgrade_beyond_the_time_of_a_plug_in_fails():
    found = told(plugins={LOCK: Right("expired", "2026-01-31"), SYNC: Right("licensed")}, version="2.2.14")
    assert (FAIL, ErrorKind.VERSION) in found.values()


def test_plug_ins_that_are_not_told_are_unknown():
    assert (UNKNOWN, ErrorKind.PROTOCOL) in told(plugins=None).values()


@pytest.mark.parametrize(
    ("fact", "severity", "error"),
    [
        (PENDING, SKIP, None),
        (Trouble(ErrorKind.TIMEOUT, "no answer within 8 s"), UNKNOWN, ErrorKind.TIMEOUT),
        (Known(Said(404, "NOT_FOUND", "no such thing")), UNKNOWN, ErrorKind.MISSING),
        (Known(Said(403)), UNKNOWN, ErrorKind.PROTOCOL),
        (Known(Said(405)), UNKNOWN, ErrorKind.PROTOCOL),
    ],
)
def test_what_was_not_answered_is_never_a_pass(fact, severity, error):
    given = list(judge(WANTED, "node1", fact, KEYS))
    assert {(finding.severity, finding.error) for finding in given} == {(severity, error)}
    assert len({finding.id for finding in given}) == 4


@pytest.mark.parametrize(("method", "first"), [(LicenceMethod.KEY, FAIL), (LicenceMethod.ACCOUNT, SKIP)])
def test_a_node_without_a_key_fails_only_where_the_plan_has_one(method, first):
    found = told(replace(WANTED, method=method), present=False)
    assert [severity for severity, _ in found.values()] == [first, SKIP, SKIP, SKIP]


def test_a_key_that_cannot_be_read_stops_what_rests_on_it():
    found = told(unread="invalid")
    assert list(found.values()) == [(FAIL, ErrorKind.PROTOCOL), (SKIP, None), (SKIP, None), (SKIP, None)]


_ANSWER = {
    "keyExist": True,
    "keyStatus": "",
    "domainMatch": True,
    "dbMatch": False,
    "sysMatch": True,
    "isExpired": False,
    "licenseStatus": "active",
    "isServiceConnection": True,
    "isPkgLogin": False,
    "current": {
        "domain": "app.example.com",
        "env": {"sys": "linux", "osVer": "6.1", "db": {"type": "postgres", "name": "nocobase"}},
    },
    "keyData": {"licenseKey": {"domain": "*.example.com"}, "service": {"domain": "https://service.example.com"}},
    "plugins": [{"packageName": LOCK, "pluginName": "lock", "status": "licensed"}],
}


def test_single_values_are_picked_out_of_a_node_s_answer():
    found = read(_ANSWER)
    assert replace(found, plugins=None) == Validity(
        present=True,
        seen_as="app.example.com",
        domains="*.example.com",
        for_domain=True,
        for_database=False,
        for_system=True,
        system="linux 6.1",
        database="postgres nocobase",
        upgrades_ended=False,
        status="active",
        service="https://service.example.com",
        service_reached=True,
        service_login=False,
    )


@pytest.mark.parametrize(
    ("answer", "present"),
    [
        ({"keyExist": False}, False),
        ({"keyNotExists": True}, False),
        ({"keyNotExists": False}, True),
        ({"keyExist": True, "keyNotExists": True}, True),
    ],
)
def test_older_versions_say_it_the_other_way_round(answer, present):
    assert read(answer) == Validity(present=present)


@pytest.mark.parametrize("answer", [None, [], "yes", {}, {"keyExist": 1}, {"keyNotExists": "no"}])
def test_what_is_no_such_answer_is_none(answer):
    assert read(answer) is None


def test_a_text_is_one_line_and_at_most_500_characters():
    found = read({"keyExist": True, "keyStatus": "a \n b", "licenseStatus": "x" * 501, "current": "nothing"})
    assert found.unread == "a b"
    assert found.status == "x" * 499 + "…"
    assert found.seen_as == ""


@pytest.mark.parametrize("flag", [1, "true", None])
def test_a_flag_that_is_no_boolean_says_nothing(flag):
    assert read({"keyExist": True, "dbMatch": flag}).for_database is None


def test_rights_are_read_by_package_up_to_a_thousand_of_them():
    listed = [
        {"packageName": LOCK, "status": "expired", "expirationDate": "2026-01-31T10:00:00Z"},
        {"packageName": "", "status": "licensed"},
        {"status": "licensed"},
        "nothing",
        *({"packageName": f"p{number}", "status": "licensed"} for number in range(1000)),
    ]
    rights = read({"keyExist": True, "plugins": listed}).plugins
    assert rights[LOCK] == Right("expired", "2026-01-31")
    assert (rights["p0"], rights["p995"]) == (Right("licensed"), Right("licensed"))
    assert len(rights) == 997
    assert read({"keyExist": True, "plugins": {}}).plugins is None


@pytest.mark.parametrize(("first", "then"), [(None, True), (None, False), (True, True), (False, False)])
def test_the_answer_about_services_adds_what_was_not_said(first, then):
    data = {"isServiceConnection": then, "isPkgLogin": then, "isPkgConnection": then}
    found = with_services(Validity(present=True, service_reached=first, service_login=first), data)
    assert (found.service_reached, found.service_login, found.packages_reached) == (then, then, then)


def test_the_answer_about_services_changes_nothing_that_was_said():
    data = {"isServiceConnection": False, "isPkgLogin": True}
    found = with_services(Validity(present=True, service_reached=True, service_login=False), data)
    assert (found.service_reached, found.service_login, found.packages_reached) == (True, False, None)


def test_what_an_answer_does_not_say_is_empty_or_not_known():
    found = read({"keyExist": True})
    assert found == Validity(present=True)
    unknown = "for_domain for_database for_system upgrades_ended service_reached packages_reached service_login plugins"
    empty = "unread seen_as domains system database status service version"
    assert {getattr(found, name) for name in unknown.split()} == {None}
    assert {getattr(found, name) for name in empty.split()} == {""}
