"""Whether all nodes were given the same variables: those of the database, of the adapters, and the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from wizard.checks.inside.compare import View, compared, listed, one_key, planned_prints, too_few, unheard
from wizard.checks.inside.document import Document
from wizard.checks.inside.specs import ADAPTERS, DATABASE, VARIABLES
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, listing, tr
from wizard.plan.node_variables import may_differ
from wizard.plan.remedy import advice
from wizard.plan.spec import Spec

_DATABASE = ("DB_DIALECT", "DB_HOST", "DB_PORT", "DB_DATABASE", "DB_SCHEMA", "DB_TABLE_PREFIX")
_KEYS = ("APP_KEY", "APP_AES_SECRET_KEY", "APP_AES_SECRET_KEY_PATH")
_ADAPTERS = {"CACHE_DEFAULT_STORE": "memory", "LOCK_ADAPTER_DEFAULT": "local", "QUEUE_ADAPTER": "memory"}
"""What switches a role from the node's own memory, with what NocoBase takes where nothing is given."""
_OF_ONE_NODE = frozenset(_ADAPTERS.values())
_OF_A_NODE = frozenset(
    """
    APP_PORT APP_HOST CLUSTER_MODE WORKER_MODE PM2_HOME SOCKET_PATH STORAGE_PATH LOCAL_STORAGE_DEST PLUGIN_STORAGE_PATH
    DB_STORAGE APP_PACKAGE_ROOT APP_SERVER_BASE_URL
    """.split()  # noqa: SIM905 - a table of names
)
"""What may differ: of one node alone, or a path below its own folder, which `inside.storage` looks at itself."""
_FIRST_START = "INIT_"
"""What counts at the very first start alone."""
_REWRITTEN = frozenset(
    "DB_TIMEZONE DB_UNDERSCORED API_BASE_PATH WS_PATH PLUGIN_STATICS_PATH CDN_BASE_URL CDN_VERSION TZ".split()  # noqa: SIM905
)
"""What NocoBase's own command line changes or fills in before its process starts (cli-v1, util.js)."""
_SHOWN = 8


def _told(view: View) -> dict[str, Document]:
    return {name: document for name, document in view.documents() if document.variables is not None}


def database(view: View) -> Finding:
    """Say whether all nodes were given one database."""
    odd, beside = _differences(view, _DATABASE)
    if stopped := _stopped(view, DATABASE, found=bool(odd)):
        return stopped
    if odd:
        nodes = _nodes(odd)
        return DATABASE.fail(
            tr("Another database than on the others is in use on {odd}.", odd=listed(nodes)),
            ErrorKind.OTHER,
            detail=_detail(odd),
            remedy=advice(
                tr(
                    "Give {odd} the same {names} as the others and restart it.",
                    odd=listed(nodes),
                    names=listed(list(odd)),
                )
            ),
            facts={"odd": nodes, "variables": list(odd)},
        )
    if beside:
        return DATABASE.warn(
            tr("All nodes were given one database, and it is not the plan's ({names}).", names=listed(beside)),
            error=ErrorKind.OTHER,
            remedy=advice(tr("Correct the plan, or export it, bring it to all nodes and restart them.")),
            facts={"variables": beside},
        )
    return DATABASE.passed(tr("All nodes were given the same database."), facts={"nodes": list(_told(view))})


def variables(view: View) -> Finding:
    """Say whether all other variables are the same on all nodes, and those of the plan."""
    documents = _told(view)
    left = (*_DATABASE, *_KEYS, *_ADAPTERS)
    names = sorted({name for one in documents.values() for name in one.variables or {}} | _planned_names(view))
    odd, beside = _differences(view, [name for name in names if name not in left and _counts(name)])
    if stopped := _stopped(view, VARIABLES, found=bool(odd)):
        return stopped
    if odd:
        nodes = _nodes(odd)
        return VARIABLES.fail(
            tr(
                "Other variables than there should be are in use on {odd}: {names}.",
                odd=listed(nodes),
                names=_some(odd),
            ),
            ErrorKind.OTHER,
            detail=_detail(odd),
            remedy=advice(
                tr(
                    "Bring the env file of the others to {odd} and restart it: a process keeps what it was started "
                    "with, also where the file has changed since.",
                    odd=listed(nodes),
                )
            ),
            facts={"odd": nodes, "variables": list(odd)},
        )
    if beside:
        return VARIABLES.warn(
            tr("All nodes run with other variables than the plan's: {names}.", names=_some(beside)),
            error=ErrorKind.OTHER,
            detail=tr(
                "They are alike among one another: the plan was not brought to them, or they were not restarted."
            ),
            remedy=advice(tr("Export the plan, bring it to all nodes and restart them, or correct the plan.")),
            facts={"variables": beside},
        )
    return VARIABLES.passed(
        tr("All nodes run with the same variables."), facts={"nodes": list(documents), "variables": len(names)}
    )


def adapters(view: View) -> Finding:
    """Say whether a node keeps its cache, lock or queue to itself."""
    own = {
        name: [f"{variable}={choice}" for variable, choice in _chosen(document.choices) if choice in _OF_ONE_NODE]
        for name, document in view.documents()
        if document.choices is not None
    }
    local = {name: found for name, found in own.items() if found}
    if local and not view.planned.without_plugins:
        listed_all = clauses(f"{name}: {listing(found)}" for name, found in local.items())
        return ADAPTERS.fail(
            tr("A lock, cache or queue for one node alone is in use on {names}.", names=listed(list(local))),
            ErrorKind.MISSING,
            detail=tr("In use there: {listed}.", listed=listed_all),
            remedy=advice(
                tr(
                    "Set CACHE_DEFAULT_STORE=redis, LOCK_ADAPTER_DEFAULT=redis and QUEUE_ADAPTER=redis (or rabbitmq) "
                    "on {names}, and restart it.",
                    names=listed(list(local)),
                )
            ),
            facts={"nodes": local},
        )
    if silent := view.silent(lambda document: document.choices is not None):
        return unheard(ADAPTERS, silent)
    if local:
        return ADAPTERS.skip(tr("Not judged: the plan runs without the commercial plug-ins for now."))
    return ADAPTERS.passed(tr("No node locks, caches or queues for itself."), facts={"nodes": list(own)})


def _chosen(choices: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((variable, choices.get(variable) or default) for variable, default in _ADAPTERS.items())


def _counts(name: str) -> bool:
    return name not in _OF_A_NODE and not name.startswith(_FIRST_START) and not may_differ(name)


def _planned_names(view: View) -> set[str]:
    prints = [view.planned.prints.get(one.key, {}).get(name, {}) for name, one in _told(view).items()]
    return {variable for found in prints for variable in found if variable.isupper() and len(variable) > len("AES")}


def _differences(view: View, names: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the nodes that differ in each variable, and the variables in which all are unlike the plan."""
    documents = _told(view)
    odd: dict[str, list[str]] = {}
    beside: list[str] = []
    if not documents:
        return odd, beside
    for name in names:
        values = {node: (document.variables or {}).get(name, "") for node, document in documents.items()}
        planned = {} if name in _REWRITTEN else planned_prints(view, name)
        result = compared(values, planned)
        if result.odd:
            odd[name] = list(result.odd)
        elif result.beside_plan:
            beside.append(name)
    return odd, beside


def _stopped(view: View, spec: Spec, *, found: bool) -> Finding | None:
    """Return what keeps it from being judged; a difference that was found counts all the same."""
    documents = _told(view)
    if not one_key(list(documents.values())):
        return spec.unknown(tr("Not compared: the nodes' files were made with scripts of different keys."))
    silent = view.silent(lambda document: document.variables is not None)
    if silent and not found:
        return unheard(spec, silent)
    with_plan = any(view.planned.prints.get(document.key) for document in documents.values())
    return too_few(spec) if len(documents) < 2 and not with_plan else None  # noqa: PLR2004 - it takes two to differ


def _nodes(odd: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(node for nodes in odd.values() for node in nodes))


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return listed(every[:_SHOWN]) + (" …" if len(every) > _SHOWN else "")


def _detail(odd: Mapping[str, list[str]]) -> str:
    told = clauses(f"{name}: {listed(nodes)}" for name, nodes in list(odd.items())[:_SHOWN])
    return tr("What differs, and where: {told}. Values are compared by fingerprints and not shown.", told=told)
