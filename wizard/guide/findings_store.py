"""What is known of the cluster: the findings so far, and which of them an edit has overtaken. Knows no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wizard.checks.registry import components, names, spec_of
from wizard.plan.finding import Finding

BUNDLE = "bundle"
"""Where the findings about an opened bundle's files are kept: by their id the plan's, yet only a run finds them."""


def of_rules(finding: Finding) -> bool:
    """Whether a finding is one of the rules', which need no run."""
    return _kept_under(finding) == "plan"


def of_bundle(finding: Finding) -> bool:
    """Whether a finding is about the files of the bundle that was opened."""
    return _kept_under(finding) == BUNDLE


def _kept_under(finding: Finding) -> str:
    spec = spec_of(finding) if finding.component == "plan" else None
    return BUNDLE if spec and spec.step == "export" else finding.component


class FindingsStore:
    """Findings by component. Those of the rules (`plan`) are made anew at every edit, so they are never stale."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._findings: dict[str, dict[tuple[str, str, str], Finding]] = {}
        self._stale: set[str] = set()
        self._edits: Counter[str] = Counter()
        self._order: dict[str, Callable[[Finding], Any]] = {}
        self.checked = False
        """Whether everything was checked in one run that was not cancelled."""

    def edited(self, section: str) -> None:
        """Mark as stale what an edit in `section` overtakes: always what was said of the opened bundle."""
        overtaken = [component.name for component in components() if section in component.overtaken_by]
        for component in (*overtaken, BUNDLE):
            self._edits[component] += 1
            if self._findings.get(component):
                self._stale.add(component)

    def overtake_bundle(self) -> None:
        """Mark as stale what was said of the bundle's files: it was written anew, or another took its place."""
        self.edited("")

    def begin(self, components: Iterable[str]) -> Mapping[str, int]:
        """Forget what runs found of `components`; return a mark to hand to `add`, so that later edits are noticed."""
        for component in components:
            kept = BUNDLE if component == "plan" else component
            self._findings.pop(kept, None)
            self._stale.discard(kept)
        return Counter(self._edits)

    def arrange(self, components: Iterable[str], order: Callable[[Finding], Any]) -> None:
        """Return the findings of `components` sorted by the key `order` from now on, however their checks end."""
        self._order |= dict.fromkeys(components, order)

    def add(self, findings: Iterable[Finding], mark: Mapping[str, int]) -> None:
        """Take findings of a run that began at `mark`; they are stale from the start if an edit came since.

        Those of the rules are left out: `judge` brings them, of the plan as it is now.
        """
        for finding in findings:
            component = _kept_under(finding)
            if component == "plan":
                continue
            self._findings.setdefault(component, {})[_key(finding)] = finding
            if self._edits[component] != mark.get(component, 0):
                self._stale.add(component)

    def judge(self, findings: Iterable[Finding]) -> None:
        """Replace the findings of the rules."""
        self._findings["plan"] = {_key(finding): finding for finding in findings}

    def of(self, component: str) -> tuple[Finding, ...]:
        """Return the findings of one component, in the order they came if no other was given."""
        found = self._findings.get(component, {}).values()
        return tuple(sorted(found, key=self._order[component])) if component in self._order else tuple(found)

    @property
    def all(self) -> tuple[Finding, ...]:
        """All findings, component by component."""
        return tuple(finding for component in _kept() for finding in self.of(component))

    def stale(self, finding: Finding) -> bool:
        """Whether an edit has overtaken this finding."""
        return _kept_under(finding) in self._stale

    @property
    def any_stale(self) -> bool:
        """Whether an edit has overtaken anything."""
        return bool(self._stale)


def _kept() -> tuple[str, ...]:
    first, *others = names()
    return first, BUNDLE, *others


def _key(finding: Finding) -> tuple[str, str, str]:
    """Two rules' findings of one id and subject can speak of different settings."""
    return finding.id, finding.subject, str(finding.facts.get("setting", "")) if finding.component == "plan" else ""
