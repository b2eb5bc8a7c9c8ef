"""Env files as Compose reads them, which is unlike NocoBase's own reader; what it refuses is told with its line."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.compose import env_file
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

KNOWN = {"OUT": "outer", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("X=a#b", "a#b"),
        ("X=a #b", "a"),
        ("X=a\t#b", "a\t#b"),
        ("X=#b", "#b"),
        ("X= # b", "# b"),
        ("  X =  a b  \r", "a b"),
        ("export X=a", "a"),
        ("X: a", "a"),
        ("X=`a`", "`a`"),
        ("X=a\\nb", "a\\nb"),
        ("X='a\\nb$OUT'", "a\\nb$OUT"),
        ("X='it\\'s' # c", "it's"),
        (r'X="a\nb\t\"c\" \x"', 'a\nb\t"c" \\x'),
        (r'X="\$OUT $$OUT"', "$OUT $OUT"),
        (r'X="\0101\0007\07"', "A\a\\07"),
        ('X="a\nb"', "a\nb"),
        ("X=$OUT-${OUT}", "outer-outer"),
        ("X=${GONE:-${OUT}}", "outer"),
        ("X=${EMPTY-d}${EMPTY:-d}", "d"),
        ("X=${OUT:+y}${GONE+y}", "y"),
        ("Y=own\nX=$Y", "own"),
        ("OUT=inner\nX=$OUT", "outer"),
        ("X=$B", "earlier"),
        ("X=1\nX=2", "2"),
        ("X=\nY=1", ""),
        ("X=pa$5 $ $", "pa$5 $ $"),
    ],
)
def test_a_value_is_what_compose_gives_the_container(text, value):
    lines = env_file.read(text, KNOWN, {"B": "earlier"})
    assert all(line.made is None and not line.refused for line in lines.values())
    assert lines["X"].found.value == value


def test_a_name_alone_is_taken_from_the_environment():
    assert env_file.read("OUT\nX=1", KNOWN)["OUT"].found.value == "outer"


@pytest.mark.parametrize(
    ("text", "unset"),
    [("X=$GONE", ("GONE",)), ("Y=$GONE\nX=$Y", ("Y",)), ("X=${GONE:?say it}", ("GONE",)), ("X", ("X",))],
)
def test_what_only_its_environment_knows_is_named(text, unset):
    line = env_file.read(text, KNOWN)["X"]
    assert (line.made.unset, line.refused) == (unset, False)


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("A=1\nX=pa${5}", "X", 2),
        ("X=${A B}", "X", 1),
        ("X=${", "X", 1),
        ("X=${A:x}", "X", 1),
        ("X='a", "X", 1),
        ("\n\nno assignment\nY=1", "line 3", 3),
        ("a/b=1", "line 1", 1),
        ("=1", "line 1", 1),
    ],
)
def test_what_compose_refuses_has_its_line(text, name, number):
    lines = env_file.read(text, {})
    assert [(key, line.found.line) for key, line in lines.items() if line.refused] == [(name, number)]


COMPOSE = "services: {app: {image: nocobase/nocobase:2.2.15, env_file: app.env, environment: {DB_USER: ENV}}}\n"


@pytest.mark.parametrize(
    ("environment", "file", "place"),
    [
        ("shop", "DB_PASSWORD=pa${5word", "app.env line 1"),
        ("shop", "# ours\nDB_PASSWORD=a\nMIIEsecretpart/of=a=key\n", "app.env line 3"),
        ('"cost ${ 5"', "", "compose.yaml line 1"),
    ],
)
def test_it_is_told_and_shown_nowhere(tmp_path, environment, file, place):
    (tmp_path / "compose.yaml").write_text(COMPOSE.replace("ENV", environment))
    (tmp_path / "app.env").write_text(file)
    found = open_source(str(tmp_path))
    [finding] = [one for one in rules(found.plan, found.secrets) if "Compose starts nothing" in one.summary]
    assert (finding.id, finding.severity) == ("plan.value", Severity.FAIL)
    [item] = [one for one in found.plan.unreadable if "Compose starts nothing" in one.problem]
    assert found.plan.places[item.key].words.endswith(place)
    assert "MIIE" not in repr(found.plan)


TORN = [
    ("DB_PASSWORD: ${PG}", "PG=Wq7$xT9\n", "", ["PG"]),
    ("TZ: UTC", "", "DB_PASSWORD=Wq7$xT9\n", ["DB_PASSWORD"]),
    ("DB_PASSWORD: Wq7$xT9", "", "", ["DB_PASSWORD"]),
    ("DB_PASSWORD: ${PG}", "PG='Wq7$xT9'\n", "", []),
    ("DB_PASSWORD: Wq7$$xT9", "", "", []),
    ("DB_PASSWORD: ${PG}", "", "", []),
    ("CACHE_REDIS_URL: 'redis://:${SECRET}@redis:6379/0'", "", "", []),
    ("DB_HOST: $host", "", "", []),
    ("TZ: UTC", "", "DB_PASSWORD\n", []),
]


@pytest.mark.parametrize(("environment", "dot_env", "file", "names"), TORN)
def test_a_secret_that_compose_tears_at_a_sign_is_named_where_it_stands(tmp_path, environment, dot_env, file, names):
    (tmp_path / ".env").write_text(dot_env)
    (tmp_path / "app.env").write_text(file)
    text = "services:\n  app:\n    image: nocobase/nocobase\n    env_file: app.env\n    environment:\n      "
    (tmp_path / "compose.yaml").write_text(f"{text}{environment}\n")
    plan = open_source(str(tmp_path / "compose.yaml")).plan
    assert [place.name for item in plan.expressions for place in item.torn] == names


def test_a_hash_in_a_password_is_a_part_of_it(tmp_path):
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "app.env").write_text("DB_PASSWORD=ab#cd\n")
    assert open_source(str(tmp_path)).secrets["database.password"] == Secret("ab#cd")


def test_a_raw_file_keeps_the_blanks_behind_a_value(tmp_path):
    (tmp_path / "compose.yaml").write_text(
        COMPOSE.replace("env_file: app.env", "env_file: [{path: app.env, format: raw}]")
    )
    (tmp_path / "app.env").write_text("DB_PASSWORD='a$b' \n")
    assert open_source(str(tmp_path)).secrets["database.password"] == Secret("'a$b' ")
