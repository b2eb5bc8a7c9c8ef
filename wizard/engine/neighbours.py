"""Whether an address is that of a container or a virtual machine on this one: it needs the same processors.

Linux tells it without a word sent: by the way there (/proc/net/route), and by what that leads through (sysfs).
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

from wizard.dataclass import dataclass
from wizard.reading import read_start

PROC, SYS = Path("/proc/net"), Path("/sys/class/net")
_LARGEST = 1024 * 1024
_UP, _REJECTED = 0x1, 0x200


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to a network: through which interface, whether a gateway is on it, and how much it is wanted."""

    bits: int
    metric: int
    interface: str
    by_gateway: bool


def is_beside(host: str, proc: Path = PROC, sys: Path = SYS) -> bool:
    """Whether an address is reached straight through an interface that leads to nothing but this machine."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        address = ip_address(host.partition("%")[0])
        ways = _ways4(proc, int(address)) if address.version == 4 else _ways6(proc, int(address))  # noqa: PLR2004 - IPv4
        best = min(ways, key=lambda way: (-way.bits, way.metric), default=None)
        return best is not None and not best.by_gateway and _stays_here(sys / best.interface)
    return False


def _ways4(proc: Path, address: int) -> Iterator[_Way]:
    for line in _lines(proc / "route")[1:]:
        interface, network, gateway, flags, _references, _use, metric, mask, *_rest = line.split()
        bits = _in_order(mask)
        if int(flags, 16) & _UP and not int(flags, 16) & _REJECTED and address & bits == _in_order(network):
            yield _Way(bits.bit_count(), int(metric), interface, by_gateway=bool(int(gateway, 16)))


def _in_order(number: str) -> int:
    """Return a number that stands there as the processor has it in its memory."""
    return socket.ntohl(int(number, 16))


def _ways6(proc: Path, address: int) -> Iterator[_Way]:
    for line in _lines(proc / "ipv6_route"):
        network, bits, _source, _bits, gateway, metric, _references, _use, flags, interface = line.split()
        of = ip_network((int(network, 16), int(bits, 16)), strict=False)
        if int(flags, 16) & _UP and not int(flags, 16) & _REJECTED and ip_address(address.to_bytes(16)) in of:
            yield _Way(int(bits, 16), int(metric, 16), interface, by_gateway=bool(int(gateway, 16)))


def _lines(path: Path) -> list[str]:
    return read_start(path, _LARGEST).decode("ascii", errors="replace").splitlines()


def _stays_here(interface: Path) -> bool:
    """Whether an interface is one end of a pair, or a bridge with nothing but such ends and virtual machines at it."""
    if (interface / "bridge").is_dir():
        ports = [interface.parent / port.name for port in (interface / "brif").iterdir()]
        return all(_is_pair(port) or (port / "tun_flags").exists() for port in ports)
    return _is_pair(interface)


def _is_pair(interface: Path) -> bool:
    """Whether an interface is one end of a pair, of which the other is in a container."""
    if (interface / "device").exists() or b"DEVTYPE=" in read_start(interface / "uevent", _LARGEST):
        return False
    own, other = (int(read_start(interface / name, _LARGEST)) for name in ("ifindex", "iflink"))
    return other not in {0, own}
