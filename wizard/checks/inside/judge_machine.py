"""What the nodes run: package, clocks, processes, licence. Pure."""

from __future__ import annotations

from wizard.checks.inside.compare import View, compared, listed, too_few, unheard
from wizard.checks.inside.specs import CLOCKS, LICENCE, PACKAGE, PROCESSES
from wizard.checks.shared.look_there import let_nodes_look
from wizard.net.clock import MAX_SKEW
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import clauses, decimal, listing, tr, trn
from wizard.plan.remedy import advice, steps
from wizard.plan.sections import WORKER_ID_COUNT
from wizard.plan.versions import release_of

LOOSEST = 5.0
"""Seconds: what is known of clocks no closer than this says nothing."""
_TWO = 2


def package(view: View) -> Finding:
    """Say whether all nodes run one version with the same plug-ins."""
    versions = {name: one.version for name, one in view.documents() if one.version}
    silent = view.silent(lambda document: bool(document.version))
    if not versions:
        return unheard(PACKAGE, silent)
    planned = view.planned.version
    unlike = _unlike(view, versions, planned)
    if unlike:
        return unlike
    if silent:
        return unheard(PACKAGE, silent)
    found = next(iter(versions.values()))
    if planned and release_of(found) != release_of(planned):
        return PACKAGE.warn(
            tr("All nodes run NocoBase {found}; the plan says {planned}.", found=found, planned=planned),
            error=ErrorKind.VERSION,
            remedy=advice(tr("Correct the version in the plan, or bring the nodes to it.")),
            facts={"versions": versions},
        )
    return PACKAGE.passed(
        tr("All nodes run NocoBase {found} with the same plug-ins.", found=found), facts={"versions": versions}
    )


def _unlike(view: View, versions: dict[str, str], planned: str) -> Finding | None:
    """Say on which nodes another package is than on the others: by its version, its plug-ins, or its start."""
    result = compared(versions, dict.fromkeys(versions, planned) if planned in versions.values() else {})
    if result.odd:
        return PACKAGE.fail(
            tr("Another version of NocoBase than on the others runs on {odd}.", odd=listed(result.odd)),
            ErrorKind.VERSION,
            detail=clauses(f"{name}: {version}" for name, version in versions.items()),
            remedy=steps(
                tr(
                    "Start {odd} from the same image or package as the others. What is there now:",
                    odd=listed(result.odd),
                ),
                "grep version node_modules/@nocobase/server/package.json",
            ),
            facts={"versions": versions, "odd": list(result.odd)},
        )
    if unlike := _unlike_plugins(view):
        names = clauses(f"{name}: {listed(packages)}" for name, packages in unlike.items())
        return PACKAGE.fail(
            tr("Other plug-ins than on the others are on the disk of {odd}.", odd=listed(list(unlike))),
            ErrorKind.VERSION,
            detail=names,
            remedy=advice(tr("Let all nodes share one storage, and start them from the same image.")),
            facts={"plugins": unlike},
        )
    if renewed := [name for name, one in view.documents() if one.renewed]:
        return PACKAGE.warn(
            tr(
                "On {names} the package was changed after NocoBase's start: an older one is still running.",
                names=listed(renewed),
            ),
            error=ErrorKind.VERSION,
            remedy=advice(tr("Restart {names}.", names=listed(renewed))),
            facts={"versions": versions, "renewed": renewed},
        )
    return None


def _unlike_plugins(view: View) -> dict[str, list[str]]:
    """Return by node the plug-ins of which it has another version than most nodes, or none."""
    plugins = {name: one.plugins for name, one in view.documents() if one.version}
    unlike: dict[str, list[str]] = {}
    for package_name in sorted({each for found in plugins.values() for each in found}):
        result = compared({name: found.get(package_name, "") for name, found in plugins.items()}, {})
        for name in result.odd:
            unlike.setdefault(name, []).append(f"{package_name} {plugins[name].get(package_name) or '–'}")
    return unlike


def clocks(view: View) -> Finding:
    """Say whether the clocks agree, as far as the way there lets it be known."""
    seen = {name: one.clock for name in view.names() if (one := view.told.get(name)) and one.clock}
    if len(seen) < _TWO:
        if len(dict(view.documents())) < _TWO:
            return too_few(CLOCKS)
        words = tr("Could not be found out: clocks show only where the nodes are asked now.")
        return CLOCKS.unknown(words, remedy=let_nodes_look() if view.by_hand else None)
    ahead = {name: round(clock.ahead, 2) for name, clock in seen.items()}
    told = listing(f"{name} {decimal(seconds, '+.1f')} s" for name, seconds in ahead.items())
    slow = min(seen, key=lambda name: seen[name].span[1])
    fast = max(seen, key=lambda name: seen[name].span[0])
    apart = seen[fast].span[0] - seen[slow].span[1]
    if apart > MAX_SKEW:
        return CLOCKS.warn(
            tr(
                "The clock of {fast} is {seconds} s ahead of that of {slow}.",
                fast=fast,
                slow=slow,
                seconds=decimal(apart, ".1f"),
            ),
            error=ErrorKind.OTHER,
            detail=tr("Beside this machine: {told}.", told=told),
            remedy=steps(
                tr("Let both take the time from the network:"), "timedatectl set-ntp true", "chronyc tracking"
            ),
            facts={"ahead": ahead},
        )
    loosest = max(clock.span[1] for clock in seen.values()) - min(clock.span[0] for clock in seen.values())
    if loosest > LOOSEST:
        return CLOCKS.unknown(
            tr("Could not be found out: the way to the nodes is too slow to compare clocks ({told}).", told=told)
        )
    if silent := [name for name in view.names() if name not in seen]:
        return unheard(CLOCKS, silent)
    return CLOCKS.passed(
        tr("The clocks of all nodes agree within {seconds} s.", seconds=decimal(loosest, ".1f")), facts={"ahead": ahead}
    )


def processes(view: View) -> Finding:
    """Say whether the processes that run fit into the worker IDs, and are those of the plan."""
    counts = {name: one.process.count for name, one in view.documents() if one.process.count}
    total = sum(counts.values())
    told = listing(f"{name}: {count}" for name, count in counts.items())
    facts = {"processes": counts, "total": total}
    if total > WORKER_ID_COUNT:
        return PROCESSES.fail(
            tr("{total} processes run; there are {most} worker IDs.", total=total, most=WORKER_ID_COUNT),
            ErrorKind.OTHER,
            detail=told,
            remedy=advice(tr("Lower CLUSTER_MODE on the nodes with most processes and restart them.")),
            facts=facts,
        )
    if silent := view.silent(lambda document: bool(document.process.count)):
        return unheard(PROCESSES, silent)
    other = [name for name, count in counts.items() if view.planned.processes.get(name, count) != count]
    if other:
        return PROCESSES.warn(
            tr("Another number of processes than the plan says runs on {names}.", names=listed(other)),
            error=ErrorKind.OTHER,
            detail=told,
            remedy=advice(
                tr("Set CLUSTER_MODE of {names} as planned and restart, or correct the plan.", names=listed(other))
            ),
            facts=facts,
        )
    return PROCESSES.passed(
        trn(
            "{count} process runs; there are {most} worker IDs.",
            "{count} processes run; there are {most} worker IDs.",
            count=total,
            most=WORKER_ID_COUNT,
        ),
        facts=facts,
    )


def licence(view: View) -> Finding:
    """Say what the licence kit on the nodes makes of the key."""
    told = {name: one.licence for name, one in view.documents() if one.licence.state}
    bad = [name for name, one in told.items() if one.state == "unreadable"]
    if bad:
        return LICENCE.warn(
            tr("The licence kit on {names} cannot read the licence key.", names=listed(bad)),
            error=ErrorKind.PROTOCOL,
            facts={"nodes": bad},
        )
    read = {name: one for name, one in told.items() if one.state == "read"}
    if not read:
        return LICENCE.skip(tr("Not looked at: no node has a licence key and the kit to read it."))
    first = next(iter(read.values()))
    return LICENCE.info(
        tr(
            "The licence key on the nodes is for {domain}; upgrades until {until}.",
            domain=first.domain or "–",
            until=first.until or "–",
        ),
        facts={"domain": first.domain, "status": first.status, "until": first.until, "nodes": list(read)},
    )
