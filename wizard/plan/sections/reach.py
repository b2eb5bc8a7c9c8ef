"""Section reach: how facts are brought from inside the nodes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import Choice, Integer, Text
from wizard.plan.setting import setting

TARGET = "{target}"
"""What stands in a command for the node: its name there, else its host or its name in the plan."""


class Transport(StrEnum):
    """Which program gets into a node."""

    NONE = "none"
    SSH = "ssh"
    DOCKER = "docker"
    COMPOSE = "compose"
    KUBECTL = "kubectl"
    LOCAL = "local"
    COMMAND = "command"


_NODE = "node --input-type=module -"
PRESETS: Mapping[Transport, str] = {
    Transport.SSH: f"ssh -T -o BatchMode=yes -o ConnectTimeout=10 -- {TARGET} {_NODE}",
    Transport.DOCKER: f"docker exec -i {TARGET} {_NODE}",
    Transport.COMPOSE: f"docker compose exec -T {TARGET} {_NODE}",
    Transport.KUBECTL: f"kubectl exec -i {TARGET} -- {_NODE}",
    Transport.LOCAL: _NODE,
}
"""The command of each; it takes the script on its standard input and gives JSON on its standard output."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The way into the nodes, for `check --nodes`."""

    transport: Transport = setting(
        Transport.NONE,
        Choice(
            Transport,
            (
                mark("None"),
                mark("SSH"),
                mark("Docker (docker exec)"),
                mark("Docker Compose (docker compose exec)"),
                mark("Kubernetes (kubectl exec)"),
                mark("This machine"),
                mark("A command of your own"),
            ),
        ),
        mark("Way into the nodes"),
        help=mark(
            "A look inside the nodes sends a small script there, which tells facts and no secret. Your system's own "
            "programs are used, with your configuration and your agent."
        ),
        source="docs/from-inside.md",
        advanced=True,
    )
    command: str = setting(
        "",
        Text(),
        mark("Command"),
        help=mark(
            "It takes the script on its standard input. {target} stands for the node. No shell reads it; quotes keep "
            "words together."
        ),
        source="docs/from-inside.md",
        advanced=True,
    )
    seconds: int = setting(
        30,
        Integer(1, 600),
        mark("Seconds for a node"),
        help=mark("What a node may take to answer; looking at the shared storage has time of its own."),
        source="docs/from-inside.md",
        advanced=True,
    )

    @property
    def template(self) -> str:
        """The command as it was written, or that of the program chosen; nothing where there is no way."""
        if self.transport is Transport.COMMAND:
            return self.command
        return PRESETS.get(self.transport, "")
