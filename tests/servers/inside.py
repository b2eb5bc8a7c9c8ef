"""A node's inside as the probe meets it: NocoBase's folder, PM2's parent and its workers. Nothing of NocoBase runs.

The parent is started with one environment and gives its workers another, as PM2 does with what the files said. Where a
process has the title that PM2 gives its workers, the names of its own folder are those of the real ones.
"""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.patience import patience
from wizard.demo.process import Missing

SCRIPT = Path(__file__).parents[2] / "resources" / "probe" / "probe.mjs"
KEY = "5a" * 32
_ENTRY = "node_modules/@nocobase/app/lib/index.js"
_PARENT = """
const { spawn } = require('node:child_process');
const { env, count } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const own = { PATH: process.env.PATH, pm_id: '0', ...env };
for (let i = 0; i < count; i++) spawn(process.execPath, [process.argv[3], 'start'], { env: own, stdio: 'inherit' });
setInterval(() => {}, 1e6);
"""
_WORKER = "process.stdout.write('ready\\n'); setInterval(() => {}, 1e6);"
_KIT = "exports.keyDecrypt = (text) => Buffer.from(text, 'base64').toString();"


def node_program() -> str:
    """Return the path of Node.js; raises Missing."""
    found = shutil.which("node")
    if not found:
        raise Missing("Node.js is not installed", "apt-get install nodejs")
    return found


class Inside:
    """One node's folder, and how a command finds the node's own place (a network namespace, another clock)."""

    def __init__(self, folder: Path, version: str = "2.2.15", port: int = 13000, enter: tuple[str, ...] = ()) -> None:
        self.folder, self.port, self.enter = folder, port, enter
        self.storage = folder / "storage"
        self.write("node_modules/pm2/bin/pm2-runtime", _PARENT)
        self.write(_ENTRY, _WORKER)
        self.write("node_modules/@nocobase/server/package.json", json.dumps({"version": version}))
        self.write("node_modules/@nocobase/license-kit/index.js", _KIT)
        self.write("package.json", "{}")
        self.storage.mkdir(exist_ok=True)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    @property
    def command(self) -> tuple[str, ...]:
        """The command that takes the probe on its standard input."""
        return (*self.enter, "node", "--input-type=module", "-")

    @contextlib.contextmanager
    def running(
        self, env: Mapping[str, str], count: int = 1, parents: Mapping[str, str] | None = None, **options
    ) -> Iterator[None]:
        """Run the parent and `count` workers, whose environment is `env` (that of the parent: `parents`)."""
        there = (*self.enter, "env", "-C", str(self.folder))  # a way into other mounts leads to their root
        words = (*there, node_program(), "node_modules/pm2/bin/pm2-runtime", "start", _ENTRY)
        given = {"PATH": os.environ["PATH"], **(parents or {})}
        told = {"env": {"APP_PORT": str(self.port), **env}, "count": count}
        with subprocess.Popen(
            words,
            env=given,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            **options,
        ) as parent:
            try:
                parent.stdin.write(json.dumps(told).encode())
                parent.stdin.close()
                for _ in range(count):
                    assert parent.stdout.readline() == b"ready\n"
                yield
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(parent.pid, 9)


def script(**asked) -> bytes:
    """Return the probe as a transport sends it: what is asked, before the script's own text."""
    return f"globalThis.NOCOBASE_CLUSTER_WIZARD = {json.dumps(asked)};\n".encode() + SCRIPT.read_bytes()


def gathered(place: Inside, cwd: Path | None = None, env: Mapping[str, str] | None = None, **asked) -> dict:
    """Run the probe there and return its document."""
    asked = {"key": KEY, "key_id": "k1", "node": "node1", "port": place.port, **asked}
    done = subprocess.run(
        place.command,
        input=script(**asked),
        stdout=subprocess.PIPE,
        cwd=cwd or place.folder.parent,
        env={**os.environ, **(env or {})},
        timeout=patience(120),
        check=True,
    )
    return json.loads(done.stdout)
