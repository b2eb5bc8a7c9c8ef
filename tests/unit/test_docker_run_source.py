"""A script with `docker run` is read as the containers that it starts, and JSON with variables as those of a node."""

import pytest

from wizard.app.open_source import open_source
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
