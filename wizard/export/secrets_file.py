"""Where a bundle without secrets gets them from: one file with each of them once, and a script that spreads them.

The script writes them as `formats/dotenv` would: quoted for the readers of env files, percent-encoded in addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wizard.dataclass import dataclass
from wizard.export.containers import part
from wizard.formats.dotenv import variables
from wizard.formats.dotenv.values import Variable
from wizard.formats.files import BundleFile, SecretsMode, UnwritableError
from wizard.formats.templates import fill, one_line
from wizard.plan.bundle_names import SEALED
from wizard.plan.env_text import PASSWORD_HERE
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, Secrets

PATH = "secrets.env"
SCRIPT = "fill-in-secrets.sh"


@dataclass(frozen=True, slots=True)
class Use:
    """A variable that needs a secret: the line of the file it comes from, and what stands around it in an address."""

    name: str
    line: str
    secret: str
    before: str = ""
    after: str = ""


def uses(missing: Iterable[Variable]) -> tuple[Use, ...]:
    """Return what each of the variables needs.

    A line has the name of the variable that is wholly the secret; a password that stands in addresses alone has that of
    the first of them, or the one they share (`REDIS_PASSWORD`).
    """
    found = list(missing)
    lines = _lines(found)
    return tuple(_use(variable, lines[variable.ref.name]) for variable in found if variable.ref)


def _lines(found: list[Variable]) -> dict[str, str]:
    lines: dict[str, str] = {}
    for variable in found:
        if variable.ref and not _around(variable):
            lines.setdefault(variable.ref.name, variable.name)
    for variable in found:
        if variable.ref and variable.ref.name not in lines:
            shared = sum(other.ref == variable.ref for other in found) > 1 and variable.name.endswith("REDIS_URL")
            usual = "REDIS_PASSWORD" if shared else f"{variable.name.removesuffix('_URL')}_PASSWORD"
            taken = {*lines.values(), *(other.name for other in found)}
            names = (usual, *(f"{usual}_{number}" for number in range(2, len(found) + 2)))
            lines[variable.ref.name] = next(name for name in names if name not in taken)
    return lines


def _around(variable: Variable) -> tuple[str, str] | None:
    """Return what stands before and after the password in an address; None for a secret alone."""
    shown = variable.shown(PASSWORD_HERE)
    if isinstance(variable.value, str) or shown == PASSWORD_HERE:
        return None
    before, _here, after = shown.partition(PASSWORD_HERE)
    return before, after


def _use(variable: Variable, line: str) -> Use:
    before, after = _around(variable) or ("", "")
    return Use(variable.name, line, variable.ref.name if variable.ref else "", before, after)


def files(plan: Plan, missing: Iterable[Variable]) -> tuple[BundleFile, ...]:
    """Return the file with a line for each secret, and the script."""
    every = uses(missing)
    title = tr("NocoBase cluster “{name}”: each secret once.", name=one_line(plan.name))
    how = tr("Put it behind the “=” as it is, without quotes, and take the “#” away.")
    then = tr("Then run: sh {script}", script=SCRIPT)
    lines = [f"# {line}" for line in (title, how, then)]
    for line in dict.fromkeys(use.line for use in every):
        those = [use for use in every if use.line == line]
        names = listing(use.name for use in those)
        remark = tr("Secret {name}, for {variables}.", name=one_line(those[0].secret), variables=names)
        lines += ["", f"# {remark}", f"#{line}="]
    script = fill(
        "fill-in-secrets.sh.j2",
        variables=every,
        no_control=_awk(tr("a line end or another control character cannot be written")),
        no_form=_awk(tr("no env file carries this value to every reader; choose another secret")),
        still_missing=_awk(tr("Still missing:")),
    )
    return BundleFile(PATH, "\n".join(lines) + "\n", private=True), BundleFile(SCRIPT, script)


def sealed(empty: BundleFile, missing: Iterable[Variable], secrets: Secrets, seal: Callable[[str], str]) -> BundleFile:
    """Return `empty`, the file with a line for each secret, filled in and encrypted by `seal`.

    Raises UnwritableError for a value that does not fit into a line.
    """
    text = empty.text
    for use in uses(missing):
        if secret := secrets.get(use.secret):
            value = secret.reveal()
            if any(sign == "\x7f" or (sign < " " and sign != "\t") for sign in value):
                reason = tr("a line end or another control character cannot be written")
                raise UnwritableError(use.secret, f"{use.name}: {reason}.")
            text = text.replace(f"\n#{use.line}=\n", f"\n{use.line}={value}\n")
    return BundleFile(SEALED, seal(text), secret=True)


def read(plan: Plan, text: str) -> dict[str, Secret]:
    """Return the secrets of `plan` in the text of a file that was filled in, by the names of their references."""
    names = {use.line: use.secret for use in uses(part(variables(plan).common, {}, SecretsMode.REFERENCE).missing)}
    found: dict[str, Secret] = {}
    for line in text.split("\n"):
        name, _is, value = line.removesuffix("\r").partition("=")
        if value and name in names:
            found[names[name]] = Secret(value)
    return found


def _awk(text: str) -> str:
    """Return a text as it stands between double quotes of a program for awk, itself in single quotes of a shell."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\047")
