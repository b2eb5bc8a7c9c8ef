"""No dump of the memory, where secrets are: neither a file nor one for the system's handler."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience

ROOT = Path(__file__).parents[2]
TELL = """
import ctypes, resource, sys
if "forbid" in sys.argv:
    from wizard.storage.core_dumps import forbid
    forbid()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""
"""Prints whether a dump may be made (PR_GET_DUMPABLE of prctl(2)), and the longest file that it may be."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")


def told(*words: str) -> str:
    limited = ["prlimit", "--core=4096:4096", sys.executable, "-c", TELL, *words]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_process_that_holds_secrets_cannot_be_dumped():
    assert told() == "1 (4096, 4096)"
    assert told("forbid") == "0 (0, 0)"


def test_the_program_forbids_it_before_it_reads_a_source(tmp_path):
    (tmp_path / "cluster.yaml").write_text("schema: 1\nstorage:\n  path: /nonexistent\n")
    command = [sys.executable, "-m", "wizard", "check", "cluster.yaml", "--only", "storage.exists", "--wait", "3600"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr.readline() == "Waiting for storage.\n"
            limits = Path(f"/proc/{process.pid}/limits").read_text()
        finally:
            process.kill()
            process.wait(patience())
    assert [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core file size")] == [["0", "0"]]
