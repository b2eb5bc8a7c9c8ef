"""Rules on how users come in: public address, balancer, environment, version (docs/nocobase.md, "Balancer")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import SplitResult, urlsplit

from wizard.checks.plan.rule import Rule
from wizard.checks.plan.specs import ENVIRONMENT, PLUGINS, PUBLIC_URL, VERSION
from wizard.checks.shared.unread import not_judged
from wizard.plan.finding import UNSAID, ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.remedy import Remedy, advice, plan_value
from wizard.plan.secret import Secrets
from wizard.plan.sections.application import Environment
from wizard.plan.versions import at_least

CLUSTER_SINCE = (1, 6, 0)
SPLITTING_SINCE = (1, 9, 0)
CACHE_MENDED = (2, 1, 24)
_ADDRESS: Mapping[str, object] = {"setting": "application.public_url"}


def _public_url(plan: Plan, _secrets: Secrets) -> Iterator[Finding]:
    if plan.application.public_url:
        yield _covered(plan) if plan.balancer.is_written else _by_another_make(plan)


def _covered(plan: Plan) -> Finding:
    url = urlsplit(plan.application.public_url)
    if found := _of_another_host(plan, url) or _of_another_scheme(plan, url) or _of_another_port(plan, url):
        return found
    if url.scheme == "http":
        return PUBLIC_URL.warn(
            tr("Users reach {url} without TLS: passwords travel in clear.", url=plan.application.public_url),
            remedy=advice(tr("Switch TLS on in the balancer, and begin the address with https://.")),
            facts=_ADDRESS,
        )
    return PUBLIC_URL.passed(tr("{url} is what the balancer serves.", url=plan.application.public_url), facts=_ADDRESS)


def _of_another_host(plan: Plan, url: SplitResult) -> Finding | None:
    host = url.hostname or ""
    names = plan.balancer.server_name.split() or [host]
    if any(_covers(name.lower(), host) for name in names):
        return None
    return PUBLIC_URL.fail(
        tr(
            "The public address has the host {host}, but the balancer serves {names}.",
            host=host,
            names=" ".join(names),
        ),
        ErrorKind.MISSING,
        detail=tr("NocoBase 2.2 and later refuses to sign in users whose address is not the one it is told."),
        facts=_ADDRESS,
    )


def _of_another_scheme(plan: Plan, url: SplitResult) -> Finding | None:
    balancer = plan.balancer
    if url.scheme == "http" and balancer.tls and balancer.redirect:
        return PUBLIC_URL.warn(
            tr("The public address begins with http://, but the balancer redirects to https://."), facts=_ADDRESS
        )
    if url.scheme == "https" and not balancer.tls and not balancer.behind_proxy:
        return PUBLIC_URL.fail(
            tr("The public address begins with https://, but nobody in this plan ends TLS."),
            ErrorKind.TLS,
            detail=tr("Switch TLS on in the balancer, or say that it stands behind another proxy."),
            facts=_ADDRESS,
        )
    return None


def _of_another_port(plan: Plan, url: SplitResult) -> Finding | None:
    usual, listens = _ports(plan)
    if (url.port or usual) == listens or plan.balancer.behind_proxy:
        return None
    return PUBLIC_URL.warn(
        tr(
            "The public address has the port {port}, but the balancer listens on {listens}.",
            port=url.port or usual,
            listens=listens,
        ),
        detail=tr("That works where something in front passes one port on to the other, such as a container's."),
        facts=_ADDRESS,
    )


def _by_another_make(plan: Plan) -> Finding:
    """Judge the address alone: names, ports and TLS of such a balancer are not in the plan."""
    url = plan.application.public_url
    if url.startswith("http:"):
        return PUBLIC_URL.warn(
            tr("Users reach {url} without TLS: passwords travel in clear.", url=url),
            remedy=advice(tr("Let the balancer end TLS, and begin the address with https://.")),
            facts=_ADDRESS,
        )
    return PUBLIC_URL.passed(
        tr("Users reach {url} over TLS, which a balancer of another make ends.", url=url), facts=_ADDRESS
    )


def _ports(plan: Plan) -> tuple[int, int]:
    """Return the usual port of the public address' scheme, and the one that the balancer serves that scheme on."""
    balancer = plan.balancer
    if plan.application.public_url.startswith("https:"):
        return 443, balancer.tls_port
    return 80, balancer.port


def _covers(name: str, host: str) -> bool:
    return name in {host, "_"} or (name.startswith("*.") and host.endswith(name[1:]))


def _environment(plan: Plan, _secrets: Secrets) -> Finding:
    key = "application.environment"
    facts = {"setting": key}
    if key in plan.unsaid and "application.app_key" in plan.unsaid:  # such as a balancer's site: no variable is said
        return not_judged(ENVIRONMENT, plan, [key])
    if key in plan.unsaid:
        return ENVIRONMENT.unknown(
            tr("APP_ENV is not set: NocoBase then takes development, and its own image production."),
            remedy=plan_value(key, "production", "APP_ENV=production"),
            facts={UNSAID: [key]},
        )
    if plan.application.environment is Environment.PRODUCTION:
        return ENVIRONMENT.passed(tr("APP_ENV is production."), facts=facts)
    found = plan.application.environment.value
    unset = any(item.subject == "APP_ENV" and item.value == found for item in plan.seen(Topic.UNSET))
    return ENVIRONMENT.fail(
        tr("APP_ENV is not set, and NocoBase then takes {found}; a cluster needs production.", found=found)
        if unset
        else tr("APP_ENV is {found}; a cluster needs production.", found=found),
        remedy=plan_value("application.environment", "production", "APP_ENV=production"),
        facts=facts,
    )


def _version(plan: Plan, _secrets: Secrets) -> Finding:
    version, facts = plan.application.version, {"setting": "application.version"}
    if not version:
        return VERSION.unknown(
            tr("The plan names no NocoBase version, so what depends on it could not be judged."),
            detail=tr("All nodes must run the same full version."),
            facts=facts,
        )
    if not at_least(version, CLUSTER_SINCE):
        return VERSION.fail(
            tr("NocoBase {version} has no cluster mode; it came with 1.6.0.", version=version),
            ErrorKind.VERSION,
            remedy=_upgrade("1.6.0"),
            facts=facts,
        )
    if any(node.worker_mode for node in plan.nodes) and not at_least(version, SPLITTING_SINCE):
        return VERSION.fail(
            tr("NocoBase {version} does not know worker modes; they came with 1.9.0.", version=version),
            ErrorKind.VERSION,
            remedy=_upgrade("1.9.0"),
            facts=facts,
        )
    if not at_least(version, CACHE_MENDED):
        return VERSION.warn(
            tr("NocoBase {version} may keep its cache in the worker-ID database.", version=version),
            error=ErrorKind.VERSION,
            detail=tr(
                "From September 2025 to 2.1.23 REDIS_URL took precedence over CACHE_REDIS_URL; 2.1.24 mended it."
            ),
            remedy=_upgrade("2.1.24"),
            facts=facts,
        )
    return VERSION.passed(tr("NocoBase {version} knows cluster mode.", version=version), facts=facts)


def _upgrade(version: str) -> Remedy:
    """Say to bring the nodes to a version: that of the plan alone would change no node."""
    return advice(
        tr("Bring every node to NocoBase {version} or later, and write that version into the plan.", version=version)
    )


def _plugins(plan: Plan, _secrets: Secrets) -> Finding:
    facts = {"setting": "licence.without_plugins"}
    if not plan.licence.without_plugins:
        return PLUGINS.passed(tr("The plan counts on the commercial plug-ins."), facts=facts)
    return PLUGINS.warn(
        tr("The cluster runs without the commercial plug-ins for now: nothing keeps its nodes in step."),
        detail=tr(
            "Each process has a lock and a queue of its own: two nodes may do the same thing at the same time. They do "
            "not tell each other what changed, and worker IDs are drawn by lot. Keep one node at work until then."
        ),
        facts=facts,
    )


RULES = (
    Rule(
        _public_url,
        (
            "application.public_url",
            "balancer.behind_proxy",
            "balancer.kind",
            "balancer.port",
            "balancer.server_name",
            "balancer.tls",
            "balancer.tls_port",
        ),
    ),
    Rule(_environment, ("application.environment",)),
    Rule(_version, ("application.version", "nodes", "nodes.*.worker_mode")),
    Rule(_plugins, ("licence.without_plugins",)),
)
