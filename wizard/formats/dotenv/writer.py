"""Write the env files of a bundle: one for readers that know quotes, a raw one, and one a node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from wizard.formats.dotenv.quoting import quoted, raw
from wizard.formats.dotenv.values import PLACEHOLDER, Variable, variables
from wizard.formats.files import BundleFile, SecretsMode
from wizard.formats.templates import one_line
from wizard.plan.i18n import tr
from wizard.plan.plan import Plan
from wizard.plan.secret import HIDDEN, Secrets

COMMON, RAW = "env/cluster.env", "env/cluster.docker.env"
"""The file for readers that know quotes, and the one for those that take each line as it is."""


def node_path(name: str) -> str:
    """Return where in a bundle the variables of one node lie."""
    return f"env/node-{name}.env"


class Encode(Protocol):
    """Return a value as a file carries it."""

    def __call__(self, value: str, name: str, key: str, *, shown: bool = False) -> str: ...


def write(plan: Plan, secrets: Secrets, mode: SecretsMode) -> tuple[BundleFile, ...]:
    """Return `env/cluster.env`, `env/cluster.docker.env` and `env/node-NAME.env`.

    Raises UnwritableError where no encoding carries a value, or a name is not fit for a file.
    """
    found = variables(plan)
    alike = tr("NocoBase cluster “{name}”: the same on every node.", name=one_line(plan.name))
    readers = tr("Read alike by NocoBase, Compose, systemd, bash, dash and python-dotenv; write no other quotes.")
    docker = tr("Without quotes: for “docker run --env-file” and other readers that take each line as it is.")
    missing = _missing_keys(plan)
    files = [
        _file(COMMON, (alike, readers), found.common, secrets, mode, quoted, missing),
        _file(RAW, (alike, docker), found.common, secrets, mode, raw, missing),
    ]
    for name, own in found.nodes:
        title = tr("NocoBase cluster “{cluster}”: node {name}.", cluster=one_line(plan.name), name=name)
        order = tr("Read it after cluster.env: it holds what differs between the nodes.")
        files.append(_file(node_path(name), (title, order), own, secrets, mode, quoted))
    return tuple(files)


def _file(
    path: str,
    title: tuple[str, ...],
    found: Iterable[Variable],
    secrets: Secrets,
    mode: SecretsMode,
    encode: Encode,
    missing: Iterable[str] = (),
) -> BundleFile:
    lines = [*(f"# {line}" for line in title), *missing]
    group = ""
    for variable in found:
        if variable.group != group:
            group = variable.group
            lines += ["", f"# {tr(group)}"]
        lines += _lines(variable, secrets, mode, encode)
    filled = mode in {SecretsMode.INLINE, SecretsMode.MASKED}  # the latter is the preview of the former
    holds = filled and any(variable.ref and variable.reveal(secrets) for variable in found)
    return BundleFile(path, "\n".join(lines) + "\n", secret=holds, private=True)


def _lines(variable: Variable, secrets: Secrets, mode: SecretsMode, encode: Encode) -> list[str]:
    name = variable.name
    if variable.problem:
        return [f"# {one_line(name)}: {one_line(variable.problem)}"]  # a further text may be called anything
    if variable.ref is None:
        return [f"{name}={encode(variable.reveal(secrets) or '', name, variable.key, shown=variable.may_be_shown)}"]
    value = variable.reveal(secrets)
    if value is not None:
        written = encode(value, name, variable.key)  # a value that cannot be written is refused in every mode
        if mode is SecretsMode.INLINE:
            return [f"{name}={written}"]
        if mode is SecretsMode.MASKED:
            return [f"{name}={variable.shown(HIDDEN)}"]
    return _reference(variable)


def _reference(variable: Variable) -> list[str]:
    """Name a variable whose value is elsewhere, in a comment: set and empty, NocoBase would take a known default.

    The remark has a line of its own: behind the value it would become a part of it.
    """
    assert variable.ref  # noqa: S101 - the caller asks for secrets alone
    name = one_line(variable.ref.name)
    if isinstance(variable.value, str) or variable.shown(PLACEHOLDER) == PLACEHOLDER:
        shown = ""
        remark = tr("Secret {name}: put it behind the “=” and take the “#” away.", name=name)
    else:
        shown = variable.shown(PLACEHOLDER)
        remark = tr(
            "Secret {name}: put it in the place of {words}, percent-encoded, and take the “#” away.",
            name=name,
            words=PLACEHOLDER,
        )
    return [f"# {remark}", f"#{variable.name}={shown}"]


def _missing_keys(plan: Plan) -> list[str]:
    """Name the keys that the plan does not have at all: what is not to be seen is not missed."""
    extras = {extra.name for extra in plan.extras}
    lines = []
    if plan.application.app_key is None and "APP_KEY" not in extras:
        says = tr("APP_KEY is missing and must be set: NocoBase would sign sessions with a publicly known key.")
        lines += ["", f"# {says}", "#APP_KEY="]
    own = extras & {"APP_AES_SECRET_KEY", "APP_AES_SECRET_KEY_PATH"}
    if plan.application.aes_key is None and not plan.application.aes_key_path and not own:
        says = tr("APP_AES_SECRET_KEY is not set; recommended: 64 hexadecimal digits, or those of the cluster's file.")
        lines += ["", f"# {says}", "#APP_AES_SECRET_KEY="]
    return lines
