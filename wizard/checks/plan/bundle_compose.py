"""The services of a bundle's Compose file beside those of the plan: what each is started from, and on what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join

from wizard.checks.plan.bundle_services import beside, shape
from wizard.checks.plan.bundle_shape import Meaning, differences, finding, further, gone
from wizard.formats.compose import env_file
from wizard.formats.compose.documents import DOT_ENV
from wizard.plan.finding import Finding
from wizard.plan.i18n import listing, mark, tr
from wizard.plan.place import Place

BALANCER = "services.balancer"
"""A service that an admin may leave out, and change: its site is judged by itself."""
_RESTARTING = {"always", "unless-stopped"}
_MEANINGS = {
    "image": Meaning(mark("Nodes of two versions on one database harm it, and what was checked is the plan's.")),
    "command": Meaning(mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")),
    "entrypoint": Meaning(
        mark("The image's own start installs, upgrades and fetches plug-ins; another one may do none.")
    ),
    "ports": Meaning(mark("The balancer and the checks ask the node where the plan says."), may_be_more=True),
    "replicas": Meaning(
        mark("Each service is one node: a further container wants the same port, and with none there is no node.")
    ),
    "restart": Meaning(
        mark("After a crash, or when the machine starts again, the node stays down."),
        lambda value: value in _RESTARTING,
    ),
    "depends_on": Meaning(
        mark("Nodes that start at once migrate one database at the same time, without a lock."),
        bool,
    ),
    "volumes": Meaning(
        mark("The node then has other files than those of the plan and of other nodes."), may_be_more=True
    ),
    "env_file": Meaning(
        mark("The node is given other variables than the plan's."),
        lambda value: value is None,  # what it is not given then is judged as that
    ),
    "profiles": Meaning(mark("The node is started on another machine than the plan's, or on each.")),
    "healthcheck": Meaning(
        mark("Nobody waits for the node to be ready, and the next one starts beside its migration."),
        lambda value: value == "on",
    ),
}


def judge(path: str, texts: Mapping[str, str], planned: str) -> Iterator[Finding]:
    """Say what the services are given otherwise than by the plan's own file; raises SourceError.

    `texts` are those of all files of the bundle: Compose reads some of them without being told to.
    """
    now, wanted = shape(path, texts[path], beside(path, texts)), shape(path, planned, lambda _name: None)
    wanted = {name: owner for name, owner in wanted.items() if name != BALANCER}
    yield from _passed_over(path, texts.get(join(dirname(path), DOT_ENV), ""))
    yield from gone(now, wanted, tr("Nothing of that name is started."))
    yield from further(now, wanted)
    yield from differences(now, wanted, _MEANINGS)


def _passed_over(path: str, variables: str) -> Iterator[Finding]:
    """Say that Compose does not read the file at all, where its own env file names others."""
    found = env_file.read(variables, {}).get("COMPOSE_FILE")
    names = [name for name in found.found.value.split(":") if name] if found else []
    if found and names and basename(path) not in names:
        own = join(dirname(path), DOT_ENV)
        says = tr(
            "By {path} Compose reads {files} in the place of {other}.", path=own, files=listing(names), other=path
        )
        yield finding(
            "COMPOSE_FILE", says, Place(own, found.found.line), tr("What those start was not compared with the plan.")
        )
