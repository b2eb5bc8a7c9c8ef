"""Commands for a balancer that runs as a service of Compose: there its program is no program of the machine."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from wizard.checks.balancer import remedies
from wizard.dataclass import dataclass
from wizard.engine.check import Check
from wizard.engine.component import Beside
from wizard.plan.finding import Finding
from wizard.plan.i18n import tr
from wizard.plan.observed import Topic
from wizard.plan.plan import Plan
from wizard.plan.remedy import RemedyKind, commands, steps
from wizard.plan.sections import BalancerKind, Deployment

_TESTS = {
    BalancerKind.NGINX: "nginx -t",
    BalancerKind.HAPROXY: "haproxy -c -f /usr/local/etc/haproxy/haproxy.cfg",
}


@dataclass(frozen=True, slots=True)
class Service:
    """The balancer's service: how Compose is called for it, and its name. `surely` the balancer runs so."""

    compose: str
    name: str
    surely: bool

    def lines(self, kind: BalancerKind) -> dict[str, str]:
        """Return what stands for each command of a balancer that is a program of its machine.

        A file that an editor wrote anew is another one, which a container has only once it is made anew itself.
        """
        anew = f"{self.compose} up -d --force-recreate --no-deps {self.name}"
        tested = f"{self.compose} run --rm --no-deps {self.name} {_TESTS[kind]} && {anew}"
        logged = f"{self.compose} logs --tail 50 {self.name}"
        return {
            remedies.RELOAD[kind]: tested,
            remedies.RENEWED[kind]: anew,
            remedies.LOGGED[kind]: logged,
        }


def service_of(plan: Plan, beside: Beside | None) -> Service | None:
    """Return the service that the balancer is, by the source, or may be, by a bundle for Compose; None for neither."""
    names = [one.value for one in plan.seen(Topic.BALANCER_SERVICE)] + [one.target for one in plan.seen(Topic.SITE)]
    if any(names):
        return Service("docker compose", shlex.quote(next(filter(None, names))), surely=True)
    if beside and plan.application.deployment is Deployment.DOCKER:
        return Service("docker compose --env-file ../env/cluster.env --profile balancer", "balancer", surely=False)
    return None


def told_for(check: Check[Any], service: Service | None, kind: BalancerKind) -> Check[Any]:
    """Return a check whose findings have commands for the service, too, or for it alone."""
    if service is None or kind not in _TESTS:
        return check
    judge: Callable[[Any], Any] = check.judge
    lines = service.lines(kind)

    def told(facts: Any) -> Iterator[Finding]:
        return (_told(finding, lines, surely=service.surely) for finding in judge(facts))

    return replace(check, judge=told)


def _told(finding: Finding, lines: dict[str, str], *, surely: bool) -> Finding:
    if finding.remedy_kind is not RemedyKind.COMMANDS:
        return finding
    text = finding.remedy.splitlines()
    if surely:
        return finding.with_remedy(commands(*(lines.get(line, line) for line in text)))
    found = next((lines[line] for line in text if line in lines), "")
    if not found:
        return finding
    words = tr("Where it is a service of Compose, in the bundle's folder “compose” instead: {command}", command=found)
    return finding.with_remedy(commands(finding.remedy, steps(words)))
