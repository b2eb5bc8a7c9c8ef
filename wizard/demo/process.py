"""Servers as own children: started, awaited, stopped by their process id, never outliving this program.

`ServerProcess`  one child with its log file; stopped by a polite signal, then SIGKILL, to its whole group.
`run_tool()`     a short helper program (initdb and its like), run to its end in the same way.
`accepts(port)`  whether something on 127.0.0.1 listens.
`Account`        the unprivileged user that a server runs as where this program is root.
`find_program()` a program in PATH, in given folders, or inside an installed Python package.
`Missing`        the server is not on this machine: the reason, and the command that installs it.
`StartFailed`    the server is there and did not start: the end of its log.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from wizard.dataclass import dataclass
from wizard.plan.child_environment import bare
from wizard.reading import read_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from wizard.demo.guardian import Guardian

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.02
_LOG_END = 256 * 1024
"""Bytes of a log that its last lines are looked for in."""
_TOOL_SECONDS = 120.0
_CONNECT_SECONDS = 1.0

# Waits to be told to go: a parent that dies before it could name this process to the guardian leaves none.
_ON_COMMAND = 'read -r go && exec "$@"'
_GO = b"go\n"


class Missing(Exception):  # noqa: N818 - says what is the case: a missing server is no error of the program's
    """A server's program is not on this machine; `reason` says which, `install` is the command that brings it."""

    def __init__(self, reason: str, install: str) -> None:
        super().__init__(f"{reason}; install it with: {install}")
        self.reason = reason
        self.install = install


class StartFailed(Exception):  # noqa: N818 - named after the event
    """A server ended or stayed silent during its start; the message carries the end of its log."""


@dataclass(frozen=True)
class Account:
    """A user of the system that servers run as, since PostgreSQL and MariaDB refuse to run as root."""

    name: str
    uid: int
    gid: int
    group: str

    @classmethod
    def unprivileged(cls, *names: str) -> Account | None:
        """Return the first of these users that exists where this program is root; None where it is not root."""
        if os.name != "posix" or os.geteuid() != 0:
            return None
        import grp
        import pwd

        for name in (*names, "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(name, entry.pw_uid, entry.pw_gid, grp.getgrgid(entry.pw_gid).gr_name)
        raise Missing("there is no unprivileged user to run servers as", "adduser --system nobody")


def wait_until(happened: Callable[[], bool], within: float) -> bool:
    """Ask again every 20 ms until it happened, at most `within` seconds; say whether it did."""
    pause = threading.Event()
    deadline = time.monotonic() + within
    while not happened():
        if time.monotonic() > deadline:
            return False
        pause.wait(_POLL_SECONDS)
    return True


def accepts(port: int) -> bool:
    """Say whether something on 127.0.0.1 accepts connections on this port."""
    try:
        socket.create_connection((LOOPBACK, port), _CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def find_program(name: str, folders: Iterable[Path] = ()) -> Path | None:
    """Return the program of this name from PATH or from the folders, the first that has it."""
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    return next((folder / name for folder in folders if os.access(folder / name, os.X_OK)), None)


def find_packaged(package: str, pattern: str) -> Path | None:
    """Return a file of an installed Python package (newest by name where several match), without importing it."""
    spec = importlib.util.find_spec(package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        found = sorted(Path(place).glob(pattern))
        if found:
            return found[-1]
    return None


class ServerProcess:
    """One server as a child in a process group of its own, with its output in `FOLDER/NAME.log`.

    `folder` is the server's temporary folder and its working directory; `guardian` ends the server where this program
    dies before `stop()`. A stop sends the signal `polite`, and kills the group after `grace` seconds.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        guardian: Guardian,
        account: Account | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        polite: signal.Signals = signal.SIGTERM,
        grace: float = 5.0,
    ) -> None:
        self.name = name
        self.log_file = folder / f"{name}.log"
        self._command = list(command)
        self._folder = folder
        self._guardian = guardian
        self._account = account
        self._environment = _environment(folder, environment)
        self._stdin = stdin
        self._polite = polite
        self._grace = grace
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The child's process id; 0 before the start and after the stop."""
        return self._child.pid if self._child else 0

    @property
    def running(self) -> bool:
        """Whether the child is alive."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the child; it is not ready yet. StartFailed where its program cannot be run."""
        with self.log_file.open("ab") as log:
            try:
                self._child = self._spawn(log)
            except OSError as error:
                raise StartFailed(f"{self.name}: {error}") from error
        self._guardian.watch(self._child.pid)
        pipe = self._child.stdin
        if pipe:
            with contextlib.suppress(BrokenPipeError), pipe:
                pipe.write(_GO + self._stdin)

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        account = self._account
        return subprocess.Popen(
            ["/bin/sh", "-c", _ON_COMMAND, "server", *self._command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,
        )

    def wait_until_ready(self, ready: Callable[[], bool], within: float) -> None:
        """Wait until `ready()` says yes; StartFailed where the child ends before, or after `within` seconds."""
        if wait_until(lambda: not self.running or ready(), within) and self.running:
            return
        why = f"was not ready after {within:g} s" if self.running else "ended during its start"
        raise StartFailed(f"{self.name} {why}:\n{self.log_tail()}")

    def wait(self, seconds: float) -> int | None:
        """Wait until the child has ended by itself and return its exit code; None after `seconds`."""
        if self._child is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._child.wait(seconds)
        return None

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of what the server wrote."""
        text = read_end(self.log_file, _LOG_END).decode(errors="replace") if self.log_file.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def stop(self) -> None:
        """End the child and its whole group; harmless when it already ended."""
        child, self._child = self._child, None
        if child is None:
            return
        _signal_group(child.pid, self._polite)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(self._grace)
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()
        self._guardian.forget(child.pid)


def run_tool(
    command: Sequence[str],
    *,
    folder: Path,
    guardian: Guardian,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run a helper program to its end, as a server is run; StartFailed with its output where it fails."""
    name = Path(command[0]).name
    tool = ServerProcess(name, command, folder=folder, guardian=guardian, account=account, environment=environment)
    with tool:
        code = tool.wait(_TOOL_SECONDS)
    if code is None:
        raise StartFailed(f"{name} had not ended after {_TOOL_SECONDS:g} s:\n{tool.log_tail()}")
    if code:
        raise StartFailed(f"{name} ended with {code}:\n{tool.log_tail()}")


def _environment(folder: Path, further: Mapping[str, str] | None) -> dict[str, str]:
    """Return this program's variables, but for secrets, with temporary files sent into the server's own folder."""
    return {**bare(os.environ), "TMPDIR": str(folder), **(further or {})}


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
