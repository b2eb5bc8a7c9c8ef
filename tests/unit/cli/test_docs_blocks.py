"""The commands of the pages that need a terminal, secrets or another program; and that each is of some test."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.unit.age import quick_age  # noqa: F401 - a fixture
from tests.unit.cli.calling import saved
from tests.unit.cli.test_docs import DOCS, ROOT, commands
from tests.unit.cli.test_secrets import backend, phrase, piped, program_store  # noqa: F401 - fixtures
from tests.unit.plans import SECRETS, good_plan
from wizard.plan.plan import slug
from wizard.plan.sections import Deployment

RUN_BY = {
    "scripts/run": "tests/bare/test_bare_machine.py",
    "scripts/test": "tests/bare/test_bare_machine.py",
    "nocobase-cluster-wizard demo": "tests/gui/test_screen.py",
    "nocobase-cluster-wizard demo --headless": "tests/package/test_frozen.py",
    "nocobase-cluster-wizard check cluster.yaml --watch 10": "tests/unit/cli/test_repeated_runs.py",
    "node --input-type=module - node1 < probe.mjs > node1.json": "tests/live/test_inside_by_hand.py",
    "node --input-type=module - node2 < probe.mjs > node2.json": "tests/live/test_inside_by_hand.py",
    "python -m benchmarks": "tests/unit/test_benchmarks.py",
    "podman build -t nocobase-cluster-wizard:VERSION .": "tests/package/test_container.py",
    "podman run --rm": "tests/package/test_container.py",
}
"""How a command begins that is run by a test of its own, in its words or, as with podman, by its steps."""
WHOLE_BLOCKS = {"docs/packages.md": "tests/bare/test_build.py"}
"""Pages whose blocks are run as they stand by a slow test, with what was built."""


def blocks(page: str, kinds: str) -> list[str]:
    return re.findall(rf"```(?:{kinds})\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def lines(block: str) -> list[str]:
    """Return the commands of a block, each in one line and without its remark."""
    joined = re.sub(r"\s*\\\n\s*", " ", block)
    return [line.partition("  # ")[0].strip() for line in joined.splitlines() if line.strip()]


def block_of(tool: str) -> str:
    """Return the block of the page of unattended checks in which a tool is called."""
    [block] = [one for one in blocks("docs/unattended.md", "text") if tool in one]
    return block


def test_each_command_of_the_pages_is_run_by_a_test_or_needs_what_no_test_has():
    here = {
        *commands(),
        *lines("\n".join(blocks("docs/secrets.md", "sh"))),
        *lines(block_of("systemctl")),
        *lines(block_of("kubectl")),
    }
    left = [
        line
        for page in ("README.md", *DOCS)
        if page not in WHOLE_BLOCKS
        for block in blocks(page, "sh|text")
        for line in lines(block)
        if line not in here and line.partition(" # ")[0].partition(" > ")[0].strip() not in here
    ]
    unknown = [line for line in left if not any(line.startswith(begin) for begin in RUN_BY)]
    assert unknown == []
    assert [name for name in (*RUN_BY.values(), *WHOLE_BLOCKS.values()) if not (ROOT / name).is_file()] == []


@pytest.mark.usefixtures("quick_age", "phrase")
def test_the_commands_of_the_page_of_secrets_do_what_it_says(program, piped, backend, monkeypatch):  # noqa: F811
    plan = good_plan()
    saved(plan)
    for name, secret in SECRETS.items():
        program_store(backend).set(plan.id, name, secret)
    monkeypatch.setenv("PRODUCTION_PASSWORD", "kT7-quite.secret_value")
    said = []
    for line in lines("\n".join(blocks("docs/secrets.md", "sh"))):
        piped(b"kT7-quite.secret_value\n")
        words = shlex.split(line)[1:]
        done = program(*words, *(("--only", "plan") if words[0] == "check" else ()))
        said.append((" ".join(words), done.code, done.err))
    assert [row for row in said if row[1]] == []
    assert {row[2].partition(":")[0] for row in said if " move " in row[0]} == {
        "Moved to encrypted file",
        "Moved to keyring",
    }


def test_the_commands_for_a_timer_put_the_exported_units_in_place(program, good, tmp_path):
    assert program("export", good, "watch/", "--target", "monitoring").code == 0
    log, etc, tools = tmp_path / "log", tmp_path / "etc", tmp_path / "bin"
    (etc / "systemd" / "system").mkdir(parents=True)
    tools.mkdir()
    (tools / "systemctl").write_text(f'#!/bin/sh\necho "$*" >>{log}\n')
    (tools / "systemctl").chmod(0o755)
    script = block_of("systemctl").replace(" /etc/", f" {etc}/")
    subprocess.run(["sh", "-e"], input=script, text=True, check=True, env={"PATH": f"{tools}:{os.defpath}"})
    assert log.read_text().splitlines() == ["daemon-reload", "enable --now nocobase-cluster-check.timer"]
    private = etc / "nocobase-cluster-check"
    kept = {path.name: path.stat().st_mode & 0o777 for path in (private, *private.iterdir())}
    assert kept == {"nocobase-cluster-check": 0o700, "cluster.yaml": 0o600, "secrets.env": 0o600}
    unit = (etc / "systemd" / "system" / "nocobase-cluster-check.service").read_text()
    assert "/etc/nocobase-cluster-check" in unit


def test_the_commands_for_a_cron_job_name_what_was_exported(program, tmp_path):
    plan = good_plan().with_value("application.deployment", Deployment.KUBERNETES)
    assert program("export", saved(plan), "watch/", "--target", "monitoring").code == 0
    log, tools = tmp_path / "log", tmp_path / "bin"
    tools.mkdir()
    (tools / "kubectl").write_text(f'#!/bin/sh\necho "$*" >>{log}\n')
    (tools / "kubectl").chmod(0o755)
    name = slug(plan.name)
    script = block_of("kubectl").replace("NAME", name)
    subprocess.run(["sh", "-e"], input=script, text=True, check=True, env={"PATH": f"{tools}:{os.defpath}"})
    applied, begun = log.read_text().splitlines()
    [job] = [
        part
        for part in YAML(typ="safe", pure=True).load_all(Path(applied.split()[-1]).read_text())
        if part["kind"] == "CronJob"
    ]
    assert begun.split()[2] == f"--from=cronjob/{job['metadata']['name']}"
