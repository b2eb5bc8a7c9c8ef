"""A script with `docker run` is read as the containers that it starts, and JSON with variables as those of a node."""

import pytest

from wizard.app.open_source import open_source, open_sources
from wizard.formats.files import SourceError

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
SCRIPT = f"""#!/bin/bash
# two nodes
APP_KEY={KEY}
export VERSION="2.2.15"
docker pull nocobase/nocobase:$VERSION
docker run -d --name nb1 --restart unless-stopped -p 13001:80 \\
  -e APP_KEY="$APP_KEY" -e DB_DIALECT=postgres \\
  --env DB_HOST=db.internal --env=DB_DATABASE=shop -eDB_USER=shop \\
  -e DB_PASSWORD='a$b c' \\
  -v /srv/nocobase:/app/nocobase/storage \\
  nocobase/nocobase:${{VERSION}}
sudo podman container run -dit --name=nb2 -p 13002:80 -e APP_KEY --env-file two.env \\
  --mount type=bind,src=/srv/nocobase,dst=/app/nocobase/storage nocobase/nocobase:$VERSION
docker run -d --name db -e POSTGRES_PASSWORD=$(cat pw) postgres:16
"""


def opened(tmp_path, text, name="run.sh"):
    (tmp_path / name).write_text(text)
    (tmp_path / "two.env").write_text("DB_HOST=other.internal\nDB_DIALECT=postgres\n")
    return open_source(str(tmp_path / name))


def test_the_containers_that_are_nocobase_are_the_nodes(tmp_path):
    found = opened(tmp_path, SCRIPT)
    plan = found.plan
    assert [(node.name, node.port) for node in plan.nodes] == [("nb1", 13001), ("nb2", 13002)]
    assert (plan.database.host, plan.database.name, plan.application.version) == ("db.internal", "shop", "2.2.15")
    assert plan.storage.path == "/srv/nocobase"
    assert {secret.reveal() for secret in found.secrets.values()} >= {KEY, "a$b c"}


def test_each_value_has_the_line_that_it_stands_in(tmp_path):
    plan = opened(tmp_path, SCRIPT).plan
    assert plan.place_of("database.host").line == 8
    assert plan.place_of("database.password").line == 9
    assert plan.place_of("application.version").line == 11


def test_what_nodes_are_given_otherwise_is_told(tmp_path):
    [odd] = [one for one in opened(tmp_path, SCRIPT).plan.disagreements if one.key == "database.host" and not one.lacks]
    assert (odd.other.file.endswith("two.env"), odd.other.line) == (True, 1)


@pytest.mark.parametrize("value", ["$(cat key)", "`cat key`", "$UNKNOWN", '"${A:?no}"'])
def test_what_only_the_shell_knows_is_not_taken_for_a_value(tmp_path, value):
    found = opened(tmp_path, f"docker run -e APP_KEY={value} -e DB_HOST=db nocobase/nocobase:2.2.15\n")
    assert found.plan.is_expression("application.app_key")


def of_two_nodes(one, two, three=""):
    lines = [
        f"docker run --name n{at} -e {value} nocobase/nocobase:2.2.15" for at, value in enumerate((one, two, three))
    ]
    return "\n".join(line for line in lines if "-e  " not in line) + "\n"


FROM_SHELL = [
    ("APP_KEY=$KEY", f"APP_KEY={KEY}", "application.app_key"),
    ("DB_HOST=$(hostname)", "DB_HOST=db.internal", "database.host"),
    ("CACHE_REDIS_URL=$CACHE", "CACHE_REDIS_URL=redis://10.0.0.6:6379/0", "CACHE_REDIS_URL"),
    ("SMTP_HOST=$SMTP", "SMTP_HOST=mail.internal", "SMTP_HOST"),
]


@pytest.mark.parametrize(("unknown", "literal", "key"), FROM_SHELL)
@pytest.mark.parametrize("turned", [False, True])
def test_a_value_that_only_the_shell_knows_is_not_told_as_another_one(tmp_path, unknown, literal, key, turned):
    text = of_two_nodes(*((literal, unknown) if turned else (unknown, literal)))
    plan = opened(tmp_path, text).plan
    assert not [one for one in plan.disagreements if not one.unknown and not one.lacks]
    told = [(one.node, one.key) for one in plan.disagreements if one.unknown]
    assert told == [("n1" if turned else "n0", key)] or any(item.name == key for item in plan.expressions)


@pytest.mark.parametrize(("one", "two", "told"), [("A", "A", []), ("A", "B", ["two"]), ("A:?x", "A", [])])
def test_nodes_that_take_a_value_from_elsewhere_by_different_names_leave_it_open(tmp_path, one, two, told):
    form = "{{image: nocobase/nocobase, environment: {{APP_KEY: '${{{}}}'}}}}"
    text = f"services:\n  one: {form.format(one)}\n  two: {form.format(two)}\n"
    plan = opened(tmp_path, text, "compose.yaml").plan
    assert [item.node for item in plan.disagreements] == told


def test_what_the_shell_gives_every_node_is_no_question_between_them(tmp_path):
    plan = opened(tmp_path, of_two_nodes("APP_KEY=$KEY", "APP_KEY=$KEY")).plan
    assert (plan.disagreements, plan.is_expression("application.app_key")) == ((), True)


def test_a_node_that_is_given_another_value_is_told_beside_one_whose_value_is_not_known(tmp_path):
    plan = opened(tmp_path, of_two_nodes("DB_HOST=a", "DB_HOST=$HOST", "DB_HOST=b")).plan
    assert [(one.node, one.unknown) for one in plan.disagreements] == [("n2", False), ("n1", True)]


def test_each_replica_is_named_that_is_given_another_value(tmp_path):
    one = "image: nocobase/nocobase:2.2.15, environment: {DB_HOST: %s}, deploy: {replicas: %s}"
    text = f"services:\n  a: {{{one % ('db', 1)}}}\n  b: {{{one % ('other', 3)}}}\n"
    told = [item.node for item in opened(tmp_path, text, "compose.yaml").plan.disagreements]
    assert told == ["b", "b-2", "b-3"]


def test_a_source_that_says_the_value_answers_the_question(tmp_path):
    (tmp_path / "more.env").write_text("DB_HOST=db.internal\n")
    (tmp_path / "run.sh").write_text(of_two_nodes("DB_HOST=db.internal", "DB_HOST=$DB_HOST"))
    plan = open_sources([str(tmp_path / "run.sh"), str(tmp_path / "more.env")]).plan
    assert [one for one in plan.disagreements if one.unknown] == []


@pytest.mark.parametrize(
    "text",
    [
        "for n in 1 2; do\n  docker run --name n$n nocobase/nocobase\ndone\n",
        "if true; then\n docker run nocobase/nocobase\nfi\n",
        "up() {\n docker run nocobase/nocobase\n}\nup\n",
    ],
)
def test_a_script_that_decides_or_repeats_is_refused_by_name(tmp_path, text):
    with pytest.raises(SourceError, match="is a script for a shell"):
        opened(tmp_path, text)


def test_a_quote_that_is_not_closed_is_named_with_its_line(tmp_path):
    with pytest.raises(SourceError, match="line 2: a quote is not closed"):
        opened(tmp_path, "docker run -d x\ndocker run -e A='b nocobase/nocobase\n")


def test_a_script_without_nocobase_names_what_it_starts(tmp_path):
    with pytest.raises(SourceError, match=r"no container in it is NocoBase.*\(db\)"):
        opened(tmp_path, "docker run -d --name db postgres:16\n")


@pytest.mark.parametrize("name", ["env.json", "variables.json", ".env.json"])
@pytest.mark.parametrize(
    "text",
    [
        f'{{\n "APP_KEY": "{KEY}",\n "DB_HOST": "db.internal",\n "DB_PORT": 5433\n}}\n',
        (
            f'[\n {{"name": "APP_KEY", "value": "{KEY}"}},\n {{"name": "DB_HOST", "value": "db.internal"}},\n'
            ' {"name": "DB_PORT", "value": "5433"}]\n'
        ),
    ],
)
def test_json_with_variables_is_read_as_what_a_node_gets(tmp_path, name, text):
    found = opened(tmp_path, text, name)
    assert (found.plan.database.host, found.plan.database.port) == ("db.internal", 5433)
    assert found.plan.place_of("database.host").line == 3
    assert [secret.reveal() for secret in found.secrets.values()] == [KEY]
