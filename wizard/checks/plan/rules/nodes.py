"""Rules on the nodes: names, worker IDs, who serves and who works, and paths that must not be shared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs import COVERAGE, NODES, OWN_PATHS, SHARED_STORAGE, WORKER_IDS, WORKER_MODE
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, sentences, tr, trn
from wizard.plan.machines import on_several_machines
from wizard.plan.observed import Sharing, Topic
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, plan_value
from wizard.plan.secret import Secrets
from wizard.plan.sections import WORKER_ID_COUNT, Deployment, StorageKind, usual_paths
from wizard.plan.worker_mode import KNOWN_TASKS, WorkerMode, doubt, read


def _count(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    facts = {"setting": "nodes"}
    if not plan.nodes:
        yield NODES.unknown(tr("The plan names no nodes, so what concerns them could not be judged."), facts=facts)
        return
    names = [name for name, times in Counter(node.name for node in plan.nodes if node.name).items() if times > 1]
    every = [((node.host, node.port), plan.problem(f"nodes.{index}.port")) for index, node in enumerate(plan.nodes)]
    places = Counter(place for place, unread in every if place[0] and not unread)
    twice = [f"{host}:{port}" for (host, port), times in places.items() if times > 1]
    for name in names:
        yield NODES.fail(tr("Two nodes are named {name}.", name=name), subject=name, facts=facts)
    for place in twice:
        yield NODES.fail(tr("Two nodes are at {place}.", place=place), subject=place, facts=facts)
    if not names and not twice:
        if len(plan.nodes) == 1 and (idle := plan.seen(Topic.IDLE)):
            words = tr(
                "The cluster has one node, if none of these runs, whose profiles are not active: {names}.",
                names=listing(item.subject for item in idle),
            )
            yield NODES.unknown(words, remedy=_of_profiles(), facts=facts)
        elif len(plan.nodes) == 1:
            yield NODES.warn(tr("The cluster has one node; NocoBase's page asks for two or more."), facts=facts)
        else:
            yield NODES.passed(
                trn("The cluster has {count} node.", "The cluster has {count} nodes.", count=len(plan.nodes)),
                facts=facts,
            )


def _worker_ids(plan: Plan) -> Finding:
    facts = {"setting": "nodes", "processes": plan.processes}
    if plan.processes > WORKER_ID_COUNT:
        return WORKER_IDS.fail(
            trn(
                "{count} process wants a worker ID, and there are {all}.",
                "{count} processes want a worker ID, and there are {all}.",
                count=plan.processes,
                all=WORKER_ID_COUNT,
            ),
            detail=tr("Two processes with one worker ID can make the same primary key. Lower the processes of a node."),
            facts=facts,
        )
    return WORKER_IDS.passed(
        trn(
            "{count} of {all} worker IDs is planned.",
            "{count} of {all} worker IDs are planned.",
            count=plan.processes,
            all=WORKER_ID_COUNT,
        ),
        detail=tr("NocoBase's page counts nodes; in its code each process takes an ID."),
        facts=facts,
    )


def _worker_modes(plan: Plan) -> Iterator[Finding]:
    bad = False
    for index, node in enumerate(plan.nodes):
        _mode, problem = read(node.worker_mode)
        facts = {"setting": f"nodes.{index}.worker_mode"}
        if problem:
            bad = True
            yield WORKER_MODE.fail(
                tr("The worker mode of {node} is wrong: {problem}", node=node.name, problem=problem),
                ErrorKind.PROTOCOL,
                subject=node.name,
                facts=facts,
                cause=f"worker mode {node.worker_mode}",  # the nodes may have it from one line
            )
        elif odd := doubt(node.worker_mode):
            bad = True
            yield WORKER_MODE.warn(
                tr("The worker mode of {node} may be misspelt: {doubt}", node=node.name, doubt=odd),
                subject=node.name,
                detail=tr("A plug-in may define a task of that name; if none does, the node takes no such task."),
                facts=facts,
            )
    if not bad:
        yield WORKER_MODE.passed(tr("Every worker mode can be read."), facts={"setting": "nodes"})


def _coverage(plan: Plan) -> Iterator[Finding]:
    modes = [read(node.worker_mode)[0] for node in plan.nodes]
    facts = {"setting": "nodes"}
    if (idle := plan.seen(Topic.IDLE)) and (open_tasks := [*_untaken(modes)]):
        yield COVERAGE.unknown(
            tr(
                "Not known whether a node has this to do: {tasks}. These are not counted, as their profiles are not "
                "active: {names}.",
                tasks=listing(open_tasks),
                names=listing(item.subject for item in idle),
            ),
            remedy=_of_profiles(),
            facts=facts,
        )
        return
    open_ones = [*_uncovered(plan, modes, facts)]
    yield from open_ones
    if not open_ones:
        yield COVERAGE.passed(
            tr("Requests are served, and every task that NocoBase documents has a node."), facts=facts
        )


def _uncovered(plan: Plan, modes: Sequence[WorkerMode], facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Return what no node does, or not all that it would have to do alone."""
    wrong = tuple(f"nodes.{at}.worker_mode" for at, node in enumerate(plan.nodes) if read(node.worker_mode)[1])
    if not any(mode.serves for mode in modes):
        yield COVERAGE.fail(
            tr("No node serves requests."),
            ErrorKind.MISSING,
            remedy=plan_value("nodes.0.worker_mode", "!", "WORKER_MODE=!"),
            subject="!",
            facts=facts,
            because=wrong,
        )
    for task in KNOWN_TASKS:
        if not any(mode.takes(task) for mode in modes):
            yield COVERAGE.fail(
                tr("No node takes the task {task}: it would wait for ever.", task=task),
                ErrorKind.MISSING,
                subject=task,
                remedy=plan_value("nodes.0.worker_mode", f"!,{task}", f"WORKER_MODE=!,{task}"),
                facts=facts,
                because=wrong,
            )
    for index, node in enumerate(plan.nodes if plan.licence.without_plugins else ()):
        if modes[index].serves and not all(modes[index].takes(task) for task in KNOWN_TASKS):
            yield _own_queue(index, node.name)


def _untaken(modes: Sequence[WorkerMode]) -> Iterator[str]:
    """Go through what no node does: requests, tasks by their names."""
    if not any(mode.serves for mode in modes):
        yield tr("requests")
    yield from (task for task in KNOWN_TASKS if not any(mode.takes(task) for mode in modes))


def _of_profiles() -> Remedy:
    return advice(tr("If they run, name their profiles in COMPOSE_PROFILES, in the .env beside."))


def _own_queue(index: int, name: str) -> Finding:
    """Return the finding on a node that leaves tasks to others, where no queue is shared: no other node sees them."""
    key = f"nodes.{index}.worker_mode"
    return COVERAGE.fail(
        tr(
            "{node} leaves tasks to other nodes, and without the commercial plug-ins none of them sees them.", node=name
        ),
        ErrorKind.MISSING,
        subject=name,
        detail=tr(
            "Tasks wait in the memory of the process that took them: only a node that does all by itself ends them."
        ),
        remedy=plan_value(key, "", tr("Leave WORKER_MODE of {node} empty.", node=name)),
        facts={"setting": key},
    )


def _shared_storage(plan: Plan) -> Iterator[Finding]:
    """Judge the kind of storage, where the source says nothing closer of what is mounted (rules/deployed.py)."""
    if any(item.value != Sharing.UNKNOWN for item in plan.seen(Topic.STORAGE)):
        return
    facts = {"setting": "storage.kind"}
    several = on_several_machines(plan) if plan.storage.kind is StorageKind.LOCAL else False
    if several is None:
        yield _perhaps_on_one_machine(plan, facts)
    elif several:
        yield SHARED_STORAGE.fail(
            tr("The nodes are on several machines, and the storage is a local disk."), ErrorKind.MISSING, facts=facts
        )
    else:
        yield SHARED_STORAGE.passed(tr("The kind of storage fits where the nodes are."), facts=facts)


def _read_for_storage(plan: Plan) -> tuple[str, ...]:
    keys = ("nodes", "nodes.*.host", "storage.kind")
    local = plan.several_machines and plan.storage.kind is StorageKind.LOCAL
    return (*keys, "application.deployment") if local else keys


def _perhaps_on_one_machine(plan: Plan, facts: Mapping[str, Any]) -> Finding:
    hosts = listing(dict.fromkeys(node.host for node in plan.nodes if node.host))
    return SHARED_STORAGE.unknown(
        tr("The storage is a local disk, and {hosts} may be several machines or containers of one.", hosts=hosts),
        detail=tr("Containers of one machine share its disk; on other machines files would be missing."),
        remedy=advice(
            tr(
                "If they are containers of one machine, give each node the address of that machine and a port of its "
                "own; else put the storage on a file system that all machines share."
            )
        ),
        facts=facts,
    )


def _own_paths(plan: Plan) -> Iterator[Finding]:
    if plan.application.deployment is not Deployment.BARE:
        return
    taken: dict[tuple[str, str], str] = {}
    bad = False
    for index, node in enumerate(plan.nodes):
        told: list[tuple[str, Remedy, str]] = []
        for field, variable in (("pm2_home", "PM2_HOME"), ("socket_path", "SOCKET_PATH")):
            path = getattr(node, field)
            other = taken.setdefault((node.host, path), node.name)
            found = _not_own(path, other if other != node.name else "", plan.storage.path)
            if not found:
                continue
            text = tr(
                "{variable} of {node} {found}: a start there deletes the other nodes' own.",
                variable=variable,
                node=node.name,
                found=found,
            )
            key = f"nodes.{index}.{field}"
            told.append((text, _own_path(key, variable, node.name, usual_paths(node.name)[field]), key))
        if told:
            bad = True
            (summary, remedy, key), *others = told
            more = sentences(*(part for text, itself, _key in others for part in (text, itself.text)))
            yield OWN_PATHS.fail(summary, subject=node.name, detail=more, remedy=remedy, facts={"setting": key})
    if not bad:
        yield OWN_PATHS.passed(tr("Each node keeps PM2's folder and its socket to itself."), facts={"setting": "nodes"})


def _own_path(key: str, variable: str, node: str, path: str) -> Remedy:
    text = tr("Set {variable} of {node} to {path}.", variable=variable, node=node, path=path)
    return plan_value(key, path, text)


def _not_own(path: str, other: str, storage: str) -> str:
    """Say where a node's path lies that is not its own; `other` is a node of the same host with the same path."""
    if not path:
        return tr("is not set and so lies in the shared storage")
    if _inside(path, storage):
        return tr("lies in the shared storage")
    return tr("is that of {other} on the same host", other=other) if other else ""


def _inside(path: str, folder: str) -> bool:
    return bool(folder) and PurePosixPath(path).is_relative_to(folder)


def _where_there_are(
    judge: Callable[[Plan], Finding | Iterable[Finding]],
) -> Callable[[Plan, Secrets], Finding | Iterable[Finding]]:
    """Return the rule that judges the nodes, where the plan names any."""
    return lambda plan, _secrets: judge(plan) if plan.nodes else ()


RULES = (
    Rule(_count, ("nodes", "nodes.*.host", "nodes.*.name", "nodes.*.port")),
    Rule(_where_there_are(_worker_ids), ("nodes", "nodes.*.processes")),
    Rule(_where_there_are(_worker_modes), ("nodes", "nodes.*.worker_mode")),
    Rule(_where_there_are(_coverage), ("licence.without_plugins", "nodes", "nodes.*.worker_mode")),
    Rule(_where_there_are(_shared_storage), _read_for_storage),
    Rule(
        _where_there_are(_own_paths),
        (
            "application.deployment",
            "nodes",
            "nodes.*.host",
            "nodes.*.name",
            "nodes.*.pm2_home",
            "nodes.*.socket_path",
            "storage.path",
        ),
    ),
)
