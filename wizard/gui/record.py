"""What is known of the cluster: the findings so far, and which of them an edit has overtaken. Knows no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from wizard.plan.finding import Finding

COMPONENTS = ("plan", "licence", "database", "redis", "rabbitmq", "storage", "node", "balancer", "cluster")

TOUCHES: Mapping[str, tuple[str, ...]] = {
    "licence": ("licence",),
    "application": ("node", "balancer", "licence", "cluster"),
    "database": ("database", "cluster"),
    "redis": ("redis", "cluster"),
    "queue": ("rabbitmq", "redis", "licence", "cluster"),
    "storage": ("storage", "cluster"),
    "nodes": ("node", "balancer", "database", "storage", "cluster"),
    "balancer": ("balancer", "cluster"),
}
"""The components whose findings an edit in a section overtakes (the pool's limit depends on the nodes, and so on)."""


class Record:
    """Findings by component. Those of the rules (`plan`) are made anew at every edit, so they are never stale."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._findings: dict[str, dict[tuple[str, str, str], Finding]] = {}
        self._stale: set[str] = set()
        self._edits: Counter[str] = Counter()
        self.checked = False
        """Whether everything was checked in one run that was not cancelled."""

    def edited(self, section: str) -> None:
        """Mark as stale what an edit in `section` overtakes."""
        for component in TOUCHES.get(section, ()):
            self._edits[component] += 1
            if self._findings.get(component):
                self._stale.add(component)

    def begin(self, components: Iterable[str]) -> Mapping[str, int]:
        """Forget the findings of `components`; gives a mark to hand to `add`, so that later edits are noticed."""
        for component in components:
            self._findings.pop(component, None)
            self._stale.discard(component)
        return Counter(self._edits)

    def add(self, findings: Iterable[Finding], mark: Mapping[str, int]) -> None:
        """Take findings of a run that began at `mark`; they are stale from the start if an edit came since."""
        for finding in findings:
            component = finding.component
            self._findings.setdefault(component, {})[_key(finding)] = finding
            if component != "plan" and self._edits[component] != mark.get(component, 0):
                self._stale.add(component)

    def judge(self, findings: Iterable[Finding]) -> None:
        """Replace the findings of the rules."""
        self._findings["plan"] = {_key(finding): finding for finding in findings}

    def of(self, component: str) -> tuple[Finding, ...]:
        """Give the findings of one component, in the order they came."""
        return tuple(self._findings.get(component, {}).values())

    @property
    def all(self) -> tuple[Finding, ...]:
        """All findings, component by component."""
        return tuple(finding for component in COMPONENTS for finding in self.of(component))

    def stale(self, finding: Finding) -> bool:
        """Whether an edit has overtaken this finding."""
        return finding.component in self._stale

    @property
    def any_stale(self) -> bool:
        """Whether an edit has overtaken anything."""
        return bool(self._stale)


def _key(finding: Finding) -> tuple[str, str, str]:
    """Two rules' findings of one id and subject can speak of different settings."""
    return finding.id, finding.subject, str(finding.facts.get("setting", "")) if finding.component == "plan" else ""
