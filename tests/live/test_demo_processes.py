"""Servers are children that start or say why not, and that leave nothing however this program ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.patience import patience, wait_until
from tests.servers.debian import cache
from wizard.demo import redis as demo_redis
from wizard.demo.guardian import Guardian
from wizard.demo.nginx import Nginx
from wizard.demo.ports import HeldPort
from wizard.demo.postgres import Postgres, find_packaged_postgres
from wizard.demo.process import LOOPBACK, Missing, ServerProcess, StartFailed, accepts
from wizard.demo.reach import copied
from wizard.demo.redis import Redis, find_redis

pytestmark = pytest.mark.live

_IGNORES_TERM = "trap '' TERM; echo ready; while :; do sleep 60; done"


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Make a child that runs a shell script: `child("sleep 60", grace=0.1)`."""
    folder = tmp_path / "child"
    folder.mkdir()
    guardian = Guardian(folder)
    yield lambda script, **options: ServerProcess(
        "child", ["/bin/sh", "-c", script], folder=folder, guardian=guardian, **options
    )
    guardian.dismiss()


def _says_ready(process: ServerProcess):
    return lambda: "ready" in process.log_tail()


def test_stop_kills_a_whole_group_that_ignores_the_polite_signal(child):
    with child(_IGNORES_TERM, grace=0.1) as process:
        process.wait_until_ready(_says_ready(process), 30)
        assert wait_until(lambda: psutil.Process(process.pid).children() != [], 30)
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children())]
    assert wait_until(lambda: all(map(_gone, family)), 30)


def test_a_server_that_ends_during_its_start_is_reported_with_its_log(child):
    with (
        child("echo no such setting; exit 3") as process,
        pytest.raises(StartFailed, match="no such setting"),
    ):
        process.wait_until_ready(lambda: False, 30)


def test_a_server_that_never_gets_ready_is_given_up(child):
    with (
        child("exec sleep 60") as process,
        pytest.raises(StartFailed, match=r"not ready after 0\.1 s"),
    ):
        process.wait_until_ready(lambda: False, 0.1)


def test_a_program_that_does_not_exist_fails_the_start_and_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(StartFailed, match="no-such-program"):
        Nginx(program=Path("/no-such-program")).start()
    assert list(tmp_path.iterdir()) == []


def test_a_server_dies_with_its_parent_and_its_folder_goes(tmp_path):
    code = (
        "import sys; from wizard.demo.redis import Redis; s = Redis().start(); "
        "print(s.process.pid, s.folder, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid, folder = parent.stdout.readline().split()
        assert not _gone(int(pid))
        os.kill(parent.pid, signal.SIGKILL)
    assert wait_until(lambda: _gone(int(pid)) and not Path(folder).exists(), 30)


def _ends_by_sigkill(code: str, folder: Path) -> str:
    """Run a program that kills itself, with its temporary files in `folder`; give what it said."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=patience(60),
    )
    assert done.returncode == -signal.SIGKILL
    return done.stdout


def test_a_parent_that_dies_before_it_could_name_a_server_leaves_none(tmp_path):
    code = (
        "import os, signal; from wizard.demo.guardian import Guardian; from wizard.demo.redis import Redis; "
        "Guardian.watch = lambda _self, group: print(group, flush=True) or os.kill(os.getpid(), signal.SIGKILL); "
        "Redis().start()"
    )
    pid = int(_ends_by_sigkill(code, tmp_path))
    assert wait_until(lambda: _gone(pid) and not any(tmp_path.iterdir()), 30)


def test_a_parent_that_dies_while_a_tool_runs_leaves_neither_the_tool_nor_the_folder(tmp_path):
    code = (
        "import os, signal, threading; from wizard.demo.guardian import new_folder; "
        "from wizard.demo.process import run_tool; folder, guardian = new_folder('tool-'); os.mkfifo(folder / 'pids'); "
        "die = lambda: (print((folder / 'pids').read_text(), flush=True), os.kill(os.getpid(), signal.SIGKILL)); "
        "threading.Thread(target=die).start(); "
        "script = 'sleep 300 & echo $$ $! >pids; wait'; "
        "run_tool(['/bin/sh', '-c', script], folder=folder, guardian=guardian)"
    )
    pids = [int(pid) for pid in _ends_by_sigkill(code, tmp_path).split()]
    assert len(pids) == 2
    assert wait_until(lambda: all(map(_gone, pids)) and not any(tmp_path.iterdir()), 30)


def test_a_parent_that_dies_before_it_made_the_folder_leaves_none(tmp_path):
    code = (
        "import os, signal; from pathlib import Path; from wizard.demo.guardian import new_folder; made = Path.mkdir; "
        "Path.mkdir = lambda self, mode: made(self, mode) or os.kill(os.getpid(), signal.SIGKILL); new_folder('x-')"
    )
    _ends_by_sigkill(code, tmp_path)
    assert wait_until(lambda: not any(tmp_path.iterdir()), 30)


def test_a_group_that_has_ended_is_not_killed_when_its_number_may_be_anothers(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with contextlib.ExitStack() as stack:
        one, other = (stack.enter_context(subprocess.Popen(["sleep", "300"], start_new_session=True)) for _ in range(2))
        stack.callback(one.kill)
        guardian = Guardian(folder)
        for word, process in ((guardian.watch, one), (guardian.watch, other), (guardian.forget, one)):
            word(process.pid)
        guardian._shell.stdin.close()  # as when this program dies
        assert other.wait(patience(30)) == -signal.SIGTERM
        guardian._shell.wait(patience(30))
        assert not folder.exists()
        assert one.poll() is None
        guardian.dismiss()


def test_a_port_taken_meanwhile_is_given_up_for_another(launch):
    first = launch(Redis)
    second = Redis()
    second.port = first.port
    launch(lambda: second)
    assert second.port != first.port


def test_a_server_keeps_its_port_over_a_restart_and_starts_empty(launch):
    server = launch(Redis)
    port = server.port
    with server.connect() as client:
        client.set("a", "b")
    server.stop()
    server.start()
    with server.connect() as client:
        assert (server.port, client.get("a")) == (port, None)


def test_postgres_stops_by_itself_although_a_client_is_connected(launch):
    server = launch(Postgres)
    with server.connect() as client:
        server.process.stop()
        assert "database system is shut down" in server.process.log_tail(), "it had to be killed"
        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as other users")
def test_a_packaged_postgres_in_a_private_home_runs_from_where_its_user_may_look(launch, tmp_path, monkeypatch):
    packaged = find_packaged_postgres()
    assert packaged is not None
    (private := tmp_path / "private").mkdir()
    program = copied(packaged.resolve().parents[1], private) / "bin" / "postgres"
    private.chmod(0o700)
    monkeypatch.setattr("wizard.demo.postgres.find_packaged_postgres", lambda: program)
    server = launch(lambda: Postgres(binaries=program.parent))
    with server.connect() as client:
        assert client.execute("SELECT 1").fetchone() == (1,)
    assert server.binaries.is_relative_to(server.folder)


def test_the_password_stands_neither_among_the_arguments_nor_in_the_log(launch):
    server = launch(Redis)
    assert server.password not in " ".join(psutil.Process(server.process.pid).cmdline())
    assert server.password not in server.process.log_file.read_text()


def test_the_folder_is_readable_by_its_owner_alone(launch):
    server = launch(Redis)
    assert server.folder.stat().st_mode & 0o777 == 0o700
    assert (server.folder / "redis.conf").stat().st_mode & 0o777 == 0o600


def test_a_missing_server_names_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(demo_redis, "find_program", lambda *_: None)
    monkeypatch.setattr(demo_redis, "find_packaged", lambda *_: None)
    with pytest.raises(Missing, match="apt-get install redis-server"):
        find_redis()


def test_a_held_port_refuses_until_a_server_listens_there_and_again_afterwards():
    port = HeldPort()
    assert not accepts(port.number)
    with socket.create_server((LOOPBACK, port.number)):
        assert accepts(port.number)
    assert not accepts(port.number)


def test_a_held_port_is_chosen_for_nobody_else():
    held = {(port := HeldPort()).number: port for _ in range(200)}
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(500)]
        assert held.keys().isdisjoint(other.getsockname()[1] for other in others)


@pytest.mark.parametrize("address", ["127.0.0.2", "0.0.0.0"])
def test_a_held_port_is_nobody_elses_at_another_address_either(address):
    port = HeldPort()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((address, port.number))


@pytest.mark.parametrize(
    ("script", "left"),
    [("exit 7", None), ("setsid -f sleep 300", "sleep 300"), ("mkdir $TMPDIR/nocobase-cluster-demo-x", "folder")],
)
def test_the_test_run_finds_what_was_left_behind(script, left, tmp_path):
    command = [sys.executable, "-m", "tests.servers.leftovers", "/bin/sh", "-c", script]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "NCW_TEST_CACHE": str(cache())}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=patience(60))
    assert done.returncode == (1 if left else 7)
    assert (left or "") in done.stderr
    assert ("test_the_test_run_finds_what_was_left_behind" in done.stderr) == (left == "sleep 300"), "who started it"
