"""scripts/run with its tools replaced: it goes on without the window's libraries, heals, and says why it ends."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "run"
TOOLS = ("bash", "env", "dirname", "id", "mktemp", "rm", "grep", "mkdir", "cp", "chmod", "cat", "readlink")
PYTHON = """#!/bin/bash
case "$*" in
    *"-m venv"*) mkdir -p "${@: -1}/bin"; cp "$0" "${@: -1}/bin/python" ;;
    *"import wizard"*) [ ! -e "$OTHER_PYTHON" ] ;;
    *"import ensurepip"*) [ ! -e "$NO_VENV" ] ;;
    *"-venv"*) echo python3.12-venv ;;
    *realpath*) readlink -f "$0" ;;
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
        (self.root / name / "pyproject.toml").write_text('[project]\nname = "nocobase-cluster-wizard"\n')
        (self.root / name / "requirements").mkdir()
        for part in ("run", "demo"):
            (self.root / name / "requirements" / f"{part}.txt").touch()

    def has(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def run(
        self, name: str = "checkout", *, script: str = "", words: str = "check x", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        known = {"PATH": str(self.bin), "CALLS": str(self.calls), "TMPDIR": str(self.root)}
        known |= dict.fromkeys(("HALF_MADE", "OTHER_PYTHON", "NO_VENV"), "/nowhere")
        return subprocess.run(
            ["bash", script or f"{name}/scripts/run", *words.split()],
            cwd=self.root,
            env={**known, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def installations(self) -> int:
        return self.calls.read_text().count(" -e ") if self.calls.exists() else 0


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


def test_the_locked_versions_are_installed_and_again_where_the_lock_is_newer(machine: Machine):
    machine.run()
    locked, own = machine.calls.read_text().splitlines()
    lock = machine.root / "checkout" / "requirements" / "run.txt"
    assert locked.endswith(f"--require-hashes -r {lock}")
    assert own.endswith(f"--no-deps --no-build-isolation -e {machine.root / 'checkout'}")
    stamp = machine.root / "checkout" / ".venv" / ".ready-to-run"
    later = stamp.stat().st_mtime_ns + 1_000_000_000
    os.utime(lock, ns=(later, later))
    assert (machine.run().stderr.count("(once)"), machine.installations()) == (1, 2)


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


def test_a_link_to_the_script_starts_the_checkout_and_leaves_the_links_folder_alone(machine: Machine):
    machine.checkout("real checkout")
    other = machine.root / "home" / ".venv" / "kept"
    other.parent.mkdir(parents=True)
    other.touch()
    (machine.root / "home" / "bin").mkdir()
    (machine.root / "home" / "bin" / "wizard").symlink_to("../near")
    (machine.root / "home" / "near").symlink_to(machine.root / "real checkout" / "scripts" / "run")
    done = machine.run(script="home/bin/wizard")
    assert (done.returncode, done.stdout) == (0, "home/bin/wizard check x\n")
    assert other.exists()
    assert (machine.root / "real checkout" / ".venv" / "bin" / "python").exists()


def test_a_copy_of_the_script_alone_touches_nothing(machine: Machine):
    other = machine.root / "home" / ".venv" / "kept"
    other.parent.mkdir(parents=True)
    other.touch()
    (machine.root / "home" / "bin").mkdir()
    (machine.root / "home" / "bin" / "run").write_bytes(SCRIPT.read_bytes())
    (machine.root / "home" / "pyproject.toml").write_text('[project]\nname = "other"\n')
    done = machine.run(script="home/bin/run")
    assert (done.returncode, done.stdout) == (2, "")
    assert str(machine.root / "home") in done.stderr
    assert other.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root to give a folder away")
def test_an_environment_of_somebody_else_is_not_removed(machine: Machine):
    venv = machine.root / "checkout" / ".venv"
    venv.mkdir()
    os.chown(venv, 12345, 12345)
    done = machine.run()
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "as its owner" in done.stderr
    assert venv.exists()


def test_where_python_became_another_one_the_packages_are_installed_for_it(machine: Machine):
    python = machine.root / "checkout" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(machine.bin / "python3")
    machine.run()
    assert machine.run(OTHER_PYTHON=str(machine.root)).stderr == ""
    machine.has("python3.99", PYTHON)
    python.unlink()
    python.symlink_to(machine.bin / "python3.99")
    assert machine.run().stderr == ""
    done = machine.run(OTHER_PYTHON=str(machine.root))
    assert (done.returncode, done.stderr.count("(once)"), machine.installations()) == (0, 1, 2)


OLD = "#!/bin/bash\nexit 1\n"


@pytest.mark.parametrize(
    ("offered", "told"),
    [
        ("python3) echo 'Version: 3.10.6-1' ;; python3.11) echo 'Version: 3.11.0-1' ;;", "python3.11 python3.11-venv"),
        ("python3) echo 'Version: 3.9.2-3' ;;", "https://www.python.org/downloads/"),
        ("python3) echo 'Version: 3.11.2-1' ;;", "python3 python3-venv"),
        ("", "python3 python3-venv"),
    ],
    ids=["a later one beside it", "none", "the usual one", "no lists"],
)
def test_the_advice_for_an_old_python_is_what_apt_can_really_give(machine: Machine, offered: str, told: str):
    machine.has("python3", OLD)
    machine.has("apt-get", "#!/bin/bash\nexit 100\n")
    machine.has("apt-cache", f'#!/bin/bash\ncase "${{@: -1}}" in {offered} *) exit 100 ;; esac\n')
    done = machine.run()
    assert done.returncode == 2
    assert told in done.stderr.splitlines()[-1]


def test_the_venv_package_is_that_of_the_python_found(machine: Machine):
    machine.has("dpkg-query", "#!/bin/bash\necho 'install ok installed'\n")
    machine.has("sudo", '#!/bin/bash\nexec "$@"\n')
    machine.has("apt-get", '#!/bin/bash\n[[ $* != *install* ]] || echo "$*" >>"$CALLS"\n')
    machine.run(NO_VENV=str(machine.root))
    assert machine.calls.read_text().splitlines()[0].endswith(" install python3.12-venv")


def test_a_demo_without_its_packages_goes_on_with_what_the_machine_has(machine: Machine):
    assert machine.run(words="demo", PIP_ENDS="1").returncode == 2
    machine.run()
    done = machine.run(words="demo", PIP_ENDS="1")
    assert (done.returncode, done.stdout) == (0, "checkout/scripts/run demo\n")
    assert "what this machine has" in done.stderr


def test_what_was_installed_for_a_demo_starts_the_rest_too(machine: Machine):
    machine.run(words="demo")
    assert machine.run(PIP_ENDS="1").stderr == ""
    assert machine.installations() == 1
