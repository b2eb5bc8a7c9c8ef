"""A bundle: all files rendered from a plan. The same plan, secrets and targets give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace

from wizard import resources
from wizard.dataclass import dataclass
from wizard.export import manifest, readme, secrets_file
from wizard.export.containers import part
from wizard.export.target import Order, Target
from wizard.export.targets import all_targets, chosen
from wizard.formats import cluster_file
from wizard.formats.dotenv import variables
from wizard.formats.files import BundleFile, LackingError, SecretsMode
from wizard.plan.bundle_names import README
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets

PROBE = "probe/probe.mjs"
"""The script that gathers facts inside a node, without a key: there it can be read before it is trusted."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files in the order of their paths, and the targets that “all” left out, by name, each with the reason."""

    files: tuple[BundleFile, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)


def render(
    plan: Plan,
    secrets: Secrets,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
) -> tuple[BundleFile, ...]:
    """Return the files of `bundle_of`."""
    return bundle_of(plan, secrets, mode, targets).files


def bundle_of(
    plan: Plan,
    secrets: Secrets,
    mode: SecretsMode = SecretsMode.REFERENCE,
    targets: Iterable[str] = (),
    seal: Callable[[str], str] = lambda _text: tr("(encrypted when it is written)") + "\n",
) -> Bundle:
    """Return the bundle of `targets`; without any, of every one that the plan can give. `seal` encrypts a text.

    Raises UnwritableError where a file cannot carry a value, where the plan lacks what a target asked for needs, and
    where no target can be given at all; ValueError for a target that nobody knows.
    """
    names = tuple(targets)
    left_out: dict[str, str] = {} if names else {one.name: why for one in all_targets() if (why := one.unfit(plan))}
    wanted = chosen(names or [target.name for target in all_targets() if target.name not in left_out])
    order = Order(plan, secrets, mode, tuple(target.name for target in wanted))
    given, failures = _given(order, wanted)
    if failures and (names or not given):
        raise next(iter(failures.values()))
    if failures:  # what is given may lean on what is not
        wanted = tuple(target for target in wanted if target.name in given)
        given, _none = _given(replace(order, targets=tuple(given)), wanted)
    files = [BundleFile("cluster.yaml", cluster_file.write(plan)), *(file for each in given.values() for file in each)]
    written = mode if mode is SecretsMode.INLINE else SecretsMode.REFERENCE  # a preview's README is that of its export
    missing = part(variables(plan).common, secrets, written).missing
    apart = mode in {SecretsMode.REFERENCE, SecretsMode.ENCRYPTED}
    if missing and apart and any(target.takes_secrets for target in wanted):
        empty, script = secrets_file.files(plan, missing)
        files += [empty, script]
        if mode is SecretsMode.ENCRYPTED:
            files.append(secrets_file.sealed(empty, missing, secrets, seal))
    files.append(BundleFile(PROBE, resources.text(PROBE)))
    paths = tuple(file.path for file in files)
    files.append(BundleFile(README, readme.render(order, wanted, paths, missing)))
    files.append(BundleFile(manifest.PATH, manifest.render(files, plan.id, _unwanted(plan, wanted) if names else ())))
    left_out |= {name: str(error) for name, error in failures.items()}
    return Bundle(tuple(sorted(files, key=lambda file: file.path)), left_out)


def _unwanted(plan: Plan, wanted: Iterable[Target]) -> list[str]:
    """Return the targets that somebody who named some left out, though they fit the plan."""
    named = {target.name for target in wanted}
    return [target.name for target in all_targets() if target.name not in named and not target.unfit(plan)]


def _given(order: Order, wanted: Iterable[Target]) -> tuple[dict[str, Sequence[BundleFile]], dict[str, LackingError]]:
    """Return the files of each target by its name, and why there are none."""
    given: dict[str, Sequence[BundleFile]] = {}
    failures: dict[str, LackingError] = {}
    for target in wanted:
        blocked = next((failures[name] for name in target.needs if name in failures), None)
        try:
            if blocked:
                raise blocked
            given[target.name] = target.files(order)
        except LackingError as error:
            failures[target.name] = error
    return given, failures
