"""What is said of NocoBase's tables in a database, and of refused connections, word for word in the findings.

Each case has a host, an account and a database of its own name where the words have room for it.
"""

import pytest

from tests.unit.database_facts import good_facts
from tests.unit.plans import SECRETS, good_plan
from wizard.checks.database import errors
from wizard.checks.database.errors import NO_VERSION
from wizard.checks.database.executions import Twice, Work
from wizard.checks.database.facts import FileStorage, Plugin, Tables, Trust, VersionTable
from wizard.checks.database.judge_content import judge_file_storage, judge_installation, judge_plugins
from wizard.checks.database.judge_refusal import judge_refusal
from wizard.checks.database.judge_work import judge_backlog, judge_duplicates
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plugins import BUNDLE, needed_plugins
from wizard.plan.sections import Dialect, Tls

PASS, INFO, WARN, FAIL, UNKNOWN, SKIP = (Severity(name) for name in ("pass", "info", "warn", "fail", "unknown", "skip"))
LATE = Trouble(ErrorKind.TIMEOUT, "no answer within 5 s", "", 5000)
HERE = VersionTable("public", "applicationVersion")
NEEDED = needed_plugins(good_plan())


def run(dialect=Dialect.POSTGRES, settings=None, **values):
    plan = good_plan().with_value("database.dialect", dialect)
    for key, value in (settings or {}).items():
        plan = plan.with_value(key, value)
    facts = {
        name: value if isinstance(value, Trouble) or value is PENDING else Known(value, 7)
        for name, value in values.items()
    }
    return Target.of(plan, SECRETS), plan, good_facts(dialect, **facts)


def tables(*versions, total=90, **more):
    return Tables(versions, total, **more)


INSTALLATIONS = {
    "as planned": (PASS, {"application": "2.2.15"}),
    "newer": (FAIL, {"application": "2.2.16"}),
    "older": (INFO, {"application": "2.2.14"}),
    "unplanned": (INFO, {"application": "2.2.14", "settings": {"application.version": ""}}),
    "version late": (UNKNOWN, {"application": LATE}),
    "without a version": (FAIL, {"application": Trouble(ErrorKind.MISSING, "", NO_VERSION, 4)}),
    "without a role": (FAIL, {"roles": 0}),
    "with a role": (PASS, {"roles": 1}),
    "roles unknown": (PASS, {"roles": LATE}),
    "empty": (PASS, {"tables": tables(total=0)}),
    "one table of others": (INFO, {"tables": tables(total=1)}),
    "tables of others": (INFO, {"tables": tables(total=2)}),
    "half": (FAIL, {"tables": tables(total=3, collections=True)}),
    "half with a prefix": (
        FAIL,
        {"tables": tables(total=3, collections=True), "settings": {"database.table_prefix": "nb_"}},
    ),
    "underscored": (FAIL, {"tables": tables(VersionTable("public", "application_version"))}),
    "not underscored": (FAIL, {"tables": tables(HERE), "settings": {"database.underscored": True}}),
    "prefixed": (FAIL, {"tables": tables(VersionTable("public", "nb_applicationVersion"))}),
    "another schema": (FAIL, {"tables": tables(VersionTable("app", "applicationVersion"))}),
    "all else": (FAIL, {"tables": tables(VersionTable("app", "nb_application_version"), collections=True)}),
    "the nearest": (
        FAIL,
        {"tables": tables(VersionTable("app", "x_applicationVersion"), VersionTable("public", "y_applicationVersion"))},
    ),
    "tables late": (UNKNOWN, {"tables": LATE}),
    "tables pending": (SKIP, {"tables": PENDING}),
}


@pytest.mark.parametrize("name", INSTALLATIONS)
def test_an_installation_is_judged_as_written_down(name):
    severity, values = INSTALLATIONS[name]
    assert judge_installation(*run(**values)).severity is severity


def test_the_remedy_of_an_installation_under_another_name_is_the_value_it_has():
    def remedy(table, **more):
        return judge_installation(*run(tables=tables(table), **more)).remedy

    assert remedy(VersionTable("public", "application_version")) == "DB_UNDERSCORED=true"
    assert remedy(HERE, settings={"database.underscored": True}) == "DB_UNDERSCORED=false"
    assert remedy(VersionTable("public", "nb_applicationVersion")) == "DB_TABLE_PREFIX=nb_"
    assert remedy(VersionTable("app", "applicationVersion")) == "DB_SCHEMA=app"


def plugins(*lacking, **more):
    return tuple(Plugin(name, **{"enabled": True, "installed": True} | more) for name in NEEDED if name not in lacking)


PLUGINS = {
    "all": (PASS, {}),
    "none listed": (FAIL, {"plugins": ()}),
    "nobody knows": (FAIL, {"plugins": None}),
    "one gone": (FAIL, {"plugins": plugins(NEEDED[0])}),
    "all off": (FAIL, {"plugins": plugins(enabled=False)}),
    "not installed": (FAIL, {"plugins": plugins(installed=False)}),
    "one off and one gone": (
        FAIL,
        {"plugins": (*plugins(*NEEDED[:2]), Plugin(NEEDED[1], enabled=False, installed=True))},
    ),
    "the bundle": (UNKNOWN, {"plugins": (Plugin(BUNDLE, enabled=True, installed=True),)}),
    "the bundle off": (FAIL, {"plugins": (Plugin(BUNDLE, enabled=False, installed=True),)}),
    "late": (UNKNOWN, {"plugins": LATE}),
    "tables late": (SKIP, {"tables": LATE}),
    "not installed yet": (SKIP, {"tables": tables(total=0)}),
}


@pytest.mark.parametrize("name", PLUGINS)
def test_plug_ins_are_judged_as_written_down(name):
    severity, values = PLUGINS[name]
    assert judge_plugins(*run(**values)).severity is severity


@pytest.mark.parametrize(
    ("severity", "values"),
    [
        (PASS, {"storage": FileStorage("files", "s3")}),
        (WARN, {"storage": FileStorage("here", "local")}),
        (WARN, {"storage": None}),
        (UNKNOWN, {"storage": LATE}),
        (SKIP, {"tables": LATE}),
    ],
)
def test_a_file_storage_is_judged_as_written_down(severity, values):
    target, _, facts = run(**values)
    assert judge_file_storage(target, facts).severity is severity


@pytest.mark.parametrize(
    ("severity", "work"),
    [
        (PASS, Work(0, 0, ())),
        (PASS, Work(0, 700, ())),
        (PASS, Work(2, 600, ())),
        (PASS, Work(1, 59, ())),
        (WARN, Work(3, 601, ())),
        (WARN, Work(1, 7259, ())),
        (SKIP, None),
        (UNKNOWN, LATE),
    ],
)
def test_a_backlog_is_judged_as_written_down(severity, work):
    target, _, facts = run(work=work)
    assert judge_backlog(target, facts).severity is severity


@pytest.mark.parametrize(
    ("severity", "work"),
    [
        (PASS, Work(5, 9000, ())),
        (FAIL, Work(0, 0, (Twice("Nightly", 3, 2),))),
        (FAIL, Work(0, 0, (Twice("Nightly", 3, 2), Twice("Hourly", 1, 4)))),
        (SKIP, None),
        (UNKNOWN, LATE),
    ],
)
def test_schedules_that_ran_twice_are_judged_as_written_down(severity, work):
    target, _, facts = run(work=work)
    assert judge_duplicates(target, facts).severity is severity


REFUSALS = {
    "dns": (ErrorKind.DNS, ""),
    "silent": (ErrorKind.TIMEOUT, ""),
    "refused": (ErrorKind.REFUSED, ""),
    "full": (ErrorKind.REFUSED, errors.FULL),
    "starting": (ErrorKind.REFUSED, errors.STARTING),
    "wrong-server": (ErrorKind.PROTOCOL, errors.WRONG_SERVER),
    "method": (ErrorKind.PROTOCOL, errors.PLUGIN),
    "broken": (ErrorKind.PROTOCOL, ""),
    "other": (ErrorKind.OTHER, ""),
    "version": (ErrorKind.VERSION, ""),
    "file": (ErrorKind.TLS, errors.BAD_FILE),
    "key": (ErrorKind.TLS, errors.WRONG_KEY),
    "locked": (ErrorKind.TLS, errors.LOCKED_KEY),
    "password": (ErrorKind.CREDENTIALS, ""),
    "missing": (ErrorKind.MISSING, ""),
    "permission": (ErrorKind.PERMISSION, ""),
}


def refusal(host, dialect, kind, about, **more):
    plan = good_plan().with_value("database.dialect", dialect).with_value("database.host", f"{host}.internal")
    plan = plan.with_value("database.user", f"{host}-user").with_value("database.name", f"{host}-db")
    for key in ("tls_cert", "tls_key"):
        plan = plan.with_value(f"database.{key}", f"/nodes/{key}.pem")
    plan = plan.with_value("database.tls", Tls.VERIFY)
    return judge_refusal(Refusal(Target.of(plan, SECRETS), Trouble(kind, "as it says", about, 4), Trust(**more)))


@pytest.mark.parametrize("dialect", [Dialect.POSTGRES, Dialect.MARIADB])
@pytest.mark.parametrize("host", REFUSALS)
def test_a_refused_connection_is_told_as_written_down(host, dialect):
    kind, about = REFUSALS[host]
    finding = refusal(f"{host}-{dialect.value[0]}", dialect, kind, about)
    assert (finding.severity, finding.error, finding.elapsed_ms) == (FAIL, kind, 4)


@pytest.mark.parametrize(
    ("dialect", "kind", "about", "severity"),
    [
        (Dialect.POSTGRES, ErrorKind.TLS, errors.CLIENT_CERTIFICATE, UNKNOWN),
        (Dialect.POSTGRES, ErrorKind.CREDENTIALS, "", FAIL),
        (Dialect.MYSQL, ErrorKind.CREDENTIALS, "", UNKNOWN),
        (Dialect.MYSQL, ErrorKind.CREDENTIALS, errors.PLUGIN, FAIL),
        (Dialect.MYSQL, ErrorKind.PERMISSION, "", FAIL),
    ],
)
def test_a_client_certificate_that_only_the_nodes_have_may_be_what_is_lacking(dialect, kind, about, severity):
    for number, absent in enumerate([("/nodes/tls_cert.pem", "/nodes/tls_key.pem"), ("/nodes/tls_key.pem", "/x")]):
        finding = refusal(f"lacks-{number}", dialect, kind, about, absent=absent)
        assert finding.severity is severity
    assert refusal("has", dialect, kind, about).severity is FAIL
