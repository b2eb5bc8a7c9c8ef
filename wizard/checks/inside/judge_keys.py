"""Whether all nodes use the same keys. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wizard.checks.inside.compare import (
    Compared,
    View,
    compared,
    listed,
    one_key,
    planned_prints,
    too_few,
    unheard,
)
from wizard.checks.inside.document import Document
from wizard.checks.inside.fingerprints import AES
from wizard.checks.inside.specs import AES_KEY, APP_KEY
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import mark, tr
from wizard.plan.remedy import advice
from wizard.plan.spec import Spec

_NONE = "none"
_PRESENT = {
    "APP_KEY": (
        mark("All nodes sign sessions with the same key."),
        mark("Sessions are signed with another key on {odd} than on {others}."),
        mark("All nodes sign sessions with one key, and it is not the plan's."),
    ),
    AES: (
        mark("All nodes encrypt with the same AES key."),
        mark("Another AES key is in use on {odd} than on {others}."),
        mark("All nodes encrypt with one AES key, and it is not the plan's."),
    ),
}
_LIKE_PLAN = mark("the nodes that have the plan's")
_RESTART = {
    "APP_KEY": mark(
        "Give {odd} the same APP_KEY as the others and restart it. Where storage/apps/main/jwt_secret.dat exists it "
        "wins over APP_KEY: then the nodes must share that folder."
    ),
    AES: mark(
        "Give {odd} the same APP_AES_SECRET_KEY as the others and restart it. Do not change the key that the data was "
        "encrypted with: with another one it cannot be read."
    ),
}


def app_key(view: View) -> Finding:
    """Say whether all nodes sign sessions with one key, and with one that nobody knows."""
    open_keys = [
        name for name, one in view.documents() if one.app_key and (one.app_key.published or not one.app_key.source)
    ]
    if open_keys:
        return APP_KEY.fail(
            tr(
                "Sessions are signed with a key that NocoBase publishes, or with none given, on {names}.",
                names=listed(open_keys),
            ),
            ErrorKind.CREDENTIALS,
            detail=tr("Whoever knows that key can sign a session of any user."),
            remedy=advice(tr("Give every node the APP_KEY of the plan and restart it.")),
            facts={"nodes": open_keys},
        )

    def told(document: Document) -> str | None:
        key = document.app_key
        return f"{key.source} {key.print}" if key and key.print else None

    planned = {name: f"APP_KEY {print_}" for name, print_ in planned_prints(view, "APP_KEY").items()}
    from_file = {name for name, one in view.documents() if one.app_key and one.app_key.source != "APP_KEY"}
    return _same(view, APP_KEY, "APP_KEY", told, {name: own for name, own in planned.items() if name not in from_file})


def aes_key(view: View) -> Finding:
    """Say whether all nodes encrypt with one key."""

    def told(document: Document) -> str | None:
        if document.app_key is None or not document.key:
            return None
        return (document.aes_key.print or None) if document.aes_key else _NONE

    return _same(view, AES_KEY, AES, told, planned_prints(view, AES))


def _same(
    view: View, spec: Spec, name: str, told: Callable[[Document], str | None], planned: Mapping[str, str]
) -> Finding:
    documents = {node: document for node, document in view.documents() if told(document) is not None}
    if not one_key(list(documents.values())):
        return spec.unknown(tr("Not compared: the nodes' files were made with scripts of different keys."))
    values = {node: told(document) or "" for node, document in documents.items()}
    same, differ, beside = _PRESENT[name]
    result = compared(values, planned) if values else Compared()
    if result.odd:
        return _differs(spec, name, differ, result, values)
    if silent := view.silent(lambda document: told(document) is not None):
        return unheard(spec, silent)
    if result.beside_plan:
        return spec.warn(
            tr(beside),
            error=ErrorKind.CREDENTIALS,
            remedy=advice(
                tr("Take the key in use into the plan, or export the plan, bring it to all nodes and restart them.")
            ),
            facts={"nodes": list(values)},
        )
    if len(values) < 2 and not result.by_plan:  # noqa: PLR2004 - it takes two to differ
        return too_few(spec)
    return spec.passed(tr(same), facts={"nodes": list(values), "as_planned": result.by_plan})


def _differs(spec: Spec, name: str, words: str, result: Compared, values: Mapping[str, str]) -> Finding:
    others = tr(_LIKE_PLAN) if result.by_plan else listed([node for node in values if node not in result.odd])
    odd = listed(result.odd)
    return spec.fail(
        tr(words, odd=odd, others=others),
        ErrorKind.CREDENTIALS,
        remedy=advice(tr(_RESTART[name], odd=odd)),
        facts={"odd": list(result.odd), "as_planned": result.by_plan},
    )
