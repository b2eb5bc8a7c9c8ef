"""Two nodes that run with what a plan gives them, and what is found from inside of them."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.running import findings_of
from tests.servers.inside import Inside
from tests.unit.plans import SECRETS, good_plan
from wizard.app.inside import from_inside
from wizard.checks.inside.checks import checks
from wizard.cli.codes import ExitCode
from wizard.engine.component import FromInside
from wizard.formats import cluster_file, dotenv
from wizard.formats.dotenv.values import variables
from wizard.formats.files import SecretsMode
from wizard.plan.plan import Plan
from wizard.plan.secret import SecretRef
from wizard.plan.sections import Deployment, Node, Transport

NAMES = ("node1", "node2")
ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on just now."""
    with contextlib.ExitStack() as stack:
        bound = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in bound]


class Cluster:
    """A plan, a folder for each node, the storage they share, and the environment of each; all may be broken."""

    def __init__(self, folder: Path, listening: int, names: Sequence[str] = NAMES) -> None:
        self.storage = folder / "shared"
        self.storage.mkdir()
        self.seen_storage = self.storage
        ports = free_ports(len(names))
        self.places = {name: Inside(folder / name, port=port) for name, port in zip(names, ports, strict=True)}
        self.plan = _plan(self.places, listening)
        self.env: dict[str, dict[str, str]] = {}
        self.take_environments()
        self.counts = dict.fromkeys(names, 1)

    def take_environments(self) -> None:
        """Set on each node what the plan says, as after an export and a restart."""
        own = dict(variables(self.plan).nodes)
        self.env = {name: self._env(own[name]) for name in self.places}

    def _env(self, own) -> dict[str, str]:
        found = {one.name: one.reveal(SECRETS) for one in (*variables(self.plan).common, *own)}
        return {**found, "STORAGE_PATH": str(self.seen_storage)}

    def change(self, **values: object) -> None:
        """Change the plan, as an admin edits it after the nodes were started."""
        for key, value in values.items():
            self.plan = self.plan.with_value(key.replace("__", "."), value)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for name, place in self.places.items():
                stack.enter_context(place.running(self.env[name], count=self.counts[name]))
            yield

    def found(self, files: Mapping[str, dict] | None = None, *, nodes: bool = True, **options):
        """Return the findings by id, those of each node by id and name; its nodes run meanwhile."""
        with self.running():
            return self.look(files, nodes=nodes, **options)

    def look(self, files=None, *, nodes=True, keys=None, **options):
        asked = from_inside([], nodes=nodes)
        if files:
            asked = FromInside(collected=tuple(files.items()), known_key=keys or (lambda _identifier: None))
        told = findings_of(checks(self.plan, SECRETS, asked), **options)
        return {
            (identifier if not subject else (identifier, subject)): one for (identifier, subject), one in told.items()
        }


def call(cluster: Cluster, folder: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Call the program as a user without a keyring, in a folder with the cluster's file and its secrets."""
    without = ("DBUS_", "XDG_", "DISPLAY", "WAYLAND_")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    home = {"HOME": str(folder), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nobody", "PYTHONPATH": str(ROOT)}
    (folder / "cluster.yaml").write_text(cluster_file.write(cluster.plan))
    (folder / "secrets.env").write_text(dotenv.write(cluster.plan, SECRETS, SecretsMode.INLINE)[0].text)
    return subprocess.run(
        [sys.executable, "-m", "wizard", *words],
        cwd=folder,
        env={**plain, **home},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@dataclass(frozen=True)
class Outcome:
    """What a check ended with: the exit code, what is not sound by id, and the actions' ids in their order."""

    code: int
    unsound: Mapping[str, str]
    actions: Sequence[str]
    told: Mapping[str, Any]
    too_slow: frozenset[str]
    """Those that a slow way left unknown, and which count for nothing else here: the clocks, beside much other work."""


def checked(cluster: Cluster, folder: Path, *words: str) -> Outcome:
    """Check the nodes from inside by the command line."""
    asked = ("--secrets-file", "secrets.env", "--only", "inside", "--format", "json")
    done = call(cluster, folder, "check", "cluster.yaml", *asked, *words)
    return outcome(done.returncode, json.loads(done.stdout))


def outcome(code: int, told: Mapping[str, Any]) -> Outcome:
    """Return what a report in JSON says, without clocks that a slow way left unknown.

    Where nothing else is unsound they may have made a run strict about them end with 4 in the place of 0, and no other
    code into another.
    """
    slow = [item for item in told["findings"] if _too_slow(item)]
    sound = {"pass", "info", "skip"}
    unsound = {
        item["id"]: item["severity"] for item in told["findings"] if item["severity"] not in sound and item not in slow
    }
    of_clocks = [{"id": item["id"], "subject": item["subject"]} for item in slow]
    actions = [action["id"] for action in told["actions"] if any(one not in of_clocks for one in action["clears"])]
    ends = ExitCode.OK if slow and not unsound and code == ExitCode.STRICT else code
    return Outcome(ends, unsound, actions, told, frozenset(item["id"] for item in slow))


def _too_slow(item: Mapping[str, Any]) -> bool:
    return item["severity"] == "unknown" and "too slow to compare clocks" in item["summary"]


def _plan(places: Mapping[str, Inside], listening: int) -> Plan:
    nodes = tuple(Node(name=name, host="127.0.0.1", port=place.port) for name, place in places.items())
    values = {
        "nodes": nodes,
        "database.host": "127.0.0.1",
        "database.port": listening,
        "redis.server.host": "127.0.0.1",
        "redis.server.port": listening,
        "licence.password": SecretRef("licence.password"),
        "licence.skip_download": True,
        "application.deployment": Deployment.BARE,
        "reach.transport": Transport.LOCAL,
    }
    plan = good_plan()
    for key, value in values.items():
        plan = plan.with_value(key, value)
    return plan
