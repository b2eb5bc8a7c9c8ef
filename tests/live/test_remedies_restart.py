"""Remedies that count at a server's next start: each is followed on a real server with the fault, and cures it."""

import getpass
import os
import shlex

import pytest

from tests.live.helpers_database import check, database_of_its_own, only_the_gate, plan_for, run_sql, verdict
from tests.live.redis_plans import PASSED, found_of, outcome, plan_of
from tests.remedies import lines_of, paste
from tests.servers.again import append, start_again
from tests.servers.mariadb import MariaDb
from tests.servers.redis import redis8_launch, sound_redis
from wizard.checks.database import errors
from wizard.checks.database.facts import Trust
from wizard.checks.database.judge_refusal import judge_refusal
from wizard.checks.database.target import Target
from wizard.checks.database.words import Refusal
from wizard.checks.plan.rules import rules
from wizard.demo.postgres import Postgres
from wizard.demo.redis import Redis
from wizard.engine.facts import Trouble
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret
from wizard.plan.sections import Tls

pytestmark = pytest.mark.live
PASS, FAIL = Severity.PASS, Severity.FAIL


def _administrator(server) -> dict[str, str]:
    """Return the variables by which PostgreSQL's programs are the server's administrator."""
    path = f"{server.binaries}{os.pathsep}{os.environ['PATH']}"
    login = {"PGHOST": server.host, "PGPORT": str(server.port), "PGDATABASE": "postgres"}
    return {"PATH": path, "PGUSER": server.admin, "PGPASSWORD": server.admin_password, **login}


def _in_folder(server, remedy: str, folder: str) -> str:
    """Return a remedy for the server's own folder and user, in place of those of an installed one."""
    user = server.account.name if server.account else getpass.getuser()
    return (
        remedy.replace(folder, str(server.folder))
        .replace("chown mysql ", f"chown {user} ")
        .replace("chown redis ", f"chown {user} ")
    )


def _commands(remedy: str, file: str) -> str:
    return remedy.partition(f"# In {file},")[0]


class TestDatabase:
    def test_a_postgresql_without_tls_gets_a_certificate_first_and_starts_again_with_it(self, launch, tmp_path):
        server = launch(Postgres)
        gate = only_the_gate(check(server, tls=Tls.ENCRYPT))
        assert verdict(gate) == (FAIL, ErrorKind.TLS)
        paste(gate.remedy, folder=server.data, account=server.account, **_administrator(server))
        start_again(server)
        ours = tmp_path / "authority.pem"
        ours.write_bytes((server.data / "server.crt").read_bytes())
        assert verdict(check(server, tls=Tls.VERIFY, tls_ca=str(ours))["database.tls"]) == (PASS, None)

    def test_a_mariadb_without_tls_gets_a_certificate_first_and_starts_again_with_it(self, launch, tmp_path):
        server = launch(lambda: MariaDb(lines=("skip-ssl",)))
        gate = only_the_gate(check(server, "mariadb", tls=Tls.ENCRYPT))
        assert verdict(gate) == (FAIL, ErrorKind.TLS)
        remedy = _in_folder(server, gate.remedy, "/etc/mysql")
        paste(_commands(remedy, "my.cnf"))
        file = server.folder / "my.cnf"
        file.write_text(file.read_text().replace("skip-ssl\n", ""))
        append(server, "my.cnf", lines_of(remedy, "my.cnf"))
        start_again(server)
        ours = tmp_path / "authority.pem"
        ours.write_bytes((server.folder / "server.crt").read_bytes())
        assert verdict(check(server, "mariadb", tls=Tls.VERIFY, tls_ca=str(ours))["database.tls"]) == (PASS, None)

    @pytest.mark.parametrize(
        ("make", "dialect", "file"),
        [(Postgres, "postgres", "data/postgresql.conf"), (MariaDb, "mariadb", "my.cnf")],
    )
    def test_a_server_that_listens_on_one_address_alone_is_reached_by_the_lines(self, launch, make, dialect, file):
        server = launch(make)
        gate = only_the_gate(check(server, dialect, host="127.0.0.2"))
        assert verdict(gate) == (FAIL, ErrorKind.REFUSED)
        append(server, file, lines_of(gate.remedy, file.rpartition("/")[2]))
        start_again(server)
        assert check(server, dialect, host="127.0.0.2")["database.connect"].error is not ErrorKind.REFUSED

    def test_a_server_at_another_port_than_the_plans_is_not_moved_away_from_those_who_use_it(self, launch):
        server = launch(Postgres)
        remedy = only_the_gate(check(server, host="127.0.0.2", port=server.another_port())).remedy
        append(server, "data/postgresql.conf", lines_of(remedy, "postgresql.conf"))
        start_again(server)
        assert verdict(check(server)["database.connect"]) == (PASS, None)

    def test_a_server_that_allows_too_few_connections_allows_enough(self, launch):
        server = launch(lambda: Postgres(config={"max_connections": "20"}))
        finding = check(server, pool_max=10)["database.connections"]
        assert finding.severity is FAIL
        run_sql(server, *finding.remedy.splitlines()[1:])
        start_again(server)
        assert verdict(check(server, pool_max=10)["database.connections"]) == (PASS, None)

    def test_a_mariadb_that_allows_too_few_connections_allows_enough_at_once(self, launch):
        server = launch(lambda: MariaDb(lines=("max_connections=20",)))
        finding = check(server, "mariadb", pool_max=10)["database.connections"]
        assert finding.severity is Severity.WARN
        run_sql(server, *finding.remedy.splitlines()[1:])
        assert verdict(check(server, "mariadb", pool_max=10)["database.connections"]) == (PASS, None)

    def test_a_database_in_latin1_is_made_anew_with_all_that_is_in_it(self, postgres, tmp_path):
        with database_of_its_own(postgres, "narrow", "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0") as narrow:
            narrow.as_owner("CREATE TABLE words (word TEXT)", "INSERT INTO words VALUES ('é')")
            finding = check(narrow)["database.encoding"]
            assert finding.severity is FAIL
            try:
                paste(finding.remedy, folder=tmp_path, **_administrator(postgres))
                assert verdict(check(narrow)["database.encoding"]) == (PASS, None)
                assert narrow.as_owner("INSERT INTO words VALUES ('語')", "SELECT word FROM words") == [("é",), ("語",)]
            finally:
                run_sql(postgres, "DROP DATABASE IF EXISTS narrow_old", dbname="postgres")

    def test_a_database_in_latin1_of_mariadb_takes_new_tables_in_utf8(self, mariadb):
        with database_of_its_own(mariadb, "narrow", "CHARACTER SET latin1") as narrow:
            run_sql(mariadb, check(narrow, "mariadb")["database.encoding"].remedy)
            assert verdict(check(narrow, "mariadb")["database.encoding"]) == (PASS, None)

    @pytest.mark.slow
    def test_an_account_of_a_method_that_cannot_be_used_gets_another(self, launch):
        server = launch(lambda: MariaDb(lines=("secure_auth=OFF",)))
        old = "ALTER USER nocobase@'%' IDENTIFIED VIA mysql_old_password USING '0123456789abcdef'"
        run_sql(server, old)
        assert only_the_gate(check(server, "mariadb")).severity is FAIL
        target = Target.of(plan_for(server, "mariadb"), {})
        trouble = Trouble(ErrorKind.PROTOCOL, "2059: not configured", errors.PLUGIN)  # as PyMySQL says it of others
        gate = judge_refusal(Refusal(target, trouble, Trust()))
        run_sql(server, gate.remedy.splitlines()[-1].replace("PASSWORD-HERE", server.password))
        assert verdict(check(server, "mariadb")["database.connect"]) == (PASS, None)

    def test_an_account_that_may_have_too_few_connections_may_have_enough(self, postgres):
        run_sql(postgres, "ALTER ROLE nocobase CONNECTION LIMIT 5")
        try:
            finding = check(postgres)["database.connections"]
            assert finding.severity is FAIL
            run_sql(postgres, finding.remedy)
            assert verdict(check(postgres)["database.connections"]) == (PASS, None)
        finally:
            run_sql(postgres, "ALTER ROLE nocobase CONNECTION LIMIT -1")

    def test_a_password_that_breaks_the_licence_kit_is_changed_as_told(self, postgres):
        run_sql(postgres, "CREATE ROLE spaced LOGIN PASSWORD 'with space'")
        try:
            plan = plan_for(postgres, user="spaced")
            told = {finding.id: finding for finding in rules(plan, {"database.password": Secret("with space")})}
            remedy = told["plan.database_password"].remedy
            paste(remedy, typed="without-space\nwithout-space\n", **_administrator(postgres))
            gate = check(postgres, user="spaced", secret="without-space", name="nocobase")["database.connect"]
            assert verdict(gate) == (PASS, None)
        finally:
            run_sql(postgres, "DROP ROLE spaced")

    def test_a_password_that_nobody_knows_is_changed_for_all_as_told(self, postgres, mariadb):
        make = ("CREATE ROLE lost LOGIN PASSWORD 'old'", "CREATE USER lost@'%' IDENTIFIED BY 'old'")
        for server, dialect, statement in zip((postgres, mariadb), ("postgres", "mariadb"), make, strict=True):
            run_sql(server, statement)
            try:
                remedy = check(server, dialect, user="lost", secret="Not-the-password")["database.connect"].remedy
                change = remedy.splitlines()[-1].replace("PASSWORD-HERE", "new-one")
                if dialect == "postgres":
                    paste(shlex.join(["psql", "-c", change]), typed="new-one\nnew-one\n", **_administrator(server))
                else:
                    run_sql(server, change)
                gate = check(server, dialect, user="lost", secret="new-one")["database.connect"]
                assert gate.error is not ErrorKind.CREDENTIALS
            finally:
                run_sql(server, "DROP ROLE lost" if dialect == "postgres" else "DROP USER lost@'%'")


class TestRedis:
    def _look(self, server, values=None):
        plan, secrets = plan_of(server, values)
        return found_of(plan, secrets)

    def test_a_server_with_too_few_databases_has_the_one_of_the_plan(self, launch):
        server, values = launch(sound_redis), {"redis.databases.cache": 20}
        finding = self._look(server, values)["redis.database", "cache"]
        assert finding.severity is FAIL
        append(server, "redis.conf", lines_of(finding.remedy, "redis.conf"))
        start_again(server)
        assert outcome(self._look(server, values)["redis.database", "cache"]) == PASSED

    def test_a_cluster_of_one_becomes_a_plain_server(self, launch):
        server = launch(lambda: sound_redis(lines=["cluster-enabled yes"]))
        finding = self._look(server)["redis.cluster", "cache"]
        assert finding.severity is FAIL
        append(server, "redis.conf", lines_of(finding.remedy, "redis.conf"))
        start_again(server)
        assert outcome(self._look(server)["redis.cluster", "cache"]) == PASSED

    @pytest.mark.slow
    def test_a_plain_server_speaks_tls_with_a_certificate_of_its_own(self, launch, monkeypatch):
        server = launch(lambda: Redis(launch=redis8_launch()))
        finding = self._look(server, {"redis.server.tls": True})["redis.connect", "cache"]
        assert outcome(finding) == (FAIL, ErrorKind.TLS)
        remedy = _in_folder(server, finding.remedy, "/etc/redis")
        paste(_commands(remedy, "redis.conf"))
        append(server, "redis.conf", lines_of(remedy, "redis.conf"))
        monkeypatch.setattr(server, "is_ready", lambda: "Ready to accept connections tls" in server.process.log_tail())
        start_again(server)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(server.folder / "server.crt")}
        assert outcome(self._look(server, values)["redis.connect", "cache"]) == PASSED
