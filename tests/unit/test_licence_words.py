"""What the judges of a licence say in each case, word for word in tests/unit/findings.

Each case has an account or a node of its own name: so no finding can stand in for another case's.
"""

from dataclasses import replace

import pytest

from tests.unit.licence_facts import GOOD, LOCK, SYNC
from tests.unit.plans import good_plan
from wizard.checks.licence import judge as by_account
from wizard.checks.licence import judge_key_plugins, judge_status
from wizard.checks.licence import judge_validity as by_key
from wizard.checks.licence.probe import LicenceFacts, Login, Offer
from wizard.checks.licence.specs import LOGIN
from wizard.checks.licence.target import Target
from wizard.checks.licence.validity import SERVICES_PATH, Right, Validity, read, with_services
from wizard.checks.licence.wanted import Wanted, wanted_of
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Unreadable
from wizard.plan.plugins import BUNDLE
from wizard.plan.secret import Secret
from wizard.plan.sections import LicenceMethod

PASS, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "warn", "fail", "unknown", "skip"))
SIGNED_IN = Known(Login(200, "", Secret("token-value")), 7)
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 9 s", "", 9000)
MUTE = Trouble(ErrorKind.REFUSED, "", "", 4)
OURS = Trouble(ErrorKind.MISSING, "no such file", "SSL_CERT_FILE", 4, ours=True)


def refused(status, words=""):
    return LicenceFacts(Known(Login(status, words, None), 7))


def offers(*some):
    return LicenceFacts(SIGNED_IN, Known((LOCK, SYNC), 7), Known(tuple(some), 7))


def licensed(fact, offered=PENDING):
    return LicenceFacts(SIGNED_IN, fact, offered)


# By the account: what is judged, its severity, what was found, and the version of the plan.
ACCOUNTS = {
    "in": ("login", PASS, licensed(Known((LOCK, SYNC), 7)), "2.2.15"),
    "late": ("login", UNKNOWN, LicenceFacts(LATE), "2.2.15"),
    "mute": ("login", UNKNOWN, LicenceFacts(MUTE), "2.2.15"),
    "ours": ("login", UNKNOWN, LicenceFacts(OURS), "2.2.15"),
    "pending": ("login", UNKNOWN, LicenceFacts(), "2.2.15"),
    "unauthorized": ("login", FAIL, refused(401, "bad password"), "2.2.15"),
    "forbidden": ("login", FAIL, refused(403, "no"), "2.2.15"),
    "expired": ("login", FAIL, refused(499, "The LICENCE of x has expired"), "2.2.15"),
    "not-valid": ("login", FAIL, refused(401, "your license is not valid"), "2.2.15"),
    "invalid": ("login", FAIL, refused(200, "license invalid"), "2.2.15"),
    "broken": ("login", UNKNOWN, refused(500, "license expired"), "2.2.15"),
    "elsewhere": ("login", UNKNOWN, refused(302, "https://login.example.com/"), "2.2.15"),
    "list-none": ("plugins", UNKNOWN, licensed(Known(None, 7)), "2.2.15"),
    "list-late": ("plugins", UNKNOWN, licensed(LATE), "2.2.15"),
    "list-all": ("plugins", PASS, licensed(Known((LOCK, SYNC, "more"), 7)), "2.2.15"),
    "list-bundle": ("plugins", PASS, licensed(Known((BUNDLE,), 7)), "2.2.15"),
    "list-one": ("plugins", FAIL, licensed(Known((LOCK,), 7)), "2.2.15"),
    "list-empty": ("plugins", FAIL, licensed(Known((), 7)), "2.2.15"),
    "no-version": ("version", SKIP, licensed(Known((LOCK, SYNC), 7)), ""),
    "offers-pending": ("version", SKIP, licensed(Known((LOCK, SYNC), 7)), "2.2.15"),
    "offers-late": ("version", UNKNOWN, licensed(Known((LOCK, SYNC), 7), LATE), "2.2.15"),
    "offers-mute": ("version", UNKNOWN, offers(Offer(LOCK, 200, None), Offer(SYNC, 200, ())), "2.2.15"),
    "offers": ("version", PASS, offers(Offer(LOCK, 200, ("2.2.14", "2.2.15"))), "2.2.15"),
    "offers-old": ("version", FAIL, offers(Offer(LOCK, 200, ("2.2.9", "2.2.14"))), "2.2.15"),
    "offers-old-both": (
        "version",
        FAIL,
        offers(Offer(LOCK, 200, ("2.2.9",)), Offer(SYNC, 200, ("2.2.14", "2.2.3")), Offer("x", 200, None)),
        "2.2.15",
    ),
    "offers-beta": ("version", WARN, offers(Offer(LOCK, 200, ("2.2.14", "2.3.0-beta.2"))), "2.3.0-beta.3"),
}


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_is_judged_as_written_down(name):
    check, severity, facts, version = ACCOUNTS[name]
    target = Target(f"https://{name}.example.com/", name, Secret("pass-word"), (LOCK, SYNC), version)
    found = [one for one in by_account.judge(target, facts) if one.id == f"licence.{check}"]
    assert {one.severity for one in found} == {severity}


def test_one_plug_in_is_one():
    target = Target("https://one.example.com/", "one", Secret("pass-word"), (LOCK,), "")
    _, finding, _ = by_account.judge(target, licensed(Known((LOCK,), 7)))
    assert finding.summary == "The licence covers the one plug-in that the cluster needs."


WANTED = Wanted(
    "https://App.Example.com:8443", LicenceMethod.KEY, "https://pkg.example.com/", "nb look", (LOCK, SYNC), "2.2.15"
)
STATUS = {
    "active": (PASS, {}),
    "withdrawn": (FAIL, {"status": "invalid"}),
    "withdrawn-upgrade": (FAIL, {"status": "invalid", "version": "2.2.14"}),
    "withdrawn-unheld": (FAIL, {"status": "invalid", "version": ""}),
    "ended": (WARN, {"upgrades_ended": True}),
    "ended-upgrade": (FAIL, {"upgrades_ended": True, "version": "2.2.14"}),
    "ended-downgrade": (WARN, {"upgrades_ended": True, "version": "2.2.16"}),
    "statusless": (UNKNOWN, {"status": ""}),
    "unsaid": (UNKNOWN, {"service_reached": None}),
    "unreached": (UNKNOWN, {"service_reached": False}),
    "unreached-shop": (UNKNOWN, {"service_reached": False, "service": "", "upgrades_ended": True}),
    "loginless": (UNKNOWN, {"service_login": None}),
    "packageless": (UNKNOWN, {"service_login": False, "packages_reached": False}),
    "refused": (WARN, {"service_login": False}),
    "let-in": (PASS, {"packages_reached": False}),
}


@pytest.mark.parametrize("node", STATUS)
def test_the_status_of_a_key_is_judged_as_written_down(node):
    severity, values = STATUS[node]
    assert judge_status.judge(WANTED, node, replace(GOOD, **values)).severity is severity


KEYS = {
    "pending": ({SKIP}, PENDING),
    "silent": ({UNKNOWN}, LATE),
    "old": ({UNKNOWN}, Known(type("Answer", (), {"status": 404, "words": "Not Found"})(), 7)),
    "odd": ({UNKNOWN}, Known(type("Answer", (), {"status": 403, "words": "No permissions"})(), 7)),
    "keyless": ({FAIL, SKIP}, Known(replace(GOOD, present=False), 7)),
    "unread": ({FAIL, SKIP}, Known(replace(GOOD, unread="invalid"), 7)),
    "good": ({PASS}, Known(GOOD, 7)),
    "seen-elsewhere": ({PASS, UNKNOWN}, Known(replace(GOOD, seen_as="node1:13000"), 7)),
    "seen-nowhere": ({PASS, UNKNOWN}, Known(replace(GOOD, seen_as="", for_domain=None), 7)),
    "domain-unsaid": ({PASS, UNKNOWN}, Known(replace(GOOD, for_domain=None), 7)),
    "domain-other": ({PASS, FAIL}, Known(replace(GOOD, for_domain=False), 7)),
    "domain-named": ({PASS, FAIL}, Known(replace(GOOD, for_domain=False, domains="*.example.org"), 7)),
    "database-unsaid": ({PASS, UNKNOWN}, Known(replace(GOOD, for_database=None), 7)),
    "system-unsaid": ({PASS, UNKNOWN}, Known(replace(GOOD, for_system=None), 7)),
    "database-other": ({PASS, FAIL}, Known(replace(GOOD, for_database=False), 7)),
    "database-nameless": ({PASS, FAIL}, Known(replace(GOOD, for_database=False, database="", system=""), 7)),
    "system-other": ({PASS, FAIL}, Known(replace(GOOD, for_system=False), 7)),
    "system-nameless": ({PASS, FAIL}, Known(replace(GOOD, for_system=False, system=""), 7)),
    "both-other": ({PASS, FAIL}, Known(replace(GOOD, for_system=False, for_database=False), 7)),
}


@pytest.mark.parametrize("node", KEYS)
def test_what_a_node_says_of_its_key_is_judged_as_written_down(node):
    severities, fact = KEYS[node]
    assert {finding.severity for finding in by_key.judge(WANTED, node, fact, LOGIN)} == severities


def test_a_node_without_a_key_lacks_none_where_an_account_licenses():
    found = list(
        by_key.judge(replace(WANTED, method=LicenceMethod.ACCOUNT), "n", Known(replace(GOOD, present=False)), LOGIN)
    )
    assert {finding.severity for finding in found} == {SKIP}
    assert found[0].summary == "Not looked at: n has no licence key; an account licenses the plug-ins."


def test_without_a_public_address_no_domain_is_compared():
    found = {one.id: one for one in by_key.judge(replace(WANTED, public_url=""), "n", Known(GOOD), LOGIN)}
    assert found["licence.domain"].severity is SKIP


PLUGINS = {
    "covers": ("2.2.15", {PASS}, {LOCK: Right("licensed"), SYNC: Right("licensed", "2027-01-01")}),
    "covers-by-bundle": ("2.2.15", {PASS}, {BUNDLE: Right("licensed"), LOCK: Right("unlicensed")}),
    "unsaid": ("2.2.15", {UNKNOWN}, None),
    "lacks": ("2.2.15", {FAIL}, {LOCK: Right("unlicensed", "2020-01-01")}),
    "ended": ("2.2.15", {WARN}, {LOCK: Right("expired", "2026-01-01"), SYNC: Right("expired")}),
    "ended-by-bundle": ("2.2.15", {WARN}, {LOCK: Right("odd"), BUNDLE: Right("expired", "2026-02-03")}),
    "ended-upgrade": ("2.2.16", {FAIL}, {LOCK: Right("expired", "2026-01-01"), SYNC: Right("expired")}),
    "odd": ("2.2.15", {UNKNOWN}, {LOCK: Right("odd"), SYNC: Right("")}),
}


@pytest.mark.parametrize("node", PLUGINS)
def test_the_plug_ins_of_a_key_are_judged_as_written_down(node):
    version, severities, plugins = PLUGINS[node]
    wanted = replace(WANTED, version=version)
    found = list(judge_key_plugins.judge(wanted, node, replace(GOOD, plugins=plugins)))
    assert {finding.severity for finding in found} == severities
    assert [finding.subject for finding in found] == (
        [""] if len(found) == 1 else ["lock-adapter-redis", "pubsub-adapter-redis"]
    )


def test_one_plug_in_of_a_key_is_one():
    [finding] = judge_key_plugins.judge(replace(WANTED, packages=(LOCK,)), "n", GOOD)
    assert finding.summary == "The licence key covers the one plug-in that the cluster needs."


ANSWER = {
    "keyExist": True,
    "keyStatus": " in\n valid ",
    "current": {
        "domain": "app.example.com",
        "env": {"sys": "linux", "osVer": "6.1", "db": {"type": "postgres", "name": "n"}},
    },
    "keyData": {"licenseKey": {"domain": "*.example.com"}, "service": {"domain": "https://s.example.com"}},
    "domainMatch": True,
    "dbMatch": False,
    "sysMatch": True,
    "isExpired": False,
    "licenseStatus": "active",
    "isServiceConnection": True,
    "isPkgLogin": False,
    "plugins": [
        {"packageName": LOCK, "status": "licensed", "expirationDate": "2027-01-02T03:04:05Z"},
        {"packageName": "", "status": "x"},
        "odd",
    ],
}


def test_an_answer_is_read_value_by_value():
    assert read(ANSWER) == Validity(
        present=True,
        unread="in valid",
        seen_as="app.example.com",
        domains="*.example.com",
        for_domain=True,
        for_database=False,
        for_system=True,
        system="linux 6.1",
        database="postgres n",
        upgrades_ended=False,
        status="active",
        service="https://s.example.com",
        service_reached=True,
        service_login=False,
        plugins={LOCK: Right("licensed", "2027-01-02")},
    )
    assert read({"keyExist": False}) == Validity(present=False)
    assert read({"keyNotExists": True}) == Validity(present=False)
    assert read({"keyNotExists": False, "current": "odd"}) == Validity(present=True)
    assert [read(odd) for odd in (None, [], {}, {"keyExist": "yes"}, {"keyNotExists": 1})] == [None] * 5
    assert (
        read({"keyExist": True, "plugins": {}}).plugins,
        read({"keyExist": True, "isExpired": 1}).upgrades_ended,
    ) == (None, None)


def test_a_long_answer_is_cut():
    many = [{"packageName": f"p{number}", "status": "x" * 600} for number in range(1001)]
    found = read({"keyExist": True, "plugins": many})
    assert len(found.plugins) == 1000
    assert found.plugins["p0"] == Right("x" * 499 + "…")


def test_what_is_said_of_the_services_is_added_and_replaces_nothing():
    said = {"isServiceConnection": False, "isPkgLogin": True, "isPkgConnection": True}
    bare = Validity(present=True)
    assert with_services(bare, said) == replace(bare, service_reached=False, service_login=True, packages_reached=True)
    told = replace(bare, service_reached=True, service_login=False)
    assert with_services(told, said) == replace(told, packages_reached=True)
    assert with_services(told, None) == told


def test_any_account_may_ask_of_the_services():
    assert SERVICES_PATH == "api/license:service-validate"


def test_what_is_wanted_comes_out_of_the_plan():
    plan = good_plan().with_value("application.public_url", "https://App.example.com:443/x")
    wanted = wanted_of(plan)
    assert (wanted.host, wanted.method, wanted.version) == ("app.example.com", LicenceMethod.ACCOUNT, "2.2.15")
    assert wanted.service_url == plan.licence.service_url
    assert LOCK in wanted.packages
    unread = wanted_of(plan.with_unreadable(Unreadable("application.public_url", "x", "no address")))
    assert (unread.public_url, unread.host) == ("", "")


@pytest.mark.parametrize(
    ("planned", "held", "upgrades"),
    [
        ("2.2.15", "2.2.14", True),
        ("2.2.15", "2.2.15", False),
        ("2.2.14", "2.2.15", False),
        ("", "1", False),
        ("1", "", False),
    ],
)
def test_an_upgrade_goes_to_a_newer_version(planned, held, upgrades):
    assert replace(WANTED, version=planned).upgrades(replace(GOOD, version=held)) is upgrades
