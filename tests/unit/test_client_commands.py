"""What each word of a client says, as `--help` of psql 15, mysql 8, mariadb 10.11 and redis-cli 7 has it."""

import pytest

from wizard.formats.client_lines import as_line, client, files_as_lines, joined, may_be_command, words_of


def _given(line):
    found = client(line)
    return None if found is None else dict(found.given)


@pytest.mark.parametrize(
    ("program", "scheme"),
    [
        *[(name, "postgresql") for name in ("psql", "pgcli", "pg_dump", "pg_dumpall", "pg_isready", "pg_restore")],
        *[(name, "postgresql") for name in ("pgbench", "createdb", "vacuumdb")],
        *[(name, "mysql") for name in ("mysql", "mysqldump", "mycli", "mysqladmin")],
        *[(name, "mariadb") for name in ("mariadb", "mariadb-dump", "mariadb-admin")],
        *[(name, "redis") for name in ("redis-cli", "valkey-cli", "iredis")],
    ],
)
def test_each_client_is_known_by_its_name_and_in_a_folder(program, scheme):
    for line in (f"{program} -h db.internal", f"/usr/bin/{program} -h db.internal"):
        found = client(line)
        assert (found.scheme, dict(found.given)) == (scheme, {"host": "db.internal"})


@pytest.mark.parametrize(
    "before",
    [
        *["docker exec -it pg", "docker-compose exec pg", "env", "exec", "kubectl exec pod --", "nerdctl exec pg"],
        *["oc exec pod --", "podman exec pg", "sudo -u postgres", "time", "watch", "A=b", "$ "],
    ],
)
def test_a_client_counts_behind_what_starts_it(before):
    assert _given(f"{before} psql -h db.internal") == {"host": "db.internal"}


@pytest.mark.parametrize("line", ["echo psql -h db", "man psql", "grep redis-cli notes", "apt install mariadb"])
def test_a_client_that_another_program_is_told_of_is_none(line):
    assert client(line) is None


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("-h H -p 6432 -U u -d n", {"host": "H", "port": "6432", "user": "u", "name": "n"}),
        ("-hH -p6432 -Uu -dn", {"host": "H", "port": "6432", "user": "u", "name": "n"}),
        ("--host H --port 6432 --username u --dbname n", {"host": "H", "port": "6432", "user": "u", "name": "n"}),
        ("--host=H --port=6432 --username=u --dbname=n", {"host": "H", "port": "6432", "user": "u", "name": "n"}),
        ("n u", {"name": "n", "user": "u"}),
        ("-d n other", {"name": "n"}),
        ("-Ath H", {"host": "H"}),
        ("-W -h H", {"host": "H"}),
        ("--no-password -h H", {"host": "H"}),
        ("-h", {}),
        ("-h H | less", {"host": "H"}),
        *[(f"-{letter} word n u", {"name": "n", "user": "u"}) for letter in "cfvoPFRTL"],
        *[(f"-{letter}word n u", {"name": "n", "user": "u"}) for letter in "cfvoPFRTL"],
    ],
)
def test_words_of_psql(words, given):
    assert _given(f"psql {words}") == given


def test_other_clients_of_postgresql_have_no_places():
    assert _given("pg_dump -U u shop") == {"user": "u"}


@pytest.mark.parametrize("program", ["mysql", "mysqldump", "mycli", "mariadb", "mariadb-dump"])
@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("-h H -P 3307 -u u -D n", {"host": "H", "port": "3307", "user": "u", "name": "n"}),
        ("-u u -pword n", {"user": "u", "password": "word", "name": "n"}),
        ("-u u -p n", {"user": "u", "name": "n"}),
        ("--user=u --password n", {"user": "u", "name": "n"}),
        (
            "--user u --password=word --host H --port 3307 --database n",
            {"user": "u", "password": "word", "host": "H", "port": "3307", "name": "n"},
        ),
        *[(f"--ssl-{what}=word", {f"ssl{what}": "word"}) for what in ("ca", "cert", "key", "mode")],
        ("--ssl", {"sslmode": "required"}),
        ("--skip-ssl", {"sslmode": "disabled"}),
        ("--ssl-verify-server-cert", {"sslmode": "verify-identity"}),
        ("--ssl-mode=disabled --ssl", {"sslmode": "disabled"}),
        ("-e word n", {"name": "n"}),
        ("-S word n", {"name": "n"}),
    ],
)
def test_words_of_mysql(program, words, given):
    assert _given(f"{program} {words}") == given


@pytest.mark.parametrize("program", ["mysqladmin", "mariadb-admin"])
def test_a_command_of_an_administrator_is_no_database(program):
    assert _given(f"{program} -u u ping") == {"user": "u"}


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("-h H -p 6380 -n 2 -a word", {"host": "H", "port": "6380", "name": "2", "password": "word"}),
        ("-u redis://H:1", {"address": "redis://H:1"}),
        ("--user u --pass word", {"user": "u", "password": "word"}),
        ("--tls -h H", {"tls": "true", "host": "H"}),
        ("get key", {}),
        *[(f"-{letter} word -h H", {"host": "H"}) for letter in "sridDtX"],
    ],
)
def test_words_of_redis(words, given):
    assert _given(f"redis-cli {words}") == given


@pytest.mark.parametrize(
    ("variable", "program", "what"),
    [
        *[("PGHOST", "psql", "host"), ("PGPORT", "psql", "port"), ("PGUSER", "psql", "user")],
        *[("PGPASSWORD", "psql", "password"), ("PGDATABASE", "psql", "name"), ("PGSSLMODE", "psql", "sslmode")],
        *[
            ("PGSSLROOTCERT", "pg_dump", "sslrootcert"),
            ("PGSSLCERT", "psql", "sslcert"),
            ("PGSSLKEY", "psql", "sslkey"),
        ],
        *[("MYSQL_PWD", "mysql", "password"), ("MYSQL_HOST", "mysql", "host"), ("MYSQL_TCP_PORT", "mariadb", "port")],
        *[("REDISCLI_AUTH", "redis-cli", "password"), ("VALKEYCLI_AUTH", "valkey-cli", "password")],
    ],
)
def test_a_variable_before_a_client_says_what_the_client_reads_of_it(variable, program, what):
    assert _given(f"{variable}=word {program}") == {what: "word"}
    assert _given(f"OTHER=word {program}") == {}


def test_an_option_wins_over_a_variable_and_a_shells_variable_is_no_value():
    assert _given("PGHOST=one psql -h two") == {"host": "two"}
    assert _given("PGHOST=one psql -h $TWO -U u") == {"user": "u"}


@pytest.mark.parametrize("end", ["|", "||", "&&", "&", ";", ">", ">>", "<", "<<<", "2>", "2>&1"])
def test_what_stands_behind_a_commands_end_is_not_its_own(end):
    assert words_of(f"psql -h one {end} psql -h two") == ["psql", "-h", "one"]


@pytest.mark.parametrize(("length", "is_one"), [(16384, True), (16385, False)])
def test_a_line_of_more_than_sixteen_kibibytes_is_no_command(length, is_one):
    line = "psql " + "x" * (length - 5)
    assert (may_be_command(line), len(words_of(line))) == (is_one, 2 if is_one else 0)


def test_a_quote_without_an_end_is_no_command():
    assert words_of("psql -h 'db") == []


@pytest.mark.parametrize("between", ["\\\n", "\\ \n", "\\\u2028", "\\"])
def test_a_command_goes_on_behind_a_backslash(between):
    assert _given(f"psql -h db.internal {between}--port 6432") == {"host": "db.internal", "port": "6432"}


def test_lines_are_joined_where_they_go_on():
    assert [*joined(["psql \\", "-h db \\  ", "-p 1", "next", "last \\"])] == [(0, 3), (3, 4), (4, 5)]


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("db:5432:shop:nocobase:word", "host='db' port='5432' dbname='shop' user='nocobase' password='word'"),
        ("*:*:*:nocobase:word", "user='nocobase' password='word'"),
        (r"db:5432:shop:nocobase:a\:b\\c", r"host='db' port='5432' dbname='shop' user='nocobase' password='a:b\\c'"),
        ("db:5432:shop:nocobase:it's", r"host='db' port='5432' dbname='shop' user='nocobase' password='it\'s'"),
        ("# db:5432:shop:nocobase:word", "# db:5432:shop:nocobase:word"),
        ("db:543210:shop:nocobase:word", "db:543210:shop:nocobase:word"),
    ],
)
def test_a_line_of_a_password_file_is_one_of_pairs(line, made):
    assert as_line(line) == made


@pytest.mark.parametrize(
    ("name", "program"),
    [
        *[("client", "mysql"), ("mysql", "mysql"), ("mysqldump", "mysql"), ("client-server", "mysql")],
        *[("client_prod", "mysql"), ("mariadb", "mariadb"), ("mariadb-dump", "mariadb"), ("client-mariadb", "mariadb")],
    ],
)
def test_a_section_of_an_option_file_is_its_clients_command(name, program):
    lines = [f"[{name}]", "# note", "host = db", "user='nocobase'", 'password="it is"', "ssl"]
    made = files_as_lines([*lines, "[other]", "a=b"])
    assert made[0] == f"{program} --host=db --user=nocobase '--password=it is' --ssl"
    assert made[1:] == ["", "", "", "", "", "[other]", "a=b"]


@pytest.mark.parametrize("name", ["mysqld", "mariadbd", "server", "mysqld-5.7"])
def test_a_servers_own_section_is_left_out(name):
    assert files_as_lines([f"[{name}]", "datadir=/var/lib/mysql", "port=3306"]) == ["", "", ""]


@pytest.mark.parametrize("unused", ["application_name=x", "connect_timeout=5", "options=-csearch_path=a"])
def test_a_section_of_a_service_file_is_one_line(unused):
    made = files_as_lines(["[shop]", "host=db", unused, "dbname=shop", "sslmode=require"])
    assert made == ["host='db' dbname='shop' sslmode='require'", "", "", "", ""]


@pytest.mark.parametrize(
    "key",
    [*["host", "hostaddr", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey"]],
)
def test_each_word_of_a_service_is_taken(key):
    assert files_as_lines(["[shop]", f"{key}=value"]) == [f"{key}='value'", ""]


def test_a_section_of_another_program_stays():
    lines = ["[shop]", "host=db", "colour=red"]
    assert files_as_lines(lines) == lines
