"""The programs that read env files, each asked for the values it sees."""

import io
import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import dotenv

from tests.servers.debian import foreign
from tests.servers.fixtures import give_up
from wizard.demo.process import Missing

_NODE = """
const dotenv = require('dotenv');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(texts.map((text) => dotenv.parse(text))));
"""


def node_modules() -> Path:
    """Return the folder node_modules with dotenv 16 in it; ends the test where there is none."""
    cache = os.environ.get("NCW_TEST_CACHE", Path.home() / ".cache" / "nocobase-cluster-wizard-tests")
    found = Path(os.environ.get("NCW_DOTENV_NODE_MODULES") or Path(cache) / "dotenv" / "node_modules")
    if not (found / "dotenv").is_dir():
        give_up("there is no dotenv 16 for node; install it with: npm install dotenv@16")
    return found


def by_dotenv_16(texts: list[str]) -> list[dict[str, str]]:
    """Read each text as NocoBase does, all in one process."""
    environ = {**os.environ, "NODE_PATH": str(node_modules())}
    done = subprocess.run(
        ["node", "-e", _NODE], input=json.dumps(texts), env=environ, capture_output=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


def by_shell(shell: str, path: Path) -> dict[str, str]:
    """Return what a shell exports after `. path`."""
    done = subprocess.run(
        [shell, "-c", 'set -a; . "$0"; exec env -0', str(path)],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    pairs = (item.partition(b"=") for item in done.stdout.split(b"\0") if item)
    return {name.decode(): value.decode() for name, _, value in pairs}


def by_compose(path: Path) -> dict[str, str]:
    """Read as Docker Compose does, by Debian 13's own Compose: its `config` tells what a container would get."""
    description = path.with_name("compose.yaml")
    service = {"image": "x", "env_file": [str(path)]}
    description.write_text(json.dumps({"name": "x", "services": {"x": service}}), encoding="utf-8")
    try:
        program = foreign("trixie", "usr/libexec/docker/cli-plugins/docker-compose")
    except Missing as missing:
        give_up(str(missing))
    done = subprocess.run(
        [*program, "-f", str(description), "config", "--format", "json"],
        env={"PATH": os.environ["PATH"], "HOME": str(path.parent)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert not done.stderr, done.stderr
    found = json.loads(done.stdout)["services"]["x"]["environment"]
    return {name: value.replace("$$", "$") for name, value in found.items()}  # `config` writes for Compose to read


def by_python_dotenv(text: str, *, interpolate: bool) -> Mapping[str, str | None]:
    return dotenv.dotenv_values(stream=io.StringIO(text), interpolate=interpolate)


def by_docker(text: str) -> dict[str, str]:
    """Read as `docker run --env-file` does: whole lines, `#` first is a comment, nothing is unquoted."""
    lines = (line.lstrip() for line in text.split("\n"))
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def only(values: Mapping[str, str | None], names: Iterable[str]) -> dict[str, str | None]:
    return {name: values.get(name) for name in names}
