"""scripts/run with its tools replaced: it goes on without the window's libraries, heals, and says why it ends."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "run"
TOOLS = ("bash", "env", "dirname", "id", "mktemp", "rm", "grep", "mkdir", "cp", "chmod", "cat")
PYTHON = """#!/bin/bash
case "$*" in
    *"-m venv"*) mkdir -p "${@: -1}/bin"; cp "$0" "${@: -1}/bin/python" ;;
    *"-m pip --version"*) [ ! -e "$HALF_MADE" ] ;;
    *"-m pip install"*) echo "$*" >>"$CALLS"; exit "${PIP_ENDS:-0}" ;;
    *"-m wizard"*) echo "$NCW_CALLED_AS ${*:3}" ;;
esac
"""


class Machine:
    """A checkout and a PATH with nothing but what a test puts there."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin, self.calls = root, root / "bin", root / "calls"
        self.bin.mkdir()
        for tool in TOOLS:
            found = next(Path(folder, tool) for folder in ("/usr/bin", "/bin") if Path(folder, tool).exists())
            (self.bin / tool).symlink_to(found)
        self.checkout("checkout")

    def checkout(self, name: str) -> None:
        (self.root / name / "scripts").mkdir(parents=True)
        (self.root / name / "scripts" / "run").write_bytes(SCRIPT.read_bytes())
        (self.root / name / "pyproject.toml").touch()

    def has(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def run(self, name: str = "checkout", **variables: str) -> subprocess.CompletedProcess[str]:
        known = {"PATH": str(self.bin), "CALLS": str(self.calls), "TMPDIR": str(self.root), "HALF_MADE": "/nowhere"}
        return subprocess.run(
            ["bash", f"{name}/scripts/run", "check", "x"],
            cwd=self.root,
            env={**known, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def installations(self) -> int:
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if os.name != "posix":
        pytest.skip("a script for bash")
    made = Machine(tmp_path)
    made.has("python3", PYTHON)
    return made


def test_the_first_start_installs_and_the_second_only_starts(machine: Machine):
    done = machine.run()
    assert (done.returncode, done.stdout) == (0, "checkout/scripts/run check x\n")
    assert done.stderr.count("(once)") == 1
    done = machine.run()
    assert (done.stdout, done.stderr, machine.installations()) == ("checkout/scripts/run check x\n", "", 1)


def test_without_the_windows_libraries_the_rest_works_and_the_log_is_named(machine: Machine):
    machine.has("dpkg-query", "#!/bin/bash\nexit 1\n")
    machine.has("sudo", '#!/bin/bash\nexec "$@"\n')
    machine.has("apt-get", "#!/bin/bash\necho apt broke >&2\nexit 100\n")
    done = machine.run()
    assert (done.returncode, done.stdout) == (0, "checkout/scripts/run check x\n")
    assert "apt-get install libegl1" in done.stderr
    assert "apt broke" not in done.stderr
    [log] = machine.root.glob("nocobase-cluster-wizard-apt-*")
    assert str(log) in done.stderr
    assert "apt broke" in log.read_text()


def test_no_tool_is_named_that_is_not_there(machine: Machine):
    (machine.bin / "python3").unlink()
    machine.has("dpkg-query", "#!/bin/bash\nexit 1\n")
    done = machine.run()
    assert done.returncode == 2
    assert "apt-get" not in done.stderr
    assert "Install it with" not in done.stderr
    assert "https://www.python.org/downloads/" in done.stderr


def test_a_checkout_that_was_copied_installs_itself(machine: Machine):
    machine.run()
    machine.checkout("copy")
    subprocess.run(["cp", "-a", "checkout/.venv", "copy/.venv"], cwd=machine.root, check=True)
    assert machine.run("copy").returncode == 0
    assert machine.installations() == 2
    assert f"-e {machine.root / 'copy'}" in machine.calls.read_text()


def test_a_half_made_environment_is_made_anew(machine: Machine):
    half = machine.root / "checkout" / ".venv" / "half"
    half.parent.mkdir()
    half.touch()
    (half.parent / "bin").mkdir()
    (half.parent / "bin" / "python").write_text(PYTHON)
    (half.parent / "bin" / "python").chmod(0o755)
    done = machine.run(HALF_MADE=str(half))
    assert (done.returncode, done.stdout) == (0, "checkout/scripts/run check x\n")
    assert not half.exists()


def test_packages_that_cannot_be_had_end_it_with_a_sentence(machine: Machine):
    done = machine.run(PIP_ENDS="1")
    assert done.returncode == 2
    assert "proxy" in done.stderr.splitlines()[-1]
    assert machine.run().returncode == 0
