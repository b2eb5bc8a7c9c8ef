"""What the database checks say about facts that no server of the tests can show."""

from dataclasses import replace

import pymysql
import pytest

from tests.unit.database_facts import good_facts
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import facts as found
from wizard.checks.database.checks import checks
from wizard.checks.database.errors import explain_mysql
from wizard.checks.database.executions import Twice, Work
from wizard.checks.database.facts import Facts, RefusedStepError
from wizard.checks.database.judge import judge
from wizard.checks.database.specs import specs_for
from wizard.checks.database.target import Target
from wizard.engine.facts import PENDING, Known, Trouble, attempt, overdue
from wizard.net.clock import Clock
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Unreadable
from wizard.plan.plugins import BUNDLE
from wizard.plan.sections import Dialect, Tls

PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
SKIP, UNKNOWN = Severity.SKIP, Severity.UNKNOWN


def judged(dialect=Dialect.POSTGRES, settings=(), **other):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.tls", Tls.VERIFY)
    for key, value in dict(settings).items():
        plan = plan.with_value(key, value)
    findings = list(judge(Target.of(plan, SECRETS), plan, good_facts(dialect, **other)))
    assert [finding.id for finding in findings] == [spec.id for spec in specs_for(dialect)]
    return {finding.id.removeprefix("database."): finding for finding in findings}


def verdict(finding):
    return finding.severity, finding.error


@pytest.mark.parametrize("dialect", [Dialect.POSTGRES, Dialect.MYSQL])
def test_a_good_server_passes_everything(dialect):
    assert {finding.severity for finding in judged(dialect).values()} == {PASS}


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        ("postgres", "PostgreSQL 9.6.24 on x86_64", FAIL),
        ("postgres", "PostgreSQL 10.0 on x86_64", PASS),
        ("postgres", "PostgreSQL 18beta1 on x86_64", PASS),
        ("mysql", "5.7.44-log", FAIL),
        ("mysql", "8.0.16", FAIL),
        ("mysql", "8.0.17", PASS),
        ("mysql", "9.1.0", PASS),
        ("mariadb", "10.8.8-MariaDB", FAIL),
        ("mariadb", "10.9.2-MariaDB", PASS),
        ("mariadb", "11.4.2-MariaDB-ubu2404", PASS),
    ],
)
def test_version_is_compared_with_nocobases_minimum(dialect, text, expected):
    finding = judged(Dialect(dialect), version=Known(found.ServerVersion(text)))["version"]
    assert verdict(finding) == (expected, ErrorKind.VERSION if expected is FAIL else None)


@pytest.mark.parametrize(
    "text", ["CockroachDB CCL v23.1.11 (x86_64)", "PostgreSQL 11.2-YB-2.18.0.1-b0 on x86_64", "KingbaseES V009R001C001"]
)
def test_look_alikes_of_postgres_are_warned_of(text):
    assert verdict(judged(version=Known(found.ServerVersion(text)))["dialect"]) == (WARN, None)


@pytest.mark.parametrize("hindrance", ["super_read_only", "innodb_read_only"])
def test_a_mysql_replica_is_not_writable(hindrance):
    findings = judged(Dialect.MYSQL, role=Known(found.Role((hindrance,))), rights=Known(None))
    assert verdict(findings["writable"]) == (FAIL, ErrorKind.PERMISSION)
    assert findings["writable"].remedy
    assert verdict(findings["rights"]) == (SKIP, None)


def test_rights_that_were_not_tried_are_never_a_pass():
    findings = judged(role=Trouble(ErrorKind.PROTOCOL, "gone"), rights=Known(None))
    assert verdict(findings["writable"]) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert verdict(findings["rights"]) == (SKIP, None)


def test_an_old_tls_is_warned_of():
    assert verdict(judged(encryption=Known(found.Encryption("TLSv1.1")))["tls"]) == (WARN, None)


@pytest.mark.parametrize(("address", "expected"), [("10.0.0.9", INFO), ("fe80::1%eth0", INFO), ("203.0.114.9", WARN)])
def test_plain_text_is_warned_of_in_public(address, expected):
    plain = {"encryption": Known(found.Encryption("")), "addresses": Known((address,))}
    assert verdict(judged(**plain)["tls"]) == (expected, None)


@pytest.mark.parametrize(
    ("ahead", "error", "expected"), [(1.2, 0.0, WARN), (-1.2, 0.0, WARN), (1.2, 0.3, PASS), (-0.9, 0.0, PASS)]
)
def test_a_clock_is_judged_by_what_is_certain(ahead, error, expected):
    finding = judged(clock=Known(Clock(ahead, error, "UTC")))["clock"]
    assert verdict(finding) == (expected, None)
    assert ("behind" in finding.summary) is (expected is WARN and ahead < 0)


@pytest.mark.parametrize(("median", "expected"), [(20.0, PASS), (20.1, INFO), (100.1, WARN)])
def test_latency_is_judged_in_three_steps(median, expected):
    assert verdict(judged(latency=Known(median))["latency"]) == (expected, None)


def test_the_bundle_of_plugins_is_not_taken_for_its_parts():
    bundle = (found.Plugin(BUNDLE, enabled=True, installed=True),)
    assert verdict(judged(plugins=Known(bundle))["plugins"]) == (UNKNOWN, None)


def test_a_plugin_that_is_enabled_but_not_installed_does_not_count():
    plugins = good_facts().plugins.value
    broken = (replace(plugins[0], installed=False), *plugins[1:])
    finding = judged(plugins=Known(broken))["plugins"]
    assert verdict(finding) == (FAIL, ErrorKind.MISSING)
    assert finding.facts["lacking"] == [plugins[0].package]


def test_no_default_file_storage_is_warned_of():
    assert verdict(judged(storage=Known(None))["file_storage"]) == (WARN, None)


@pytest.mark.parametrize(
    ("installed", "planned", "severity"),
    [
        ("2.2.0", "2.2.0", PASS),
        ("2.2.0", "2.2.0-full", PASS),
        ("2.2.0-beta.1", "2.2.0", INFO),
        ("2.2.0", "2.2.0-beta.1", FAIL),
        ("2.2.0-beta.10", "2.2.0-beta.9", FAIL),
    ],
)
def test_a_pre_release_comes_before_its_release(installed, planned, severity):
    found = judged(settings={"application.version": planned}, application=Known(installed))
    assert found["installation"].severity is severity


@pytest.mark.parametrize("row", [None, (), (None,), ("",), ("unknown",)])
def test_a_version_table_that_names_no_version_is_trouble_and_no_version(row):
    fact = attempt(lambda: found.installed_version(row), explain_mysql)
    assert isinstance(fact, Trouble)
    finding = judged(application=fact)["installation"]
    assert verdict(finding) == (UNKNOWN if row == ("unknown",) else FAIL, ErrorKind.MISSING)


def test_an_installation_without_a_role_broke_off_whatever_its_version():
    finding = judged(roles=Known(0))["installation"]
    assert verdict(finding) == (FAIL, ErrorKind.MISSING)
    assert "no role" in finding.summary
    assert verdict(judged(roles=Known(1))["installation"]) == (PASS, None)
    assert verdict(judged(roles=Known(None))["installation"]) == (PASS, None)


@pytest.mark.parametrize(
    ("waiting", "oldest", "severity"), [(0, 0, PASS), (1, 600, PASS), (1, 601, WARN), (0, 601, PASS)]
)
def test_a_wait_of_more_than_ten_minutes_is_a_warning(waiting, oldest, severity):
    assert judged(work=Known(Work(waiting, oldest, ())))["backlog"].severity is severity


def test_a_schedule_that_ran_twice_is_named():
    finding = judged(work=Known(Work(0, 0, (Twice("Nightly", 3, 2),))))["duplicates"]
    assert verdict(finding) == (FAIL, ErrorKind.OTHER)
    assert "“Nightly”" in finding.summary
    assert "3 times" in finding.detail


def test_a_version_table_gives_the_version_it_names():
    assert found.installed_version(("2.2.0-beta.1", "more")) == "2.2.0-beta.1"


def test_an_installation_without_a_planned_version_is_only_told():
    finding = judged(settings={"application.version": ""})["installation"]
    assert verdict(finding) == (INFO, None)


def test_folded_names_of_mysql_are_found_again():
    folded = found.Tables((found.VersionTable("nocobase", "applicationversion"),), 90)
    assert verdict(judged(Dialect.MYSQL, tables=Known(folded))["installation"]) == (PASS, None)


def test_the_remedy_of_a_far_table_name_all_differ():
    tables = found.Tables((found.VersionTable("app", "nb_application_version"),), 0)
    finding = judged(tables=Known(tables))["installation"]
    assert finding.remedy == "DB_UNDERSCORED=true\nDB_TABLE_PREFIX=nb_\nDB_SCHEMA=app"


def test_what_was_never_reached_is_skipped_and_what_did_not_answer_is_unknown():
    names = list(good_facts().__dataclass_fields__)
    late = names[names.index("clock") :]
    findings = judged(**dict.fromkeys(late[1:], PENDING), clock=Trouble(ErrorKind.TIMEOUT, "no answer within 5 s"))
    assert verdict(findings["clock"]) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert {findings[name].severity for name in ("installation", "latency", "pooler")} == {SKIP}
    assert verdict(findings["version"]) == (PASS, None)


def test_a_look_up_that_hangs_is_the_gate_s_trouble():
    facts = overdue(Facts(trust=Known(found.Trust())), 5.0)
    plan = good_plan()
    gate = next(iter(judge(Target.of(plan, SECRETS), plan, facts)))
    assert verdict(gate) == (FAIL, ErrorKind.TIMEOUT)


def test_the_runner_may_abandon_the_probe_at_any_fact():
    plan = good_plan()
    [check] = checks(plan, SECRETS)
    facts = good_facts()
    for name in reversed(list(facts.__dataclass_fields__)):
        setattr(facts, name, PENDING)
        findings = list(check.judge(overdue(facts, 5.0)))
        assert [finding.id for finding in findings] == [spec.id for spec in check.specs]


def test_a_limit_of_mysql_is_raised_for_the_account_that_got_in():
    finding = judged(Dialect.MYSQL, limits=Known(found.Limits(500, 0, 6, None, 0)))["connections"]
    assert verdict(finding) == (FAIL, ErrorKind.REFUSED)
    assert finding.remedy.startswith("ALTER USER 'nocobase'@'10.0.0.%' WITH MAX_USER_CONNECTIONS ")


def test_connections_that_nobody_can_count_are_not_held_against_the_cluster():
    assert verdict(judged(limits=Known(found.Limits(200, 3, None, None, None)))["connections"]) == (PASS, None)


@pytest.mark.parametrize("read_only", [1290, 1792, 1836])
def test_a_read_only_session_is_not_mended_by_a_grant(read_only):
    def refuse():
        raise RefusedStepError("create a table") from pymysql.err.OperationalError(read_only, "read-only")

    finding = judged(Dialect.MYSQL, rights=attempt(refuse, explain_mysql))["rights"]
    assert verdict(finding) == (FAIL, ErrorKind.PERMISSION)
    assert "GRANT" not in finding.remedy


@pytest.mark.parametrize("dialect", [Dialect.POSTGRES, Dialect.MYSQL])
def test_nothing_rests_on_a_naming_that_could_not_be_read(dialect):
    plan = good_plan().with_value("database.dialect", dialect)
    plan = plan.with_unreadable(Unreadable("database.underscored", "perhaps", "It is neither true nor false."))
    findings = {finding.id: finding for finding in judge(Target.of(plan, SECRETS), plan, good_facts(dialect))}
    names = {"database.table_names"} if dialect is Dialect.MYSQL else set()
    unknown = {name for name, finding in findings.items() if finding.severity is UNKNOWN}
    assert unknown == {
        "database.installation",
        "database.plugins",
        "database.file_storage",
        "database.backlog",
        "database.duplicates",
        *names,
    }
    assert {findings[name].detail for name in unknown} == {"It is neither true nor false."}


def test_an_installation_is_not_compared_with_a_version_that_could_not_be_read():
    plan = good_plan().with_unreadable(Unreadable("application.version", "new", "It is no version."))
    findings = {finding.id: finding for finding in judge(Target.of(plan, SECRETS), plan, good_facts())}
    assert verdict(findings["database.installation"]) == (UNKNOWN, None)


@pytest.mark.parametrize("key", ["tls_ca", "tls_cert", "tls_key"])
def test_nothing_is_asked_without_a_tls_file_that_could_not_be_read(key):
    plan = good_plan().with_unreadable(Unreadable(f"database.{key}", "-----BEGIN", "Enter the path."))
    [check] = checks(plan, SECRETS)
    assert {finding.severity for finding in check.judge(check.facts())} == {SKIP}


def test_tables_that_could_not_be_listed_leave_the_encoding_unknown():
    silent = {"tables": Trouble(ErrorKind.TIMEOUT, "no answer"), "application": Known(None)}
    assert verdict(judged(Dialect.MYSQL, **silent)["encoding"]) == (UNKNOWN, ErrorKind.TIMEOUT)
    assert verdict(judged(**silent)["encoding"]) == (PASS, None)


def test_another_naming_beside_the_collections_is_no_empty_second_installation():
    tables = found.Tables((found.VersionTable("public", "application_version"),), 90, collections=True)
    finding = judged(tables=Known(tables))["installation"]
    assert verdict(finding) == (FAIL, ErrorKind.MISSING)
    assert "miss a part of its tables" in finding.summary
