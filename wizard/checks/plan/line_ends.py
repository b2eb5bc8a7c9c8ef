"""What is said of a value that ends with a line break, by where it was read: each format makes one in its own way."""

from __future__ import annotations

from wizard.plan.i18n import sentences, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice
from wizard.plan.sections import Deployment


def how_it_came(plan: Plan, name: str) -> str:
    """Return where the line break at the end of the variable `name` comes from, and who reads it so."""
    if _is_of_env_file(plan, name):
        return sentences(
            tr("NocoBase and Compose take “\\n” in double quotes for a line break."),
            tr("A shell and systemd take it for the two signs “\\” and “n”."),
            tr("“docker run --env-file” takes the quotes for a part of the value, too."),
        )
    if plan.application.deployment is Deployment.KUBERNETES:
        return tr("“echo” adds one before “base64”, and an editor at the end of a file that a Secret is made of.")
    return tr("In YAML and JSON “\\n” in double quotes is one, and a block of YAML behind “|” ends with one.")


def without_line_end(plan: Plan, name: str) -> Remedy:
    """Return what to do about the variable `name`, whose value ends with a line break."""
    if _is_of_env_file(plan, name):
        return advice(tr("Close the quotes of {name} right behind its last character, without “\\n”.", name=name))
    if plan.application.deployment is Deployment.KUBERNETES:
        return advice(
            tr(
                "In a Secret write the value below “stringData”, or encode it with “printf %s”, which adds no line "
                "break."
            )
        )
    return advice(
        tr("Write {name} without “\\n” at its end, and a block of YAML behind “|-” in the place of “|”.", name=name)
    )


def _is_of_env_file(plan: Plan, name: str) -> bool:
    """Whether the value stands in an env file, whose readers do not read it alike."""
    return any(item.name == name and not item.earlier for item in plan.unlike)
