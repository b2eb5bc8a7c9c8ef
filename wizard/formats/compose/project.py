"""What is read of a Compose project: its services, and what they are given, mount and publish."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.formats.dotenv.expressions import Expanded
from wizard.formats.dotenv.grammar import Assignment
from wizard.pattern import pattern
from wizard.plan.place import Place

_SHORT = pattern(
    r"(?:(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<bare>[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.]*)(?=:[0-9-]*:)"
    r"|(?P<host>[^:\[\]]*)):)?(?:(?P<published>[0-9-]*):)?(?P<target>[0-9-]+)"
    r"(?:/(?P<protocol>[a-z]+))?"
)
_MOST_REFUSED = 20
"""Complaints about one service that are kept: Compose itself stops at the first."""
_ANYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, slots=True)
class Mount:
    """What is mounted where: a folder of the host or the name of a volume, and the path in the container."""

    source: str
    target: str
    place: Place
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that is published: at which address of the host (empty: all), and where it leads in the container."""

    host: str
    published: str
    target: str
    place: Place


@dataclass
class Service:
    """What one service's process is given.

    `variables` are those of its environment, the values with Compose's own put in; `expressions` those whose values
    could not be made out. `lost` are the env files that are not there.
    """

    name: str
    place: Place
    image: str = ""
    image_place: Place | None = None
    entrypoint: str = ""
    arguments: str = ""
    """The words of `entrypoint` and of `command`; either may be set without the other."""
    unset: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Variables that Compose looks for in `entrypoint` and in `command` and does not find, by the key."""
    command_place: Place | None = None
    command_begins: int = 0
    """The line of the file in which the last word of the command begins, where that has lines of its own."""
    command_before: int = 0
    """How many ends of lines of the command stand before that word."""
    replicas: int = 1
    names: set[str] = field(default_factory=set)
    """What other services call it: its name, its aliases."""
    on_host_network: bool = False
    """Whether its containers have the network of their machine (`network_mode: host`)."""
    profiles: frozenset[str] = frozenset()
    swarm: bool = False
    """Whether it says where Swarm is to place it."""
    everywhere: Place | None = None
    """Where it says that Swarm starts one on each of its machines, however many those are."""
    starts_first: Place | None = None
    """Where it says that Swarm starts a new task while the old one still runs (`order: start-first`)."""
    from_own_file: dict[str, Assignment] = field(default_factory=dict)
    """What NocoBase reads itself of a file that is mounted in the place of its `.env`."""
    own_unread: tuple[str, Place] | None = None
    """That file where it is not at hand: its path outside, and where it is named."""
    from_files: dict[str, Assignment] = field(default_factory=dict)
    from_environment: dict[str, Assignment] = field(default_factory=dict)
    made_of_files: dict[str, Expanded] = field(default_factory=dict)
    made_of_environment: dict[str, Expanded] = field(default_factory=dict)
    mounts: dict[str, Mount] = field(default_factory=dict)
    """By the path in the container."""
    mounts_of: list[tuple[str, Place]] = field(default_factory=list)
    """Other services and containers whose mounts it has (`volumes_from`), until they are looked up."""
    unfollowed: list[tuple[str, Place]] = field(default_factory=list)
    """What stands in other projects."""
    configs: dict[str, str] = field(default_factory=dict)
    """Names of configs by the path in the container."""
    ports: dict[tuple[str, str, str], Port] = field(default_factory=dict)
    hosts: dict[str, tuple[str, Place]] = field(default_factory=dict)
    """Names that its containers are given addresses for (`extra_hosts`): the address, and where it stands."""
    labels: dict[str, tuple[str, Place]] = field(default_factory=dict)
    """Labels of the service and of its containers: the value, and where it stands."""
    unread: list[tuple[str, Place]] = field(default_factory=list)
    """Ports in a form that is not read."""
    lost: list[Place] = field(default_factory=list)
    refused: list[Place] = field(default_factory=list)
    """What Compose refuses to start for: values with a `${` before no variable, lines that are no assignment."""

    @property
    def command(self) -> str:
        """All words that its process is started with."""
        return f"{self.entrypoint} {self.arguments}".strip()

    @property
    def command_unset(self) -> tuple[str, ...]:
        """The variables that stand in them without a value."""
        return tuple(dict.fromkeys(name for names in self.unset.values() for name in names))

    @property
    def variables(self) -> dict[str, Assignment]:
        """All variables; what stands in `environment` wins over env files, and these over NocoBase's own."""
        return {**self.from_own_file, **self.from_files, **self.from_environment}

    @property
    def expressions(self) -> dict[str, Expanded]:
        """Those variables whose values could not be made out."""
        files = {name: one for name, one in self.made_of_files.items() if name not in self.from_environment}
        return {**files, **self.made_of_environment}

    def refuse(self, place: Place) -> None:
        """Keep where something stands that Compose refuses to start for."""
        self.refused += [place] if len(self.refused) < _MOST_REFUSED else []

    def starts(self, profiles: Collection[str]) -> bool:
        """Whether `docker compose up` starts it while these profiles are active."""
        return not self.profiles or "*" in profiles or not self.profiles.isdisjoint(profiles)


@dataclass(frozen=True, slots=True)
class Config:
    """A config of the project: its text where the file has it (`content`), or the path of its file."""

    content: str
    file: str
    place: Place
    begins: int = 0
    """The line in which the content begins, where its lines are those of the file."""


@dataclass(frozen=True, slots=True)
class Project:
    """All services, the options of each named volume's driver, the configs, and whether networks are Swarm's.

    `profiles` are those that `.env` makes active (`COMPOSE_PROFILES`), `name` is the project's, where a file says it.
    """

    services: dict[str, Service]
    volumes: Mapping[str, Mapping[str, str]]
    configs: Mapping[str, Config] = field(default_factory=dict)
    swarm: bool = False
    profiles: frozenset[str] = frozenset()
    name: str = ""


def short_port(text: str, place: Place) -> list[Port]:
    """Return the ports of the short form, `[HOST:][PUBLISHED:]TARGET[/PROTOCOL]`; ranges one by one, none of UDP."""
    found = _SHORT.fullmatch(text.strip())
    if found is None or found["protocol"] not in {None, "tcp"}:
        return []
    host, published = found["v6"] or found["bare"] or found["host"] or "", found["published"] or ""
    if published == "" and host.replace("-", "").isdigit():  # `8080:80`: what stands first is no address
        host, published = "", host
    targets, outside = _range(found["target"]), _range(published) or [""]
    if len(outside) != len(targets):
        outside = [outside[0]] * len(targets) if len(targets) == 1 else [""] * len(targets)
    return [port(host, one, target, place) for one, target in zip(outside, targets, strict=True)]


def is_port(text: str) -> bool:
    """Whether a text is a port in the short form, of whatever protocol."""
    return _SHORT.fullmatch(text.strip()) is not None


def named_address(text: str) -> tuple[str, str]:
    """Return name and address of a line `NAME:ADDRESS` or `NAME=ADDRESS`; empty where it is neither."""
    name, _sign, address = text.partition("=" if "=" in text else ":")
    return name.strip(), address.strip()


def without_brackets(address: str) -> str:
    """Return an address of IPv6 as programs take it; any other stays as it is."""
    return address.removeprefix("[").removesuffix("]")


def port(host: str, published: str, target: str, place: Place) -> Port:
    """Return one port; an address that means all of the host's is none."""
    return Port("" if host in _ANYWHERE else host, published, target, place)


def _range(text: str) -> list[str]:
    first, sign, last = text.partition("-")
    if not sign:
        return [first] if first else []
    if not (first.isdecimal() and last.isdecimal() and 0 <= int(last[:9]) - int(first[:9]) < 100):  # noqa: PLR2004 - no longer range
        return []
    return [str(number) for number in range(int(first[:9]), int(last[:9]) + 1)]
