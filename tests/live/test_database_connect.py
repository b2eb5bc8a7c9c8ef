"""The gate of the database checks on real servers: who does not get in, told apart; and TLS."""

import datetime as dt

import pytest

from tests.live.helpers_database import (
    check,
    check_plan,
    database_of_its_own,
    only_the_gate,
    plan_for,
    run_sql,
    verdict,
)
from tests.live.running import findings_of
from tests.patience import patience, wait_until
from tests.remedies import lines_of, statements
from tests.servers.fixtures import WEAK_PASSWORD, WEAK_USER, running
from tests.servers.mariadb import MariaDb
from wizard.checks.database.checks import checks
from wizard.demo.postgres import Postgres
from wizard.demo.process import LOOPBACK
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Tls

pytestmark = pytest.mark.live
REFUSING = {
    "PGCHANNELBINDING": "require",
    "PGREQUIREAUTH": "none",
    "PGSSLCERTMODE": "require",
    "PGMINPROTOCOLVERSION": "3.2",
    "PGREQUIREPEER": "nobody",
}
"""Variables of libpq, each of which a plain connection does not meet."""
PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
SKIP, UNKNOWN = Severity.SKIP, Severity.UNKNOWN


@pytest.fixture
def ca_file(authority, tmp_path):
    path = tmp_path / "authority.pem"
    path.write_bytes(authority.pem)
    return str(path)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb"])
def test_connect_tells_an_unknown_name(closed_port, dialect):
    gate = only_the_gate(check(closed_port, dialect, host="database.invalid"))
    assert verdict(gate) == (FAIL, ErrorKind.DNS)
    assert gate.remedy == "getent hosts database.invalid"


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb"])
def test_connect_tells_a_name_that_can_be_none(closed_port, dialect):
    assert verdict(only_the_gate(check(closed_port, dialect, host="db..internal"))) == (FAIL, ErrorKind.DNS)


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb"])
def test_connect_tells_a_closed_port(closed_port, dialect):
    assert verdict(only_the_gate(check(closed_port, dialect))) == (FAIL, ErrorKind.REFUSED)


@pytest.mark.usefixtures("quiet_machine")
@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb"])
def test_connect_tells_a_silent_server_at_the_deadline(silent_port, dialect):
    gate = only_the_gate(check_plan(plan_for(silent_port, dialect), "unused", timeout=patience(0.3)))
    assert verdict(gate) == (FAIL, ErrorKind.TIMEOUT)


@pytest.mark.usefixtures("quiet_machine")
@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["postgres", "mysql"])
def test_the_driver_gives_a_silent_server_up_before_the_runner_does(silent_port, dialect):
    gate = only_the_gate(check(silent_port, dialect))
    assert verdict(gate) == (FAIL, ErrorKind.TIMEOUT)
    assert gate.elapsed_ms < 4900


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "mariadb"])
def test_connect_tells_a_server_that_talks_something_else(trickling_port, dialect):
    gate = only_the_gate(check(trickling_port, dialect))
    assert verdict(gate) == (FAIL, ErrorKind.PROTOCOL)


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres", "postgres"), ("mariadb", "mariadb")])
def test_connect_tells_a_wrong_password(request, fixture, dialect):
    server = request.getfixturevalue(fixture)
    gate = only_the_gate(check(server, dialect, secret="Not-the-password"))
    assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
    assert server.user in gate.remedy


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres", "postgres"), ("mariadb", "mariadb")])
def test_connect_tells_that_the_plan_has_no_password(request, fixture, dialect):
    gate = only_the_gate(check(request.getfixturevalue(fixture), dialect, password=None))
    assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
    assert "has none" in gate.summary


def test_an_address_that_refuses_does_not_hide_the_next_one(postgres, monkeypatch):
    monkeypatch.setattr("wizard.checks.database.probe_postgres.resolve", lambda *_: ["127.0.0.9", LOOPBACK])
    assert verdict(check(postgres)["database.connect"]) == (PASS, None)
    assert verdict(check(postgres, secret="Not-the-password")["database.connect"]) == (FAIL, ErrorKind.CREDENTIALS)


def test_variables_and_files_of_this_machine_change_nothing(postgres, monkeypatch, tmp_path):
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"*:*:*:*:{postgres.password}")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    monkeypatch.setenv("PGPASSWORD", postgres.password)
    assert verdict(check(postgres, password=None)["database.connect"]) == (FAIL, ErrorKind.CREDENTIALS)
    monkeypatch.setenv("PGHOSTADDR", "127.0.0.9")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=on")
    for name, value in REFUSING.items():
        monkeypatch.setenv(name, value)
    assert verdict(check(postgres)["database.writable"]) == (PASS, None)


def test_connect_tells_a_missing_database(postgres):
    gate = only_the_gate(check(postgres, name="elsewhere"))
    assert verdict(gate) == (FAIL, ErrorKind.MISSING)
    compare, only, create = gate.remedy.splitlines()
    assert compare.startswith("-- First compare DB_DATABASE with the name that the other nodes use")
    assert only.startswith("-- Only where no node uses another one")
    assert create == 'CREATE DATABASE "elsewhere" OWNER "nocobase" ENCODING \'UTF8\' TEMPLATE template0;'
    try:
        run_sql(postgres, gate.remedy)
        assert verdict(check(postgres, name="elsewhere")["database.connect"]) == (PASS, None)
    finally:
        run_sql(postgres, "DROP DATABASE IF EXISTS elsewhere")


def test_connect_tells_a_missing_mariadb_database_to_an_account_that_may_know(mariadb):
    gate = only_the_gate(check(mariadb, "mariadb", user="root", name="elsewhere", secret=mariadb.admin_password))
    assert verdict(gate) == (FAIL, ErrorKind.MISSING)
    assert "\nCREATE DATABASE IF NOT EXISTS `elsewhere` CHARACTER SET utf8mb4;\n" in gate.remedy


def test_connect_tells_a_mariadb_database_that_is_not_ours(mariadb):
    gate = only_the_gate(check(mariadb, "mariadb", name="mysql"))
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    assert gate.remedy.endswith("\nGRANT ALL ON `mysql`.* TO 'nocobase'@'%';")


def test_connect_tells_a_missing_mariadb_database_to_an_account_that_may_not_know(mariadb):
    gate = only_the_gate(check(mariadb, "mariadb", name="else_where"))
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    assert "or there is no such database" in gate.summary
    try:
        run_sql(mariadb, *gate.remedy.splitlines()[2:], database="mysql")
        assert verdict(check(mariadb, "mariadb", name="else_where")["database.rights"]) == (PASS, None)
        gate = only_the_gate(check(mariadb, "mariadb", name="elseXwhere"))
        assert verdict(gate) == (FAIL, ErrorKind.PERMISSION), "no pattern"
    finally:
        run_sql(
            mariadb, "DROP DATABASE else_where", r"REVOKE ALL ON `else\_where`.* FROM nocobase@'%'", database="mysql"
        )


def test_connect_tells_a_database_that_is_closed_to_the_account(postgres):
    with database_of_its_own(postgres, "closed") as closed:
        run_sql(postgres, "REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
        gate = only_the_gate(check(closed, user=WEAK_USER, secret=WEAK_PASSWORD))
        run_sql(postgres, gate.remedy)
        let_in = check(closed, user=WEAK_USER, secret=WEAK_PASSWORD)["database.connect"]
    assert verdict(let_in) == (PASS, None)
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    assert gate.remedy == 'GRANT CONNECT ON DATABASE "closed" TO "weak";'


def test_connect_tells_that_no_rule_lets_us_in(launch):
    server = launch(lambda: Postgres(hba=[f"host all postgres {LOOPBACK}/32 scram-sha-256"]))
    gate = only_the_gate(check(server))
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    rules = lines_of(gate.remedy, "pg_hba.conf").replace("10.0.0.1/32", f"{LOOPBACK}/32")
    file = server.data / "pg_hba.conf"
    file.write_text(file.read_text() + rules.partition("# Then:")[0].partition("-- ")[0])
    run_sql(server, gate.remedy.splitlines()[-1])
    assert wait_until(lambda: verdict(check(server)["database.connect"]) == (PASS, None), within=10)


def test_connect_tells_that_no_account_may_come_from_here(launch):
    server = launch(MariaDb)
    with server.connect(database="mysql") as admin, admin.cursor() as cursor:
        cursor.execute("DELETE FROM global_priv")
        cursor.execute("FLUSH PRIVILEGES")
        gate = only_the_gate(check(server, "mariadb"))
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    assert statements(gate.remedy)[0] == "CREATE USER 'nocobase'@'%' IDENTIFIED BY 'PASSWORD-HERE';"


def test_a_check_makes_mariadb_count_no_error(launch):
    server = launch(MariaDb)  # of its own: another may still be counting what an earlier test did to it
    count = "SHOW GLOBAL STATUS WHERE Variable_name IN ('Aborted_connects', 'Aborted_clients')"
    before = run_sql(server, count)
    check(server, "mariadb")
    assert run_sql(server, count) == before


def test_a_check_leaves_no_session_behind(postgres):
    check(postgres)
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nocobase-cluster-wizard'"
    assert wait_until(lambda: run_sql(postgres, sessions) == [(0,)], within=30)


def test_connect_tells_that_all_connections_are_in_use(postgres):
    run_sql(postgres, "ALTER ROLE weak CONNECTION LIMIT 0")
    try:
        gate = only_the_gate(check(postgres, user=WEAK_USER, secret=WEAK_PASSWORD))
    finally:
        run_sql(postgres, "ALTER ROLE weak CONNECTION LIMIT -1")
    assert verdict(gate) == (FAIL, ErrorKind.REFUSED)
    assert "no more connections" in gate.summary
    assert any(row[0] == postgres.admin for row in run_sql(postgres, gate.remedy))


def test_connect_tells_that_another_kind_of_server_answers(mariadb):
    gate = only_the_gate(check(mariadb, "postgres"))
    assert verdict(gate) == (FAIL, ErrorKind.PROTOCOL)
    assert "does not speak" in gate.summary


def test_connect_tells_that_the_server_wants_tls(postgres_hostssl):
    gate = only_the_gate(check(postgres_hostssl))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "over TLS alone" in gate.summary


def test_connect_tells_that_mariadb_wants_tls(launch, authority):
    server = launch(lambda: MariaDb(tls=authority.sign()))
    run_sql(server, "SET GLOBAL require_secure_transport = ON")
    gate = only_the_gate(check(server, "mariadb"))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "over TLS alone" in gate.summary
    assert verdict(check(server, "mariadb", tls=Tls.ENCRYPT)["database.connect"]) == (PASS, None)


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres", "postgres"), ("mariadb", "mariadb")])
def test_connect_tells_that_the_server_has_no_tls(request, fixture, dialect):
    gate = only_the_gate(check(request.getfixturevalue(fixture), dialect, tls=Tls.ENCRYPT))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "offers no TLS" in gate.summary


def test_tls_tells_what_keeps_the_licence_kit_out(mariadb_tls):
    orders = {
        "REQUIRE SSL": ("ALTER USER nocobase@'%' REQUIRE SSL", "ALTER USER nocobase@'%' REQUIRE NONE"),
        "require_secure_transport=ON": (
            "SET GLOBAL require_secure_transport = ON",
            "SET GLOBAL require_secure_transport = OFF",
        ),
    }
    for demanded, (order, back) in orders.items():
        run_sql(mariadb_tls, order)
        try:
            finding = check(mariadb_tls, "mariadb", tls=Tls.ENCRYPT)["database.tls"]
        finally:
            run_sql(mariadb_tls, back)
        assert verdict(finding) == (WARN, None)
        assert f"over TLS alone ({demanded}): NocoBase's licence kit" in finding.summary
    assert verdict(check(mariadb_tls, "mariadb", tls=Tls.ENCRYPT)["database.tls"]) == (INFO, None)


def test_connect_tells_a_wrong_password_from_an_account_that_wants_tls(mariadb_tls):
    run_sql(mariadb_tls, "ALTER USER nocobase@'%' REQUIRE SSL")
    try:
        wrong = only_the_gate(check(mariadb_tls, "mariadb", secret="Not-the-password"))
        plain = only_the_gate(check(mariadb_tls, "mariadb"))
    finally:
        run_sql(mariadb_tls, "ALTER USER nocobase@'%' REQUIRE NONE")
    assert verdict(wrong) == (FAIL, ErrorKind.CREDENTIALS)
    assert verdict(plain) == (FAIL, ErrorKind.TLS)


# TLS


@pytest.fixture(scope="module")
def mariadb_tls(authority):
    with running(lambda: MariaDb(tls=authority.sign())) as server:
        yield server


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres_tls", "postgres"), ("mariadb_tls", "mariadb")])
def test_tls_passes_with_a_checked_certificate(request, fixture, dialect, ca_file):
    found = check(request.getfixturevalue(fixture), dialect, tls=Tls.VERIFY, tls_ca=ca_file)
    assert verdict(found["database.tls"]) == (PASS, None)
    assert found["database.tls"].facts["protocol"] == "TLSv1.3"
    assert "over TLSv1.3" in found["database.connect"].summary


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres_tls", "postgres"), ("mariadb_tls", "mysql")])
def test_tls_tells_that_the_certificate_is_not_checked(request, fixture, dialect):
    found = check(request.getfixturevalue(fixture), dialect, tls=Tls.ENCRYPT)
    assert verdict(found["database.tls"]) == (INFO, None)
    assert "not checked" in found["database.tls"].summary


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres_tls", "postgres"), ("mariadb_tls", "mariadb")])
def test_tls_cannot_be_judged_without_the_authority_file(request, fixture, dialect):
    found = check(request.getfixturevalue(fixture), dialect, tls=Tls.VERIFY, tls_ca="/app/nocobase/storage/ca.pem")
    assert verdict(found["database.connect"]) == (PASS, None)
    assert verdict(found["database.tls"]) == (UNKNOWN, ErrorKind.MISSING)
    assert "/app/nocobase/storage/ca.pem" in found["database.tls"].summary


@pytest.mark.parametrize(("fixture", "dialect"), [("postgres_tls", "postgres"), ("mariadb_tls", "mysql")])
def test_an_authority_that_is_not_public_is_not_trusted(request, fixture, dialect):
    gate = only_the_gate(check(request.getfixturevalue(fixture), dialect, tls=Tls.VERIFY))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "not trusted" in gate.summary
    assert "self-signed" in gate.detail


def test_the_private_authority_of_the_nodes_is_trusted_besides_the_public_ones(postgres_tls, ca_file):
    plan = plan_for(postgres_tls, tls=Tls.VERIFY).with_value("application.extra_ca_file", ca_file)
    assert verdict(check_plan(plan, postgres_tls.password)["database.tls"]) == (PASS, None)


def expired(authority):
    return authority.sign(not_after=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(("make", "dialect"), [(Postgres, "postgres"), (MariaDb, "mariadb")])
def test_an_expired_certificate_is_called_so(launch, authority, ca_file, make, dialect):
    server = launch(lambda: make(tls=expired(authority)))
    gate = only_the_gate(check(server, dialect, tls=Tls.VERIFY, tls_ca=ca_file))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "has expired" in gate.summary


@pytest.mark.parametrize(("make", "dialect"), [(Postgres, "postgres"), (MariaDb, "mariadb")])
def test_a_certificate_for_another_name_is_called_so(launch, authority, ca_file, make, dialect):
    server = launch(lambda: make(tls=authority.sign("db.example.com")))
    gate = only_the_gate(check(server, dialect, tls=Tls.VERIFY, tls_ca=ca_file))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "another name" in gate.summary
    if dialect == "mariadb":
        found = check(server, "mysql", tls=Tls.VERIFY, tls_ca=ca_file)
        assert verdict(found["database.tls"]) == (PASS, None), "mysql2 does not compare names"


def test_a_client_certificate_is_given_and_its_lack_is_told(launch, authority, ca_file, tmp_path):
    rule = f"hostssl all nocobase {LOOPBACK}/32 scram-sha-256 clientcert=verify-ca"
    both = [rule, f"host all postgres {LOOPBACK}/32 scram-sha-256"]
    server = launch(lambda: Postgres(tls=authority.sign(), hba=both))
    tls = {"tls": Tls.VERIFY, "tls_ca": ca_file}
    gate = only_the_gate(check(server, **tls))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "client certificate" in gate.summary
    mine = authority.sign("client.example.com")
    certificate, key = tmp_path / "client.crt", tmp_path / "client.key"
    certificate.write_bytes(mine.certificate)
    key.write_bytes(mine.key)
    key.chmod(0o600)
    found = check(server, **tls, tls_cert=str(certificate), tls_key=str(key))
    assert verdict(found["database.tls"]) == (PASS, None)


# Before anything is asked


def test_without_a_host_nothing_is_asked(closed_port):
    assert {finding.severity for finding in check(closed_port, host="").values()} == {SKIP}


def test_a_password_that_is_not_at_hand_is_unknown(closed_port):
    found = findings_of(checks(plan_for(closed_port), {}))
    assert verdict(found["database.connect", ""]) == (UNKNOWN, ErrorKind.MISSING)
