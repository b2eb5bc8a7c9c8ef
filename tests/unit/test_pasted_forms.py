"""What people have at hand is taken apart: addresses of JDBC, command lines, lists of variables, files of clients."""

import json

import pytest

from wizard.guide.pasting import read, taken_over
from wizard.plan.plan import Plan
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.sections import Dialect, Tls

SECRET = "kT7-quite.secret"


def _all_of(text, *left_out):
    """Return the plan and the secrets of a text whose rest is said; nothing that is told holds the secret."""
    pasted = read(text, Plan())
    assert SECRET not in repr(pasted) + "".join(one.title + one.found + one.instead for one in pasted.found)
    words = "pasted text, line 1: left out, as no single setting takes it: {}."
    assert list(pasted.problems) == [words.format(one) for one in left_out]
    return taken_over(Plan(), pasted.found)


@pytest.mark.parametrize(
    ("text", "dialect", "port", "tls"),
    [
        (f"jdbc:postgresql://db.internal:5433/noco?user=app&password={SECRET}", Dialect.POSTGRES, 5433, Tls.OFF),
        (
            f"jdbc:postgresql://db.internal/noco?user=app&password={SECRET}&sslmode=require",
            Dialect.POSTGRES,
            None,
            Tls.ENCRYPT,
        ),
        (f"jdbc:postgresql://db.internal/noco?ssl=true&user=app&password={SECRET}", Dialect.POSTGRES, None, Tls.VERIFY),
        (
            f"jdbc:mysql://db.internal:3307/noco?useSSL=true&user=app&password={SECRET}",
            Dialect.MYSQL,
            3307,
            Tls.ENCRYPT,
        ),
        (f"'jdbc:mysql://app:{SECRET}@db.internal/noco?sslMode=VERIFY_CA'", Dialect.MYSQL, None, Tls.VERIFY),
        (f"jdbc:mariadb://db.internal/noco?user=app&password={SECRET}&useSSL=false", Dialect.MARIADB, None, Tls.OFF),
        (f"psql 'host=db.internal user=app password={SECRET} dbname=noco'", Dialect.POSTGRES, None, Tls.OFF),
        (f"psql postgresql://app:{SECRET}@db.internal/noco", Dialect.POSTGRES, None, Tls.OFF),
        (
            f"$ PGSSLMODE=require PGPASSWORD={SECRET} psql -h db.internal -p5433 -U app noco -c 'select 1'",
            Dialect.POSTGRES,
            5433,
            Tls.ENCRYPT,
        ),
        (f"PGPASSWORD={SECRET} pg_dump --host=db.internal --username app -d noco > x", Dialect.POSTGRES, None, Tls.OFF),
        (f"docker exec -it a mysql -h db.internal -P 3307 -uapp -p{SECRET} noco", Dialect.MYSQL, 3307, Tls.OFF),
        (f"mysql \\\n  --host db.internal \\\n  --user=app --password={SECRET} noco", Dialect.MYSQL, None, Tls.OFF),
        (f"/usr/bin/mariadb -hdb.internal -uapp -p{SECRET} -e 'x' --ssl noco", Dialect.MARIADB, None, Tls.ENCRYPT),
        (
            f"[noco]\nhost=db.internal\nport=5433\nuser=app\ndbname=noco\n# x\npassword={SECRET}\nsslmode=verify-full",
            Dialect.POSTGRES,
            5433,
            Tls.VERIFY,
        ),
        (
            f'[client]\nhost = db.internal\nuser=app\npassword="{SECRET}"\ndatabase=noco\nssl_mode=REQUIRED\n[mysqld]',
            Dialect.MYSQL,
            None,
            Tls.ENCRYPT,
        ),
        (f"db.internal:5433:noco:app:{SECRET}", Dialect.POSTGRES, 5433, Tls.OFF),
    ],
)
def test_a_database_is_found_in_what_its_clients_take(text, dialect, port, tls):
    plan, secrets = _all_of(text)
    database = plan.database
    assert (database.host, database.user, database.name) == ("db.internal", "app", "noco")
    assert (database.dialect, database.port, database.tls) == (dialect, port, tls)
    assert list(secrets.values()) == [Secret(SECRET)]
    assert SECRET not in repr(plan)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("user=app&sslmode=require&currentSchema=crm", []),
        ("user=app&ApplicationName=secret-name", ["left out, as no single setting takes it: ApplicationName."]),
        (
            "serverTimezone=UTC&connectTimeout=5&serverTimezone=UTC",
            ["left out, as no single setting takes it: serverTimezone, connectTimeout."],
        ),
        ("useUnicode=yes;user=app", ["left out, as no single setting takes it: useUnicode."]),
        ("user=app&useUnicode&password=half&s3cond-half", [f"left out, as no single setting takes it: {HIDDEN}."]),
    ],
)
def test_options_of_jdbc_that_have_no_setting_are_said_and_the_rest_is_found(options, told):
    pasted = read(f"\njdbc:postgresql://db.internal/noco?{options}\n", Plan())
    assert [one.found for one in pasted.found] == [
        f"db.internal · noco · {'app' if 'user=' in options else 'nocobase'}"
    ]
    assert list(pasted.problems) == [f"pasted text, line 2: {words}" for words in told]


def test_the_schema_in_an_address_of_jdbc_is_that_of_postgres():
    for scheme, schema in (("postgresql", "crm"), ("mysql", "public")):
        plan, _secrets = _all_of(f"jdbc:{scheme}://db.internal/noco?user=app&password={SECRET}&currentSchema=crm")
        assert plan.database.schema == schema


@pytest.mark.parametrize(
    ("text", "tls"),
    [
        (f"redis-cli -h cache.internal -p 6380 -n 2 --tls --user app -a {SECRET}", True),
        (f"REDISCLI_AUTH={SECRET} redis-cli -p 6380 -h cache.internal --user app PING", False),
        (f"valkey-cli -u rediss://app:{SECRET}@cache.internal:6380/2", True),
        (f"docker run --rm -it redis:8 redis-cli --user app --pass {SECRET} -h cache.internal -p 6380 | head", False),
    ],
)
def test_redis_is_found_in_its_clients_command_lines(text, tls):
    plan, secrets = _all_of(text, *(["database 2"] if " -n 2" in text or "/2" in text else []))
    server = plan.redis.server
    assert (server.host, server.port, server.username, server.tls) == ("cache.internal", 6380, "app", tls)
    assert list(secrets.values()) == [Secret(SECRET)]


_HAS = {"DB_HOST": "db.internal", "DB_PORT": "5433", "DB_PASSWORD": SECRET}
_ITEMS = json.dumps([{"name": name, "value": value} for name, value in _HAS.items()])
_FAR_IN = "env:\n- " + "\n          - ".join(f'name: {name}\n            value: "{_HAS[name]}"' for name in _HAS)
_QUOTED = "\n".join(f"- name: {name}\n  value: '{_HAS[name]}' # here" for name in _HAS)
_GOES_ON = " \\\n  -e ".join(f'"{name}={value}"' for name, value in _HAS.items())


@pytest.mark.parametrize(
    "text",
    [
        f"docker run -d -e DB_HOST=db.internal --env 'DB_PASSWORD={SECRET}' -eDB_PORT=5433 -p 80:13000 nocobase",
        f"podman run -e {_GOES_ON} \\\n  nocobase\n",
        f'{{"DB_HOST": "db.internal", "DB_PORT": 5433, "DB_PASSWORD": "{SECRET}"}}',
        f'"DB_HOST": "db.internal",\n"DB_PORT": 5433,\n"DB_PASSWORD": "{SECRET}",\n',
        f'["DB_HOST=db.internal", "DB_PORT=5433", "DB_PASSWORD={SECRET}"]',
        _ITEMS,
        f'"environment": {_ITEMS},',
        f'{{"family": "noco", "containerDefinitions": [{{"name": "app", "environment": {_ITEMS}}}]}}',
        _QUOTED,
        _FAR_IN,
        f"environment:\n  DB_HOST: db.internal\n  DB_PORT: 5433\n  DB_PASSWORD: {SECRET}\n",
        f"environment:\n  - DB_HOST=db.internal\n  - DB_PORT=5433\n  - DB_PASSWORD={SECRET}\n",
        f"export DB_HOST=db.internal DB_PORT=5433 DB_PASSWORD='{SECRET}'",
        f"DB_HOST=db.internal DB_PORT=5433 DB_PASSWORD={SECRET} node index.js",
    ],
)
def test_variables_are_found_however_other_programs_list_them(text):
    plan, secrets = _all_of(text)
    assert (plan.database.host, plan.database.port) == ("db.internal", 5433)
    assert list(secrets.values()) == [Secret(SECRET)]
    assert plan.extras == ()


@pytest.mark.parametrize("value", ["it's", 'a "b"', "a#b $c", "a\\b", "a\nb"])
def test_the_value_of_a_variable_in_json_is_taken_as_it_is(value):
    plan, secrets = taken_over(Plan(), read(json.dumps({"DB_HOST": "db", "DB_PASSWORD": value}), Plan()).found)
    assert list(secrets.values()) == [Secret(value)]
    assert plan.database.host == "db"


AWAY = "The text does not hold the values of {}: fill them in."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("docker run -e DB_HOST=a --env-file prod.env x", "The text names prod.env: paste what is in it, too."),
        ("docker run -e DB_HOST=a -e DB_PASSWORD x", AWAY.format("DB_PASSWORD")),
        ("docker run -e DB_HOST=a -e DB_PASSWORD=$PW x", AWAY.format("DB_PASSWORD")),
        ('{"DB_HOST": "a", "DB_PASSWORD": null}', AWAY.format("DB_PASSWORD")),
        (
            "- name: DB_HOST\n  value: a\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: b\n",
            AWAY.format("DB_PASSWORD"),
        ),
        ("what\nDB_HOST=a\n", "pasted text, line 1: it is no NAME=value, no address and no host."),
        ("- name: DB_HOST\n  value: a\n\nwhat", "pasted text, line 4: it is no NAME=value, no address and no host."),
        ("psql -h db \\\n  -U app\nDB_PORT=x\n", "pasted text, line 3: “x” is not a whole number."),
        ('{"DB_HOST": "a",\n"DB_PORT": "x"}', "pasted text, line 2: “x” is not a whole number."),
    ],
)
def test_what_the_text_does_not_hold_or_cannot_be_read_is_said(text, said):
    pasted = read(text, Plan())
    assert pasted.problems == (said,)
    assert pasted.found


@pytest.mark.parametrize(
    "text",
    [f"psql -U app -d noco -W {SECRET}", f"redis-cli -a {SECRET}", f"[client]\nuser=app\npassword={SECRET}\n"],
)
def test_a_command_without_a_host_says_so(text):
    pasted = read(text, Plan())
    assert (pasted.found, pasted.problems) == ((), ("The address names no host.",))


def test_the_words_of_another_program_are_no_client():
    assert read("less psql -h db", Plan()).found == ()
    assert read('psql -h "db', Plan()).found == ()
