"""The exported file as the real Docker Compose reads it: what each container would get, and what is refused."""

import json
import os
import re
import subprocess

import pytest

from tests.servers.debian import folder_of
from tests.servers.fixtures import give_up
from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_compose import one_machine
from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.demo.process import Missing
from wizard.export import bundle
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.formats.sites.writers import WRITERS
from wizard.plan.secret import Secret

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def program():
    try:
        return folder_of("trixie") / "usr/libexec/docker/cli-plugins/docker-compose"
    except Missing as missing:
        give_up(str(missing))


@pytest.fixture
def read(program, tmp_path):
    """Write the bundle and let Compose read it in its folder; `more` are options, `filled` variables of its own."""

    def read(plan, mode, *more, secrets=SECRETS, filled=None):
        for file in bundle.render(plan, secrets, mode):
            path = tmp_path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
        return as_it_is(*more, filled=filled)

    def as_it_is(*more, filled=None):
        return subprocess.run(
            [program, *more, "--profile", "*", "config", "--format", "json"],
            cwd=tmp_path / "compose", capture_output=True, encoding="utf-8", check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **(filled or {})},
        )  # fmt: skip

    read.as_it_is = as_it_is
    return read


def document(done):
    assert done.returncode == 0, done.stderr
    assert "level=warning" not in done.stderr
    return json.loads(done.stdout)


def expected(plan, secrets):
    """Return the variables that each node shall have."""
    found = dotenv.variables(plan)
    return {name: {item.name: item.reveal(secrets) for item in (*found.common, *own)} for name, own in found.nodes}


@pytest.mark.parametrize("kind", list(WRITERS))
def test_every_container_gets_the_values_of_the_plan(read, kind):
    plan = good_plan().with_value("balancer.kind", kind)
    found = document(read(plan, SecretsMode.INLINE))["services"]
    for name, wanted in expected(plan, SECRETS).items():
        assert found[name]["environment"] == wanted
    assert found["balancer"]["network_mode"] == "host"


@pytest.mark.parametrize("value", ["a$b", "a#b c", "it's", "back`tick", "ü漢", 'say "x"', "$HOME"])
def test_awkward_secrets_arrive_as_they_are(read, value):
    secrets = {**SECRETS, "database.password": Secret(value)}
    found = document(read(good_plan(), SecretsMode.INLINE, secrets=secrets))["services"]
    assert found["node1"]["environment"]["DB_PASSWORD"] == value.replace("$", "$$")  # so written, as it is read again


def test_without_a_secret_nothing_is_read_and_the_variable_is_named(read):
    done = read(good_plan(), SecretsMode.REFERENCE)
    assert done.returncode != 0
    assert "a secret is missing" in done.stderr
    empty = {item.name: "x" for item in dotenv.variables(good_plan()).common if item.ref} | {"APP_KEY": ""}
    done = read(good_plan(), SecretsMode.REFERENCE, filled=empty)
    assert done.returncode != 0
    assert "APP_KEY" in done.stderr


def test_the_secrets_come_from_its_own_environment(read):
    values = {item.name: item.reveal(SECRETS) for item in dotenv.variables(good_plan()).common if item.ref}
    found = document(read(good_plan(), SecretsMode.REFERENCE, filled=values))["services"]
    assert found["node2"]["environment"] == expected(good_plan(), SECRETS)["node2"]


def test_the_secrets_come_from_the_env_file_once_it_is_filled_in(read, tmp_path):
    read(good_plan(), SecretsMode.INLINE)
    filled = (tmp_path / "env/cluster.env").read_text()
    read(good_plan(), SecretsMode.REFERENCE)
    (tmp_path / "env/filled.env").write_text(filled)
    found = document(read(good_plan(), SecretsMode.REFERENCE, "--env-file", "../env/filled.env"))["services"]
    assert found["node1"]["environment"] == expected(good_plan(), SECRETS)["node1"]


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
def test_the_commands_in_its_comments_say_where_the_secrets_are(read, tmp_path, mode):
    read(good_plan(), SecretsMode.INLINE)
    filled = (tmp_path / "env/cluster.env").read_text()
    read(good_plan(), mode)
    (tmp_path / "env/cluster.env").write_text(filled)
    comments = re.findall(r"docker compose (.*)up -d", (tmp_path / "compose/compose.yaml").read_text())
    assert len(comments) == 2
    for options in comments:
        document(read.as_it_is(*options.split()))


def test_on_one_machine_the_nodes_wait_for_one_another(read):
    found = document(read(one_machine(), SecretsMode.INLINE))["services"]
    assert found["node3"]["depends_on"]["node2"]["condition"] == "service_healthy"
    assert found["node2"]["ports"][0]["host_ip"] == "127.0.0.1"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_taken(read, name):
    plan = plan_of(name)
    found = document(read(plan, SecretsMode.INLINE, secrets=secrets_of(plan)))["services"]
    assert set(found) - {"balancer"} == {node.name for node in plan.nodes}
