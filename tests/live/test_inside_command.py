"""The command line from inside the nodes: what docs/from-inside.md says, and no secret anywhere."""

import json
import re
import shutil
import subprocess
from functools import partial

import pytest

from tests.live import inside as inside_nodes
from tests.unit.plans import SECRETS

pytestmark = pytest.mark.live
PAGE = inside_nodes.ROOT / "docs" / "from-inside.md"
OK, FAILED = 0, 3


@pytest.fixture
def call(tmp_path, cluster):
    return partial(inside_nodes.call, cluster, tmp_path)


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
