"""Rule on values that are written for Compose: `$NAME` and `${NAME:-default}` (docs/nocobase.md, "Env files")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs_read import EXPRESSIONS
from wizard.plan.env_text import EnvForm, form_of
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr
from wizard.plan.place import Place
from wizard.plan.plan import Expression, Plan
from wizard.plan.remedy import Remedy, advice, steps
from wizard.plan.secret import Secrets


def _expressions(plan: Plan, _secrets: Secrets) -> list[Finding]:
    """Say once, of all such values, what Compose makes of each; nothing else is said of them."""
    written = [item for item in plan.expressions if not item.composed]
    templated = [item for item in plan.expressions if item.templated]
    missing = [item for item in plan.expressions if item.composed and not item.torn and not item.templated]
    torn = list(dict.fromkeys(place for item in plan.expressions for place in item.torn))
    found = [_found(written)] if written else []
    found += [_torn(torn)] if torn else []
    found += [_missing(missing, missing[0].place.file if written else "")] if missing else []
    found += [_templated(templated)] if templated else []
    return found or [EXPRESSIONS.passed(tr("No value is an expression of Compose."))]


def _missing(items: Sequence[Expression], subject: str) -> Finding:
    """Name what a Compose file leaves to Compose's environment, and manifests to objects that are not among them."""
    named = sorted({name for item in items for name in item.named or (item.name,)})
    return EXPRESSIONS.unknown(
        tr("Not in the files, and given from elsewhere when the nodes are started: {names}.", names=listing(named)),
        subject=subject,
        detail="\n".join(tr("{place}: not known.", place=item.place.words) for item in items),
        remedy=advice(tr("Name a second source beside this one, such as an env file with these variables.")),
        facts={"setting": items[0].key, "variables": [item.name for item in items]},
    )


def _templated(items: Sequence[Expression]) -> Finding:
    names = list(dict.fromkeys(item.name for item in items))
    return EXPRESSIONS.unknown(
        tr("These values are filled in by a program before Kubernetes has them: {names}.", names=listing(names)),
        subject="{{ }}",
        detail="\n".join(
            [
                *(tr("{place}: not known.", place=item.place.words) for item in items),
                tr("Where no program such as Helm, Flux or envsubst does, nodes get them as they are written."),
            ]
        ),
        remedy=advice(
            tr(
                "Check what the program makes of the file, as “helm template” does, or what “kubectl get … -o yaml” "
                "prints."
            )
        ),
        facts={"setting": items[0].key, "variables": names},
    )


def _torn(places: Sequence[Place]) -> Finding:
    """Name the secrets of which Compose may leave out a piece, and show none of it."""
    names = list(dict.fromkeys(place.name for place in places))
    return EXPRESSIONS.warn(
        tr(
            "Compose takes a “$” in {names} for the beginning of a variable, and no such variable is in the files.",
            names=listing(names),
        ),
        subject="$",
        detail="\n".join(
            tr(
                "{place}: a “$” with the letters, digits and “_” right behind it is left out, and all else stays, "
                "unless Compose's own environment has a variable of that name.",
                place=place.words,
            )
            for place in places
        ),
        remedy=advice(
            tr(
                "Where the “$” is meant as it is, write the value in single quotes in an env file, and “$$” in the "
                "Compose file itself."
            )
        ),
        facts={"variables": names},
        places=tuple(places),
    )


def _found(items: Sequence[Expression]) -> Finding:
    names = [item.name for item in items]
    more: dict[str, Any] = {
        "detail": "\n".join(
            [
                tr(
                    "Compose puts a value in their place; NocoBase, PM2 and systemd take the “$” as it is. What "
                    "Compose makes of them by this file alone:"
                ),
                *(_meant(item) for item in items),
            ]
        ),
        "remedy": _remedy(items),
        "facts": {"setting": items[0].key, "variables": names},
    }
    listed = listing(names)
    if lost := [item.name for item in items if item.meant is None]:
        summary = tr(
            "These lines are written for Compose: {names}. Compose itself has no value for {lost} in this file.",
            names=listed,
            lost=listing(lost),
        )
        return EXPRESSIONS.fail(summary, ErrorKind.MISSING, **more)
    return EXPRESSIONS.warn(tr("These lines are written for Compose: {names}.", names=listed), **more)


def _meant(item: Expression) -> str:
    place = item.place.words
    match item.meant:
        case None if not item.named:
            return tr("{place}: nothing, as a variable in it is not set here.", place=place)
        case None:
            return tr("{place}: nothing, as {named} is not set here.", place=place, named=listing(item.named))
        case str() as text:
            return tr("{place}: {text}", place=place, text=text)
        case _ if not item.named:
            return tr("{place}: another value, which is not shown.", place=place)
        case _:
            return tr("{place}: a value with {named} in it, not shown.", place=place, named=listing(item.named))


def _remedy(items: Sequence[Expression]) -> Remedy:
    """Return the lines to write in their place, as far as they can be shown."""
    shown = [
        f"{item.name}={_written(item.meant)}"
        for item in items
        if isinstance(item.meant, str) and form_of(item.meant) is not EnvForm.NONE
    ]
    hidden = [item.name for item in items if not isinstance(item.meant, str)]
    words = [
        tr(
            "If Compose reads this file, write what it makes of them, so that every reader reads the same; a “$” that "
            "is meant as it is belongs in single quotes."
        )
    ]
    if hidden:
        words.append(tr("Write the value itself for {names}.", names=listing(hidden)))
    return steps("\n".join(words), *shown) if shown else advice(sentences(*words))


def _written(text: str) -> str:
    return {EnvForm.SINGLE: f"'{text}'", EnvForm.DOUBLE: f'"{text}"'}.get(form_of(text), text)


RULES = (Rule(_expressions, None),)
