"""The bundle's README: what each file is for, and what to do in which order, with this plan's own names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wizard import __version__
from wizard.export import secrets_file
from wizard.export.commands.deployer import Commands
from wizard.export.containers import stored_files
from wizard.export.secrets_file import uses
from wizard.export.target import Contents, Order, Target
from wizard.export.targets import starting
from wizard.formats.dotenv.values import PRESET, Variable, enables_plugins, node_names
from wizard.formats.files import SecretsMode
from wizard.formats.templates import fill
from wizard.plan.bundle_names import SEALED
from wizard.plan.plan import Plan
from wizard.plan.plugins import needed_plugins
from wizard.plan.sections import WORKER_ID_COUNT, Deployment, Dialect, LicenceMethod, Node, QueueKind, StorageKind, Tls
from wizard.plan.web import HEALTH_PATH
from wizard.plan.worker_mode import read


def render(order: Order, targets: Sequence[Target], paths: tuple[str, ...], missing: tuple[Variable, ...]) -> str:
    """Return the text for a bundle of these targets.

    `paths` are its files, `missing` the variables whose secret is in none of them.
    """
    plan = order.plan
    named = tuple(replace(node, name=name) for name, node in zip(node_names(plan), plan.nodes, strict=True))
    whole = replace(plan, nodes=named)

    def deployer(of: Plan) -> Commands | None:
        """Return the commands of the last target that starts such nodes."""
        found = starting(of.application.deployment, targets) if of.nodes else None
        return found.deployer(of, paths, [variable.name for variable in missing]) if found else None

    contents = Contents(whole, paths, missing, deployer(whole))
    added = _one_more(whole) if contents.deployer and not contents.on_kubernetes else None
    return fill(
        "README.md.j2",
        version=__version__,
        parts=[target.readme(contents) for target in targets],
        **_deployment(contents),
        added_node=added,
        added=deployer(replace(whole, nodes=(*named, added))) if added else None,
        **_plan(plan),
        inline=order.mode is SecretsMode.INLINE,
        takes_secrets=any(target.takes_secrets for target in targets),
        missing=uses(missing),
        secrets=secrets_file.PATH if secrets_file.PATH in paths else "",
        script=secrets_file.SCRIPT,
        sealed=SEALED if SEALED in paths else "",
        nodes=named,
        first=contents.first,
        others=[node for node in named if node is not contents.first],
        last=named[-1] if named else None,
    )


def _deployment(contents: Contents) -> dict[str, Any]:
    """Return the way to run the nodes, if the bundle has what it needs; else the target that brings it."""
    deployment = contents.plan.application.deployment
    bringing = None if contents.deployer else starting(deployment)
    return {
        "way": contents.deployer,
        "bringing": bringing.name if bringing else "",
        "on_kubernetes": contents.on_kubernetes,
        "stored": stored_files(contents.plan) if deployment is not Deployment.BARE else (),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "rabbitmq": plan.queue.kind is QueueKind.RABBITMQ,
        "key_licence": plan.licence.method is LicenceMethod.KEY,
        "database_tls": plan.database.tls is not Tls.OFF,
        "postgres": plan.database.dialect is Dialect.POSTGRES,
        "tls_mode": plan.database.effective_tls_mode,
        "storage": plan.storage.path,
        "local_disk": plan.storage.kind is StorageKind.LOCAL,
        "preset": PRESET if enables_plugins(plan) else "",
        "without_plugins": plan.licence.without_plugins,
        "plugins": needed_plugins(plan),
        "app_version": plan.application.version,
        "public_path": plan.application.public_path,
        "other_balancer": not plan.balancer.is_written and plan.application.deployment is not Deployment.KUBERNETES,
        "health": HEALTH_PATH,
        "serving": [node for node in plan.nodes if read(node.worker_mode)[0].serves],
        "worker_ids": WORKER_ID_COUNT,
    }


def _one_more(plan: Plan) -> Node | None:
    """Return a node that an admin might add: like the last one, on another machine or at another port.

    There is none where the worker IDs are used up.
    """
    if plan.processes >= WORKER_ID_COUNT:
        return None
    names, last = {node.name for node in plan.nodes}, plan.nodes[-1]
    name = next(name for number in range(len(names) + 1, 999) if (name := f"node{number}") not in names)
    if plan.several_machines:
        return replace(last, name=name, host="NEW-HOST", processes=1)
    return replace(last, name=name, port=max(node.port for node in plan.nodes) + 1, processes=1)
