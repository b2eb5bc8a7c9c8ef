"""A server in a container of this machine needs its processors: known by a real bridge, with a namespace behind it."""

import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.patience import patience
from wizard.engine.sockets import Scope

_SERVER = (
    "import socket; s = socket.create_server(('172.29.77.2', 7077)); print('up', flush=True); s.accept()[0].recv(1)"
)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=patience(20))


def _made(name: str) -> bool:
    """Whether a bridge could be made, and a namespace behind it."""
    try:
        ip("link", "add", f"b{name}", "type", "bridge")
        ip("addr", "add", "172.29.77.1/24", "dev", f"b{name}")
        ip("netns", "add", name)
        ip("link", "add", f"v{name}", "type", "veth", "peer", "name", f"p{name}")
        ip("link", "set", f"p{name}", "netns", name)
        ip("link", "set", f"v{name}", "master", f"b{name}")
        for end in (f"v{name}", f"b{name}"):
            ip("link", "set", end, "up")
        ip("-n", name, "addr", "add", "172.29.77.2/24", "dev", f"p{name}")
        ip("-n", name, "link", "set", f"p{name}", "up")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@pytest.fixture
def container():
    """Return the address of a server behind a bridge of this machine alone."""
    name = f"w{os.getpid() % 100000}"
    try:
        if not _made(name):
            pytest.skip("no network can be made here: that takes root, “ip”, and a kernel with bridges and pairs")
        words = [shutil.which("ip") or "ip", "netns", "exec", name, sys.executable, "-c", _SERVER]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"up\n"
            yield "172.29.77.2", 7077
            server.kill()
    finally:
        for words in (("link", "del", f"b{name}"), ("link", "del", f"v{name}"), ("netns", "del", name)):
            if shutil.which("ip"):
                subprocess.run(["ip", *words], check=False, capture_output=True, timeout=patience(20))


def test_a_server_in_a_container_of_this_machine_is_one_of_it(container):
    scope = Scope()
    with scope.entered(), socket.create_connection(container, timeout=patience(20)):
        assert scope.is_here is True
    scope.leave()
