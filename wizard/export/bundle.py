"""A bundle: all files rendered from a plan. The same plan, secrets and targets give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.export import manifest, readme
from wizard.export.target import Order
from wizard.export.targets import chosen, fitting
from wizard.formats import cluster_file
from wizard.formats.files import BundleFile, SecretsMode
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


def render(
    plan: Plan,
    secrets: Secrets,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> tuple[BundleFile, ...]:
    """Return the bundle's files in the order of their paths; no `targets` means all that fit the plan.

    Raises UnwritableError where a file cannot carry a value or the plan lacks what a target needs, and ValueError for
    a target that nobody knows.
    """
    wanted = chosen(tuple(targets) or [target.name for target in fitting(plan)])
    order = Order(plan, secrets, mode, tuple(target.name for target in wanted))
    files = [BundleFile("cluster.yaml", cluster_file.write(plan))]
    for target in wanted:
        files += target.files(order)
    paths = tuple(file.path for file in files)
    files.append(BundleFile("README.md", readme.render(order, wanted, paths)))
    files.append(BundleFile(manifest.PATH, manifest.render(files, plan.id)))
    return tuple(sorted(files, key=lambda file: file.path))
