"""Section nodes: the NocoBase instances of the cluster."""

from __future__ import annotations

from wizard.dataclass import dataclass
from wizard.plan.i18n import mark
from wizard.plan.kinds import NODE_IPV6, FilePath, Host, Integer, Text
from wizard.plan.setting import setting

WORKER_ID_COUNT = 32
"""Worker IDs that a NocoBase cluster has (packages/core/snowflake-id/src/snowflake-id.ts)."""
_ALL_PROCESSORS = mark(
    "It starts a process for each processor of the host, whatever a container's limit is. "
    "Write a number: 32 worker IDs are all there are."
)

BARE_ONLY = frozenset({"pm2_home", "socket_path"})
"""Settings of a node that only a machine without containers has."""

_OWN_FOLDER = "/var/lib/nocobase"


@dataclass(frozen=True, slots=True)
class Node:
    """One NocoBase instance: where it listens, how many processes it runs, and what work it takes."""

    name: str = setting(
        "",
        Text(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", mark("use small letters, digits and “-”")),
        mark("Name"),
    )
    host: str = setting("", Host(NODE_IPV6), mark("Host"), help=mark("As the balancer reaches it."))
    port: int = setting(
        13000,
        Integer(1, 65535),
        mark("Port"),
        "APP_PORT",
        per_node=True,
        source="packages/core/cli-v1/src/util.js",
    )
    processes: int = setting(
        1,
        Integer(1, WORKER_ID_COUNT),
        mark("Processes"),
        "CLUSTER_MODE",
        help=mark(
            "Multi-core mode. Each process needs one of the 32 worker IDs. In Kubernetes leave 1 and use replicas."
        ),
        per_node=True,
        beyond=dict.fromkeys(("max", "-1", "0"), _ALL_PROCESSORS),
        source="packages/core/cli-v1/src/commands/start.js",
    )
    worker_mode: str = setting(
        "",
        Text(trimmed=True),
        mark("Worker mode"),
        "WORKER_MODE",
        help=mark(
            "Empty: everything. “!”: requests only. “*”: all tasks. "
            "Or a list such as workflow:process,async-task:process.",
        ),
        per_node=True,
        source="packages/core/server/src/worker-mode.ts",
    )
    listen_host: str = setting(
        "",
        Host(),
        mark("Listens on"),
        "APP_HOST",
        help=mark(
            "Bare metal: an address of this node. Empty: NocoBase listens on all of them, 0.0.0.0, as it must in a "
            "container."
        ),
        per_node=True,
        advanced=True,
        source="packages/core/server/src/gateway/index.ts",
    )
    pm2_home: str = setting(
        "",
        FilePath(folder=True),
        mark("PM2 folder"),
        "PM2_HOME",
        help=mark("Bare metal only: a folder of this node alone, never in the shared storage."),
        per_node=True,
        advanced=True,
        source="packages/core/cli-v1/src/util.js",
    )
    reach: str = setting(
        "",
        Text(),
        mark("Name for the way in"),
        help=mark(
            "What the command of the way into the nodes calls this one: user@host, a container, a pod. Empty: its host "
            "for SSH, else its name."
        ),
        per_node=True,
        advanced=True,
        source="docs/from-inside.md",
    )
    socket_path: str = setting(
        "",
        FilePath(),
        mark("Gateway socket"),
        "SOCKET_PATH",
        help=mark("Bare metal only: a path of this node alone, never in the shared storage."),
        per_node=True,
        advanced=True,
        source="packages/core/cli-v1/src/util.js",
    )


def usual_paths(name: str) -> dict[str, str]:
    """Return the paths that are a node's own on a machine without containers, by their settings."""
    return {"pm2_home": f"{_OWN_FOLDER}/{name}/.pm2", "socket_path": f"{_OWN_FOLDER}/{name}/gateway.sock"}
