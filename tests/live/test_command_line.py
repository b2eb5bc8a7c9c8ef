"""The program as a process: live checks, interrupts, a person at a terminal, the demo, and secrets from everywhere."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.patience import patience, wait_until
from tests.servers.ports import ClosedPort, SilentPort
from wizard.demo.postgres import Postgres
from wizard.formats import cluster_file
from wizard.plan.plan import Plan
from wizard.plan.secret import SecretRef

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
ID = "c0ffee000001"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a user who has no keyring, no display and no saved cluster."""
    without = ("DBUS_", "XDG_", "DISPLAY", "WAYLAND_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    home = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nobody"}
    return {**plain, **home, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


@pytest.fixture
def program(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(words),
            env={**environment, **variables},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def command(words: Sequence[object]) -> list[str]:
    return [sys.executable, "-m", "wizard", *map(str, words)]


def plan_for(server, **values) -> Plan:
    """Return a plan whose database is `server`, with a reference to its password."""
    plan = Plan(id=ID, name="live")
    values = {
        "database.host": server.host,
        "database.port": server.port,
        "database.password": SecretRef("database.password"),
        **values,
    }
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan


@pytest.fixture
def save(tmp_path: Path) -> Callable[[Plan], Path]:
    def write(plan: Plan) -> Path:
        path = tmp_path / "cluster.yaml"
        path.write_text(cluster_file.write(plan))
        return path

    return write


def connect_of(text: str) -> dict:
    """Return the finding that says whether the database was reached, from a report in JSON."""
    [found] = [one for one in json.loads(text)["findings"] if one["id"] == "database.connect"]
    return found


ONLY = ("--only", "database.connect", "--format", "json")


def test_a_password_from_the_environment_reaches_the_database(program, save, postgres: Postgres):
    done = program("check", save(plan_for(postgres)), *ONLY, DB_PASSWORD=postgres.password)
    assert (done.returncode, done.stderr) == (0, "")
    assert connect_of(done.stdout)["severity"] == "pass"
    assert postgres.password not in done.stdout


def test_a_password_from_a_file_wins_and_a_wrong_one_fails_with_3(program, save, postgres: Postgres, tmp_path: Path):
    (tmp_path / "secrets.env").write_text("DB_PASSWORD=wrong-password\n")
    words = ("check", save(plan_for(postgres)), *ONLY, "--secrets-file", "secrets.env")
    done = program(*words, DB_PASSWORD=postgres.password)
    assert done.returncode == 3
    found = connect_of(done.stdout)
    assert (found["severity"], found["error"]) == ("fail", "credentials")
    assert "wrong-password" not in done.stdout + done.stderr


def test_a_password_from_the_keyring_reaches_the_database(program, save, postgres: Postgres, secret_service):
    keep = (
        "import os; from wizard.storage.secret_store import open_secret_store; from wizard.plan.secret import Secret;"
        f"open_secret_store(20).secret_store.set('{ID}', 'database.password', Secret(os.environ['VALUE']))"
    )
    variables = {**os.environ, **secret_service.environment(), "PYTHONPATH": str(ROOT), "VALUE": postgres.password}
    subprocess.run([sys.executable, "-c", keep], env=variables, check=True)
    words = ("check", save(plan_for(postgres)), *ONLY)

    def connects():  # a keyring is given three seconds, which a machine with much else to do may not have
        return connect_of(program(*words, **secret_service.environment()).stdout)["severity"] == "pass"

    assert wait_until(connects)


def test_without_the_password_it_is_unknown_and_never_a_pass(program, save, postgres: Postgres):
    done = program("check", save(plan_for(postgres)), *ONLY)
    assert done.returncode == 0
    assert connect_of(done.stdout)["severity"] == "unknown"
    assert program("check", save(plan_for(postgres)), *ONLY, "--strict").returncode == 4


def test_an_exported_bundle_is_a_source_with_its_secrets(program, save, postgres: Postgres):
    source = save(plan_for(postgres, **{"application.public_url": "http://app.example.com"}))
    done = program("export", source, "out", "--target", "env", "--secrets", "inline", DB_PASSWORD=postgres.password)
    assert done.returncode == 0, done.stderr
    done = program("check", "out", *ONLY)
    assert connect_of(done.stdout)["severity"] == "pass"


def test_check_on_a_bundle_tells_which_files_were_changed_by_hand(
    program, save, closed_port: ClosedPort, tmp_path: Path
):
    source = save(plan_for(closed_port, **{"application.public_url": "http://app.example.com"}))
    only = ("--only", "plan.bundle_files", "--format", "json")
    for place in ("out", "out.zip"):
        assert program("export", source, place, "--target", "env").returncode == 0
        [sound] = json.loads(program("check", place, *only).stdout)["findings"]
        assert (sound["severity"], sound["subject"]) == ("pass", "")
    (tmp_path / "out/env/cluster.env").write_text("DB_PORT=1\n")
    (tmp_path / "out/env/cluster.docker.env").unlink()
    (tmp_path / "out/notes.txt").write_text("x")
    done = program("check", "out", *only, "--strict")
    found = {one["subject"]: one["severity"] for one in json.loads(done.stdout)["findings"]}
    assert found == dict.fromkeys(["env/cluster.env", "env/cluster.docker.env", "notes.txt"], "warn")
    assert done.returncode == 4
    assert json.loads(program("check", source, *only).stdout)["findings"] == []


def test_a_dry_run_tells_what_an_export_would_do_and_does_nothing(
    program, save, closed_port: ClosedPort, tmp_path: Path
):
    plan = plan_for(closed_port, **{"application.public_url": "http://app.example.com"})
    words = ("out", "--target", "env", "--secrets", "inline")
    assert program("export", save(plan), *words, DB_PASSWORD="Old-Pw_12345").returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    source = save(plan.with_value("database.name", "other"))
    done = program("export", source, *words, "--dry-run", DB_PASSWORD="New-Pw_12345")
    assert (done.returncode, done.stderr) == (0, "")
    assert "+DB_DATABASE=other" in done.stdout
    assert "Old-Pw_12345" not in done.stdout
    assert "New-Pw_12345" not in done.stdout
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_a_silent_server_is_given_up_at_the_deadline(program, save, silent_port: SilentPort):
    for bound in (("--timeout", "1"), ("--deadline", "0.3")):
        done = program("check", save(plan_for(silent_port)), *ONLY, *bound, DB_PASSWORD="x")
        found = connect_of(done.stdout)
        assert found["error"] == "timeout"
        assert found["severity"] in {"fail", "unknown"}


@pytest.fixture
def interrupted(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the program, interrupt it as Ctrl-C does once `reached` is true, and give it when it has ended."""
    started: list[subprocess.Popen[str]] = []

    def call(
        reached: Callable[[], bool], *words: object, terminal: tuple[int, int] | None = None
    ) -> tuple[int, str, str]:
        process = subprocess.Popen(
            command(words),
            env={**environment, "DB_PASSWORD": "x"},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=terminal[1] if terminal else subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert wait_until(reached)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        return process.returncode, out, err

    yield call
    for process in started:
        process.kill()
        process.wait()


def test_an_interrupt_ends_at_once_with_what_is_known(interrupted, save, silent_port: SilentPort):
    words = ("check", save(plan_for(silent_port)), "--only", "database.", "--timeout", "600", "--format", "json")
    code, out, err = interrupted(lambda: silent_port.accepted > 0, *words)
    assert (code, err) == (1, "")
    findings = json.loads(out)["findings"]
    assert findings
    assert {one["severity"] for one in findings} == {"skip"}


def test_an_interrupt_after_a_failure_ends_with_3(interrupted, save, silent_port: SilentPort, closed_port: ClosedPort):
    plan = plan_for(silent_port, **{"redis.server.host": closed_port.host, "redis.server.port": closed_port.port})
    words = ("check", save(plan), "--only", "database.", "--only", "plan.required", "--timeout", "600")
    terminal = pty.openpty()
    shown = threading.Thread(target=read_until, args=(terminal[0], b"1 of 2"))
    shown.start()  # the failure has been found when the progress says that one of both checks has ended
    code, out, _err = interrupted(lambda: silent_port.accepted > 0 and not shown.is_alive(), *words, terminal=terminal)
    for end in terminal:
        os.close(end)
    assert code == 3
    assert "FAILED" in out
    assert "cancelled" in out


def test_a_person_at_a_terminal_types_the_missing_password(environment, save, postgres: Postgres, tmp_path: Path):
    terminal, other = pty.openpty()
    process = subprocess.Popen(
        command(["check", save(plan_for(postgres)), *ONLY]),
        env=environment,
        cwd=tmp_path,
        stdin=other,
        stdout=subprocess.PIPE,
        stderr=other,
        text=True,
        start_new_session=True,
    )
    os.close(other)
    shown = read_until(terminal, b"database.password")
    os.write(terminal, postgres.password.encode() + b"\n")
    out, _ = process.communicate()
    shown += read_until(terminal, None)
    os.close(terminal)
    assert connect_of(out)["severity"] == "pass"
    assert postgres.password.encode() not in shown
    assert b"of 1" in shown, "progress is shown on a terminal"


def read_until(terminal: int, expected: bytes | None) -> bytes:
    """Read what a terminal shows until it shows `expected`, or until its other side is closed."""
    shown = b""
    while expected is None or expected not in shown:
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data
    return shown


def test_the_demo_without_a_window_checks_and_exports(program):
    done = program("demo", "--headless")
    assert done.returncode == 0, done.stderr
    for component in ("plan", "licence", "database", "redis", "rabbitmq", "storage", "node", "balancer", "cluster"):
        assert f"\n{component}\n" in done.stdout
    assert "env/cluster.env" in done.stdout
    assert "nginx/demo.conf" in done.stdout
    assert "removed again" in done.stdout
    assert "nocobase-cluster-demo-bundle-" not in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_is_ended_from_outside_leaves_nothing(environment, tmp_path: Path, number: signal.Signals):
    folders = tmp_path / "tmp"
    folders.mkdir(mode=0o777)
    folders.chmod(0o777)
    tmp_path.chmod(0o755)
    process = subprocess.Popen(
        command(["demo", "--headless"]),
        env={**environment, "TMPDIR": str(folders)},
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert wait_until(lambda: any(folders.glob("*/*.log"))), "no server was started"
    process.send_signal(number)
    process.wait(patience())
    assert wait_until(lambda: not any(folders.iterdir()))
    assert number is signal.SIGKILL or process.returncode == 128 + number


def test_the_installation_proves_itself(program):
    done = program("self-test")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\n") == 7


def test_without_a_display_the_window_is_not_tried(program):
    done = program(QT_QPA_PLATFORM="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "demo --headless" in done.stderr
