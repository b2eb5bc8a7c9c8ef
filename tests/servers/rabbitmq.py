"""RabbitMQ out of another Debian release's folder."""

import os
import shutil
from pathlib import Path
from typing import ClassVar

from tests.servers.debian import folder_of
from wizard.demo.process import Missing
from wizard.demo.rabbitmq import RabbitMq

# In a mount and a process namespace of its own: when the first process of it is killed, the kernel ends all others
# and takes the mounts away.
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
        if os.geteuid() != 0 or not shutil.which("unshare"):
            raise Missing("RabbitMQ in a chroot needs root and unshare", "sudo scripts/test")
        super().__init__(**options)
        self._root = folder_of(release)

    @property
    def inside(self) -> Path:
        return Path("/mnt")

    def command(self) -> list[str]:
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
        return [*unshare, "/bin/sh", "-ec", _ENTER, "enter", str(self._root), str(self.folder)]
