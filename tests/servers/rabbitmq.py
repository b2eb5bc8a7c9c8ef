"""RabbitMQ out of another Debian release's folder."""

import subprocess
from pathlib import Path
from typing import ClassVar

import psutil

from tests.servers import namespace
from tests.servers.debian import folder_of
from wizard.demo.rabbitmq import RabbitMq

_ENTER = """
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
mount --bind "$2" "$1/mnt"
exec chroot "$1" /bin/sh /mnt/run.sh
"""


class ForeignRabbitMq(RabbitMq):
    """The broker of a Debian release, in a chroot; the cached folder itself stays unchanged."""

    as_root = True
    grace: ClassVar[float] = 0.5

    def __init__(self, release: str, **options) -> None:
        namespace.need("RabbitMQ in a chroot")
        super().__init__(**options)
        self._root = folder_of(release)

    @property
    def inside(self) -> Path:
        return Path("/mnt")

    def command(self) -> list[str]:
        return [*namespace.UNSHARE, "/bin/sh", "-ec", _ENTER, "enter", str(self._root), str(self.folder)]

    def paste(self, commands: str, typed: str = "") -> str:
        """Run commands on the broker's own machine, `typed` at their prompts, and return what they printed.

        The program is called past Debian's wrapper, which would change the user.
        """
        broker = next(child for child in psutil.Process(self.process.pid).children(recursive=True) if _is_broker(child))
        inside = ["nsenter", f"--target={broker.pid}", "--mount", "--root", "--wd", "/bin/sh", "-ec", commands]
        environment = broker.environ() | {"PATH": "/usr/lib/rabbitmq/bin:/usr/bin:/bin"}
        done = subprocess.run(inside, env=environment, input=typed, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _is_broker(process: psutil.Process) -> bool:
    return process.name().startswith("beam")
