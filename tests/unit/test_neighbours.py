"""An address of a container or of a virtual machine on this one is told from that of another machine."""

import pytest

from wizard.engine.neighbours import is_beside

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
ROUTES = f"""{HEAD}eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
virbr0\t007AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
cali1\t05010AAC\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
tun0\t0000080A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
docker0\t000012AC\t010011AC\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
docker0\t000013AC\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
docker0\t000014AC\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t000015AC\t00000000\t0001\t0\t0\t5\t0000FFFF\t0\t0\t0
docker0\t000015AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
docker0\t000016AC\t00000000\t0001\t0\t0\t5\t0000FFFF\t0\t0\t0
eth0\t000016AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
sit0\t000017AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
vlan1\t000018AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
port0\t000019AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""
NOWHERE = "0" * 32
ROUTES6 = f"""\
fd00000000000000000000000000000a 80 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000001 docker0
fd000000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000001 eth0
fd010000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000201 docker0
fd020000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000000 docker0
fd030000000000000000000000000000 40 {NOWHERE} 00 fd00000000000000000000000000000a 00000100 1 0 00000001 docker0
fd040000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000001 eth0
fd040000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 000000ff 1 0 00000001 docker0
fd050000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 00000100 1 0 00000001 docker0
fd050000000000000000000000000000 40 {NOWHERE} 00 {NOWHERE} 000000ff 1 0 00000001 eth0
"""
INTERFACES = {
    "eth0": ("2", "2", "", "device"),
    "docker0": ("3", "3", "DEVTYPE=bridge\n", "veth1"),
    "veth1": ("4", "5", "", ""),
    "br0": ("6", "6", "DEVTYPE=bridge\n", "eth0 veth1"),
    "virbr0": ("7", "7", "DEVTYPE=bridge\n", "vnet0"),
    "vnet0": ("8", "8", "", "tun_flags"),
    "cali1": ("9", "10", "", ""),
    "tun0": ("11", "11", "", "tun_flags"),
    "sit0": ("12", "0", "", ""),
    "vlan1": ("13", "2", "DEVTYPE=vlan\n", ""),
    "port0": ("14", "2", "", "device"),
}


@pytest.fixture
def machine(tmp_path):
    """Return the folders of a machine with those ways and interfaces."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net/route").write_text(ROUTES)
    (tmp_path / "net/ipv6_route").write_text(ROUTES6)
    for name, (own, other, kind, more) in INTERFACES.items():
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "ifindex").write_text(f"{own}\n")
        (folder / "iflink").write_text(f"{other}\n")
        (folder / "uevent").write_text(f"{kind}INTERFACE={name}\n")
        if "bridge" in kind:
            (folder / "bridge").mkdir()
            for port in more.split():
                (folder / "brif" / port).mkdir(parents=True)
        elif more:
            (folder / more).mkdir()
    return tmp_path / "net", tmp_path / "class"


@pytest.mark.parametrize(
    ("host", "beside"),
    [
        ("172.17.0.2", True),  # a container at docker0
        ("192.168.122.9", True),  # a virtual machine
        ("172.10.1.5", True),  # a pod with a pair of its own
        ("fd00::a", True),
        ("10.0.0.7", False),  # at a bridge with the network card
        ("192.0.2.9", False),
        ("198.51.100.1", False),
        ("10.8.0.3", False),  # by a tunnel
        ("172.18.0.2", False),  # by a gateway
        ("172.19.0.2", False),  # a way that is refused
        ("172.20.0.2", False),  # a way that is down
        ("172.21.0.2", True),  # of two ways the one that is wanted more
        ("172.22.0.2", False),
        ("172.23.0.2", False),  # an interface without another end
        ("172.24.0.2", False),  # a network within another
        ("172.25.0.2", False),  # a card
        ("fd00::b", False),
        ("fd00::a%docker0", True),
        ("fd01::a", False),  # refused
        ("fd02::a", False),  # down
        ("fd03::a", False),  # by a gateway
        ("fd04::a", True),  # wanted more
        ("fd05::a", False),
        ("db.internal", False),
    ],
)
def test_only_what_leads_to_this_machine_alone_is_beside(machine, host, beside):
    assert is_beside(host, *machine) is beside


def test_where_the_system_tells_nothing_nothing_is_beside(tmp_path):
    assert is_beside("172.17.0.2", tmp_path, tmp_path) is False
