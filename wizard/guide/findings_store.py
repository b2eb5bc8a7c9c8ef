"""What is known of the cluster: the findings so far, and which of them no longer count as they are. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from wizard.checks.registry import MODULES, asks_nobody, component, names
from wizard.guide.entered import Entered, among, differences
from wizard.plan.finding import Finding, component_of
from wizard.plan.plan import Plan

T = TypeVar("T")

RULES = "rules"
"""Where the findings are kept that need no run: those of components that ask nobody."""

BUNDLE = "bundle"
"""Where the findings about an opened bundle's files are kept: by their id the rules', yet only a run finds them."""


def of_rules(finding: Finding) -> bool:
    """Whether a finding is one of the rules', which need no run."""
    return _kept_under(finding) == RULES


def _kept_under(finding: Finding) -> str:
    return _kept_by(finding.id)


@cache
def _kept_by(identifier: str) -> str:
    """Return where the findings of an id are kept: each picture of a run asks that hundreds of times."""
    name = component_of(identifier)
    if not asks_nobody(name):
        return name
    spec = component(name).spec(identifier)
    return BUNDLE if spec and spec.step == "export" else RULES


class FindingsStore:
    """Findings by component. Those of the rules are made anew at every edit, so they are never stale.

    A finding of a run is stale when something that its check rests on is no longer as it was entered then, and while a
    newer run has not told of it yet.
    """

    def __init__(self, mark: Callable[[Plan, Finding], Finding] | None = None) -> None:
        """Know nothing yet; `mark` marks the findings that a plan accepts, else each stays as it was told."""
        self._mark = mark
        self._findings: dict[str, dict[tuple[str, str, str], Finding]] = {}
        self._stale: set[str] = set()
        self._awaited: dict[str, set[tuple[str, str, str]]] = {}
        """What a run found, by component, that the run under way has not told of yet."""
        self._now = Entered(Plan(), {})
        self._asked: dict[str, Entered] = {}
        """What was entered when a run last asked for it, by component."""
        self._differences: dict[int, tuple[str, ...]] = {}
        """What differs now from what a run was asked with, by that one's identity."""
        self._touched: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._order: dict[str, Callable[[Finding], Any]] = {}
        self._sorted: dict[str, tuple[Finding, ...]] = {}
        self._made: dict[Callable[..., Any], tuple[Plan, Any]] = {}
        self.checked = False
        """Whether everything was checked in one run that was not cancelled."""

    def now(self, entered: Entered) -> None:
        """Learn what is entered from now on: what rests on what was changed is stale, until it is changed back."""
        if entered.plan.accepted != self._now.plan.accepted:
            self._sorted.clear()
        self._now = entered
        self._forget_edits()

    def mark_again(self) -> None:
        """Look anew which findings the plan accepts: the day is another one."""
        self._sorted.clear()
        self._made.clear()

    def overtake_bundle(self) -> None:
        """Mark as stale what was said of the bundle's files: it was written anew, or another took its place."""
        if self._findings.get(BUNDLE):
            self._stale.add(BUNDLE)
        self._changed()

    def begin(self, asked: Iterable[str]) -> None:
        """Await new findings of these components, about what is entered now.

        What was found before stays, as stale, until the new one takes its place or `finish` is called.
        """
        for name in asked:
            kept = BUNDLE if asks_nobody(name) else name
            self._awaited[kept] = set(self._findings.get(kept, ()))
            self._stale.discard(kept)
            self._asked[kept] = self._now
        self._changed()

    def finish(self, *, ran: bool = True) -> None:
        """End a run: what it told nothing of is gone; what it could tell nothing of, as it never `ran`, is stale."""
        for kept, keys in self._awaited.items():
            if ran:
                for key in keys:
                    self._findings[kept].pop(key, None)
            elif keys:
                self._stale.add(kept)
        self._awaited.clear()
        self._changed()

    def arrange(self, asked: Iterable[str], order: Callable[[Finding], Any]) -> None:
        """Sort the findings of these components by the key `order` from now on, however their checks end."""
        self._order |= dict.fromkeys((RULES if asks_nobody(name) else name for name in asked), order)
        self._changed()

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings of the run that began last; they are stale from the start if an edit that matters came since.

        Those of the rules are left out: `judge` brings them, of the plan as it is now.
        """
        for finding in findings:
            kept, key = _kept_under(finding), _key(finding)
            if kept == RULES:
                continue
            self._findings.setdefault(kept, {})[key] = finding
            self._asked.setdefault(kept, self._now)
            self._awaited.get(kept, set()).discard(key)
            self._sorted.pop(kept, None)
        self._made.clear()

    def tell_again(self, told: Mapping[tuple[str, str], Finding]) -> int:
        """Put other words in the place of what runs said, by ids and subjects; return of how many there are none."""
        untold = 0
        for kept, findings in self._findings.items():
            if kept == RULES:
                continue
            for key, then in findings.items():
                now = told.get((then.id, then.subject))
                untold += now is None
                findings[key] = now or then
        self._changed()
        return untold

    def judge(self, findings: Iterable[Finding]) -> None:
        """Replace the findings of the rules."""
        self._findings[RULES] = {_key(finding): finding for finding in findings}
        self._sorted.pop(RULES, None)
        self._made.clear()

    def of(self, name: str) -> tuple[Finding, ...]:
        """Return the findings of one component, in the order they came if no other was given."""
        if name not in self._sorted:
            order = self._order.get(name)
            found = [self.marked(finding) for finding in self._findings.get(name, {}).values()]
            self._sorted[name] = tuple(sorted(found, key=order)) if order else tuple(found)
        return self._sorted[name]

    @property
    def rules(self) -> tuple[Finding, ...]:
        """The findings of the rules."""
        return self.of(RULES)

    def marked(self, finding: Finding) -> Finding:
        """Return a finding, marked as accepted where the plan as it is now accepts it."""
        if self._mark is None:
            return finding
        return self._mark(self._now.plan, replace(finding, accepted=None) if finding.accepted else finding)

    @property
    def all(self) -> tuple[Finding, ...]:
        """All findings, component by component."""
        return tuple(finding for kept in _kept() for finding in self.of(kept))

    def stale(self, finding: Finding) -> bool:
        """Whether an edit has overtaken this finding, or the run under way has not told of it yet."""
        return _kept_under(finding) in self._stale or self.awaits(finding) or bool(self.touched(finding))

    def touched(self, finding: Finding) -> tuple[str, ...]:
        """Return the keys of what a finding rests on that is not as it was when its check was asked."""
        kept, key = _kept_under(finding), (finding.component, *_key(finding)[:2])
        if kept not in self._asked:
            return ()
        if key not in self._touched:
            changed = self._differences_from(self._asked[kept])
            self._touched[key] = among(changed, self._rests_on(kept, finding)) if changed else ()
        return self._touched[key]

    def edited_since(self, found: Iterable[Finding]) -> tuple[str, ...]:
        """Return the keys of the edits that have overtaken findings, each once; nothing where these are not known."""
        overtaken = [item for item in found if self.stale(item) and not self.awaits(item)]
        return tuple(dict.fromkeys(key for item in overtaken for key in self.touched(item)))

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self._now.plan

    def _differences_from(self, then: Entered) -> tuple[str, ...]:
        if id(then) not in self._differences:
            self._differences[id(then)] = differences(then, self._now)
        return self._differences[id(then)]

    def _rests_on(self, kept: str, finding: Finding) -> tuple[str, ...]:
        if kept == BUNDLE or finding.component not in MODULES:
            return self._differences_from(self._asked[kept])  # on all of it
        return component(finding.component).rests_on(self._now.plan, finding)

    def awaits(self, finding: Finding) -> bool:
        """Whether the run under way will tell of this finding anew."""
        return _key(finding) in self._awaited.get(_kept_under(finding), ())

    @property
    def any_stale(self) -> bool:
        """Whether an edit has overtaken anything."""
        return any(self.stale(item) for kept in self._asked for item in self.of(kept))

    def once(self, plan: Plan, make: Callable[[Plan, FindingsStore], T]) -> T:
        """Return what `make` gives of `plan` and these findings; it is not asked again until one of them changes."""
        known = self._made.get(make)
        if known is None or known[0] is not plan:
            known = self._made[make] = plan, make(plan, self)
        made: T = known[1]
        return made

    def _changed(self) -> None:
        self._sorted.clear()
        self._forget_edits()

    def _forget_edits(self) -> None:
        """Let go of what was made of the findings and of what was entered."""
        self._made.clear()
        self._differences.clear()
        self._touched.clear()


def _kept() -> tuple[str, ...]:
    return (RULES, BUNDLE, *(name for name in names() if not asks_nobody(name)))


def _key(finding: Finding) -> tuple[str, str, str]:
    """Two rules' findings of one id and subject can speak of different settings."""
    return finding.id, finding.subject, str(finding.facts.get("setting", ""))
