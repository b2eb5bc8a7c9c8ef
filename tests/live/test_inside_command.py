"""The command line from inside the nodes: what docs/from-inside.md says, four situations, and no secret anywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.inside import Cluster
from tests.servers import inside
from tests.servers.fixtures import give_up
from tests.unit.plans import SECRETS
from wizard.demo.process import Missing
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "from-inside.md"
OK, FAILED = 0, 3
OF_THE_PAGE = {
    "DB_DIALECT": "postgres",
    "DB_HOST": "postgres",
    "DB_PORT": "5432",
    "DB_DATABASE": "nocobase",
    "DB_USER": "nocobase",
    "DB_PASSWORD": "nocobase123",
    "CACHE_DEFAULT_STORE": "redis",
    "CACHE_REDIS_URL": "redis://redis:6379/0",
    "PUBSUB_ADAPTER_REDIS_URL": "redis://redis:6379/0",
    "LOCK_ADAPTER_REDIS_URL": "redis:/redis:6379/0",
}
"""What NocoBase's page on Kubernetes has in its ConfigMap: no APP_KEY, no LOCK_ADAPTER_DEFAULT, no queue, one slash."""


@pytest.fixture
def cluster(tmp_path, silent_port):
    try:
        inside.node_program()
    except Missing as missing:
        give_up(str(missing))
    return Cluster(tmp_path, silent_port.port)


@pytest.fixture
def call(tmp_path, cluster):
    """Call the program as a user without a keyring, beside the cluster's file and its secrets."""
    without = ("DBUS_", "XDG_", "DISPLAY", "WAYLAND_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    home = {"HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nobody", "PYTHONPATH": str(ROOT)}

    def run(*words, **options):
        (tmp_path / "cluster.yaml").write_text(cluster_file.write(cluster.plan))
        (tmp_path / "secrets.env").write_text(dotenv.write(cluster.plan, SECRETS, SecretsMode.INLINE)[0].text)
        return subprocess.run(
            [sys.executable, "-m", "wizard", *words],
            cwd=tmp_path,
            env={**plain, **home},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )

    return run


def _check(call, *words):
    done = call(
        "check", "cluster.yaml", "--secrets-file", "secrets.env", "--only", "inside", "--format", "json", *words
    )
    told = json.loads(done.stdout)
    unsound = {item["id"] for item in told["findings"] if item["severity"] in {"fail", "warn", "unknown"}}
    return done.returncode, unsound, [action["id"] for action in told["actions"]]


def test_healthy_nodes_end_with_nothing_to_do(cluster, call):
    with cluster.running():
        assert _check(call, "--nodes", "--strict") == (OK, set(), [])


def test_drifted_keys_are_the_first_thing_to_do(cluster, call):
    cluster.env["node2"]["APP_KEY"] = "another-key-that-is-long-enough-0123456789"
    cluster.env["node2"]["APP_AES_SECRET_KEY"] = "0c" * 32
    with cluster.running():
        code, unsound, actions = _check(call, "--nodes")
    assert (code, unsound) == (FAILED, {"inside.app_key", "inside.aes_key"})
    assert actions == ["inside.app_key", "inside.aes_key"]


def test_unshared_storage_is_the_first_thing_to_do(cluster, call):
    cluster.env["node2"]["STORAGE_PATH"] = str(cluster.places["node2"].storage)
    with cluster.running():
        assert _check(call, "--nodes") == (FAILED, {"inside.storage"}, ["inside.storage"])


def test_nodes_as_the_official_kubernetes_page_prints_them_sign_with_a_key_that_everybody_knows(cluster, call):
    for name, place in cluster.places.items():
        # NocoBase's command line fills in what is missing before the process starts (cli-v1, util.js).
        filled = {"APP_KEY": "test-jwt-secret", "APP_PORT": str(place.port), "STORAGE_PATH": str(cluster.storage)}
        cluster.env[name] = {**OF_THE_PAGE, **filled}
    with cluster.running():
        code, unsound, actions = _check(call, "--nodes")
    assert (code, actions[0]) == (FAILED, "inside.app_key")
    assert {"inside.app_key", "inside.adapters"} <= unsound


def _lines_of_the_page():
    [block] = [text for text in re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL) if " probe " in text]
    return block.splitlines()


def test_the_commands_of_the_page_collect_facts_by_hand(cluster, call, tmp_path):
    lines = _lines_of_the_page()
    assert [line.split()[0] for line in lines] == ["nocobase-cluster-wizard", "node", "node", "nocobase-cluster-wizard"]
    first, *there, last = lines
    words, _, script = first.partition(" > ")
    done = call(*words.split()[1:])
    assert done.returncode == OK
    (tmp_path / script).write_text(done.stdout)
    with cluster.running():
        for line in there:
            subprocess.run(["/bin/sh", "-c", line], cwd=tmp_path, check=True)
        told = call(*last.split()[1:], "--secrets-file", "secrets.env", "--only", "inside", "--format", "json")
    findings = {(item["id"], item["subject"]): item for item in json.loads(told.stdout)["findings"]}
    assert findings["inside.app_key", ""]["facts"]["as_planned"] is True
    assert findings["inside.answers", "node2"]["severity"] == "pass"
    of_one_machine = [json.loads((tmp_path / f"{name}.json").read_text())["process"]["port"] for name in cluster.places]
    assert of_one_machine == [place.port for place in cluster.places.values()]
    keys = list((tmp_path / ".local/share/nocobase-cluster-wizard/probe-keys").iterdir())
    assert [(path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) for path in keys] == [(0o600, 0o700)]
    assert keys[0].read_text() in done.stdout
    assert keys[0].read_text() not in told.stdout + "".join(path.read_text() for path in tmp_path.glob("node*.json"))


def test_the_table_of_the_page_has_the_commands_of_the_program():
    from wizard.plan.sections.reach import PRESETS

    told = dict(re.findall(r"\| `(\w+)` \| `([^`]+)` \|", PAGE.read_text()))
    assert told == {transport.value: command for transport, command in PRESETS.items()}


def test_no_value_of_a_secret_is_in_a_report_a_log_or_a_kept_run(cluster, call, tmp_path):
    cluster.env["node2"]["DB_PASSWORD"] = "Stale-Canary_98765"
    forms = [
        word
        for form in ("text", "json", "markdown", "html", "junit")
        for word in ("--format", form, "--output", f"r.{form}")
    ]
    with cluster.running():
        done = call(
            "check", "cluster.yaml", "--secrets-file", "secrets.env", "--only", "inside", "--nodes", "--verbose", *forms
        )
    assert done.returncode == FAILED
    (tmp_path / "secrets.env").unlink()
    for name in cluster.places:
        shutil.rmtree(tmp_path / name)
    secrets = [secret.reveal() for secret in SECRETS.values()] + ["Stale-Canary_98765"]
    texts = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    texts["output"] = (done.stdout + done.stderr).encode()
    assert len(texts) > 5
    assert {(name, secret) for name, text in texts.items() for secret in secrets if secret.encode() in text} == set()


def test_a_file_that_is_none_of_facts_ends_with_a_sentence(call, tmp_path):
    (tmp_path / "facts.json").write_text("no JSON")
    done = call("check", "cluster.yaml", "--facts", "facts.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "facts.json is not what the script of “probe” prints" in done.stderr
    assert call("check", "cluster.yaml", "--facts", "lost.json").returncode == 2
