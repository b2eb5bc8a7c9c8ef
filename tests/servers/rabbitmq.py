"""RabbitMQ out of another Debian release's folder."""

from pathlib import Path
from typing import ClassVar

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
