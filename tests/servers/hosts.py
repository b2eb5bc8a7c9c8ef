"""Hosts of their own on one machine: each a network and mounts of its own, with a real sshd, around a hub.

Nothing has a name in the system: the namespaces end with the processes that hold them.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.patience import wait_until
from tests.servers.namespace import PRIVILEGES, need
from wizard.demo.process import Missing

_HOLD = ("unshare", "--net", "--mount", "--propagation", "private", "--", "cat")
_NETWORK = "198.18"
"""For benchmarks of networks (RFC 2544): nobody's own."""
_SSHD = """
Port {port}
HostKey {folder}/key
AuthorizedKeysFile {folder}/key.pub
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
"""
_CLIENT = (
    "Host *\n  IdentityFile {folder}/key\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  User root\n"
)


class Place:
    """A namespace and the process that holds it."""

    def __init__(self, pid: int, address: str = "") -> None:
        self.pid, self.address = pid, address

    @property
    def enter(self) -> tuple[str, ...]:
        """The words before a command that make it run there."""
        return ("nsenter", f"--target={self.pid}", "--net", "--mount", "--")

    def run(self, *words: str) -> bytes:
        return subprocess.run((*self.enter, *words), check=True, capture_output=True).stdout


class Hosts:
    """`count` hosts around a hub; all reach the hub, and none another one."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self._count = count
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        need("a host of its own")
        for program, package in (("sshd", "openssh-server"), ("ssh", "openssh-client"), ("ip", "iproute2")):
            if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
                raise Missing(f"{program} is not installed", f"apt-get install {package}")
        with contextlib.ExitStack() as stack:
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key"], check=True)
            self.config = self.folder / "ssh.conf"
            self.config.write_text(_CLIENT.format(folder=self.folder))
            self.hub = Place(stack.enter_context(_held()))
            self.hub.run("ip", "link", "set", "lo", "up")
            self.hosts = [self._host(stack, number) for number in range(1, self._count + 1)]
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_details: object) -> None:
        self._stack.close()

    def _host(self, stack: contextlib.ExitStack, number: int) -> Place:
        host = Place(stack.enter_context(_held()), f"{_NETWORK}.{number}.2")
        gate, own = f"{_NETWORK}.{number}.1", f"host{number}"
        self._link(own, gate, host)
        host.run("ip", "route", "add", "default", "via", gate)
        host.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        host.run("mkdir", "/run/sshd")
        stack.enter_context(self.sshd(host))
        return host

    def _link(self, own: str, gate: str, host: Place) -> None:
        try:
            self.hub.run("ip", "link", "add", own, "type", "veth", "peer", "name", "eth0", "netns", str(host.pid))
        except subprocess.CalledProcessError as error:
            raise Missing(
                f"no pair of network cards can be made ({error.stderr.decode().strip()})", PRIVILEGES
            ) from error
        self.hub.run("ip", "addr", "add", f"{gate}/24", "dev", own)
        self.hub.run("ip", "link", "set", own, "up")
        host.run("ip", "addr", "add", f"{host.address}/24", "dev", "eth0")
        host.run("ip", "link", "set", "eth0", "up")
        host.run("ip", "link", "set", "lo", "up")
        if not wait_until(lambda: _runs(host)):
            raise Missing("a pair of network cards does not come up", PRIVILEGES)

    @contextlib.contextmanager
    def sshd(self, host: Place, port: int = 22, lines: str = "") -> Iterator[None]:
        """Run a server of SSH there; `lines` are more of its settings."""
        settings = self.folder / f"sshd{port}.conf"
        settings.write_text(_SSHD.format(folder=self.folder, port=port) + lines)
        words = (*host.enter, "/usr/sbin/sshd", "-D", "-e", "-f", str(settings))
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:
            try:
                line = server.stderr.readline()
                if "listening" not in line:
                    raise Missing(f"sshd does not start ({line.strip()})", "apt-get install openssh-server")
                yield
            finally:
                server.kill()

    @property
    def command(self) -> str:
        """The way into the hosts, as a plan has it: the client runs in the hub, with a configuration of its own."""
        return (
            f"nsenter --target={self.hub.pid} --net -- ssh -F {self.config} -T -o BatchMode=yes -- {{target}} "
            "node --input-type=module -"
        )


@contextlib.contextmanager
def _held() -> Iterator[int]:
    """Hold namespaces; the process that does so ends with this program at the latest."""
    with subprocess.Popen(_HOLD, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        try:
            holder.stdin.write(b"\n")
            holder.stdin.flush()
            if holder.stdout.read(1) != b"\n":
                raise Missing("no network of its own can be made", PRIVILEGES)
            yield holder.pid
        finally:
            holder.kill()


def _runs(host: Place) -> bool:
    """Whether a host's card is known to be running: the kernel tells it late, and Node.js lists no other one."""
    return b"state UP" in host.run("ip", "link", "show", "eth0")
