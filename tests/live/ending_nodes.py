"""Nodes that answer with 500 while they end, users who go on asking, and the README's scripts at the balancer."""

import stat
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.patience import patience, wait_until
from wizard.demo.http_stand_in import Answer
from wizard.demo.nodes import NodeStandIn

CLIENTS = 4
WITHIN = 60
"""Seconds as a last resort: what is waited for is an event."""


class Node(NodeStandIn):
    """A node that can be told to end: it then answers every request with 500, as a real one was seen to."""

    def __init__(self) -> None:
        super().__init__()
        self.ending = False
        self._counting = threading.Lock()
        self.asked = 0
        """How many requests of users came; the balancer's own questions are none."""

    def record(self, request) -> None:
        if "load" in request.path:
            with self._counting:
                self.asked += 1

    def answer(self, request) -> Answer | None:
        if self.ending and "load" in request.path:
            return Answer(500, b"ConnectionManager.getConnection was called after it was closed", "text/plain")
        return super().answer(request) if "load" not in request.path else Answer(200, b"", "text/plain")

    def start(self):
        self.ending = False
        return super().start()


class Users:
    """Clients that ask at once, each time over a new connection, until `enough` is set."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.enough = threading.Event()
        self.statuses: list[int] = []

    def run(self) -> None:
        with httpx.Client(trust_env=False, timeout=patience(20), headers={"Connection": "close"}) as client:
            while not self.enough.is_set():
                try:
                    self.statuses.append(client.get(f"{self._url}/api/load").status_code)
                except httpx.TransportError:
                    self.statuses.append(0)

    def leave_alone(self, node: Node) -> bool:
        """Whether many requests pass and none of them reaches the node."""
        taken, asked = node.asked, len(self.statuses)
        return wait_until(lambda: len(self.statuses) >= asked + 100, within=WITHIN) and node.asked == taken

    def reach(self, node: Node, count: int = 20) -> bool:
        taken = node.asked
        return wait_until(lambda: node.asked >= taken + count, within=WITHIN)


@contextmanager
def users_of(url: str) -> Iterator[Users]:
    """Let users ask at `url` as long as the block runs."""
    users = Users(url)
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(users.run) for _ in range(CLIENTS)]
        try:
            yield users
        finally:
            users.enough.set()
    for one in running:
        one.result()


class Machine:
    """Runs the README's scripts where the balancer is: their files and programs are those of the test."""

    def __init__(self, folder: Path, programs: dict[str, str], places: dict[str, str]) -> None:
        self._places = places
        self._bin = folder / "programs"
        self._bin.mkdir()
        for name, text in {"sleep": "#!/bin/sh\n", **programs}.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(stat.S_IRWXU)

    def run(self, script: str, folder: Path | None = None) -> None:
        """Run a script in `folder`; it must be about the files that the test has in their place."""
        for usual, here in self._places.items():
            assert usual in script
            script = script.replace(usual, here)
        environ = {"PATH": f"{self._bin}:/usr/bin:/bin"}
        command = ["sh", "-ec", script]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
