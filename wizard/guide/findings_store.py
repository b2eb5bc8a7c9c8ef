"""What is known of the cluster: the findings so far, and which of them no longer count as they are. Knows no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from wizard.checks.registry import component, components, names
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan

T = TypeVar("T")

BUNDLE = "bundle"
"""Where the findings about an opened bundle's files are kept: by their id the plan's, yet only a run finds them."""


def of_rules(finding: Finding) -> bool:
    """Whether a finding is one of the rules', which need no run."""
    return _kept_under(finding) == "plan"


def _kept_under(finding: Finding) -> str:
    of = finding.component
    return BUNDLE if of == "plan" and _is_of_bundle(finding.id) else of


@cache
def _is_of_bundle(identifier: str) -> bool:
    spec = component("plan").spec(identifier)
    return bool(spec and spec.step == "export")


class FindingsStore:
    """Findings by component. Those of the rules (`plan`) are made anew at every edit, so they are never stale.

    A finding of a run is stale when an edit has overtaken it, and while a newer run has not told of it yet.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._findings: dict[str, dict[tuple[str, str, str], Finding]] = {}
        self._stale: set[str] = set()
        self._awaited: dict[str, set[tuple[str, str, str]]] = {}
        """What a run found, by component, that the run under way has not told of yet."""
        self._edits: Counter[str] = Counter()
        self._touched: dict[str, dict[str, None]] = {}
        """The settings edited since the last test, by component."""
        self._order: dict[str, Callable[[Finding], Any]] = {}
        self._sorted: dict[str, tuple[Finding, ...]] = {}
        self._made: dict[Callable[..., Any], tuple[Plan, Any]] = {}
        self.checked = False
        """Whether everything was checked in one run that was not cancelled."""

    def edited(self, section: str, key: str = "") -> None:
        """Mark as stale what an edit in `section` overtakes: always what was said of the opened bundle.

        `key` is the setting that was edited; empty if it was many, or nobody knows.
        """
        overtaken = [one.name for one in components() if section in one.overtaken_by]
        for kept in (*overtaken, BUNDLE):
            self._edits[kept] += 1
            self._touched.setdefault(kept, {})[key] = None
            if self._findings.get(kept):
                self._stale.add(kept)
        self._made.clear()

    def overtake_bundle(self) -> None:
        """Mark as stale what was said of the bundle's files: it was written anew, or another took its place."""
        self.edited("")

    def begin(self, asked: Iterable[str]) -> Mapping[str, int]:
        """Await new findings of these components; return a mark to hand to `add`, so that later edits are noticed.

        What was found before stays, as stale, until the new one takes its place or `finish` is called.
        """
        for name in asked:
            kept = BUNDLE if name == "plan" else name
            self._awaited[kept] = set(self._findings.get(kept, ()))
            self._stale.discard(kept)
            self._touched.pop(kept, None)
        self._made.clear()
        return Counter(self._edits)

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
        self._order |= dict.fromkeys(asked, order)
        self._changed()

    def add(self, findings: Iterable[Finding], mark: Mapping[str, int]) -> None:
        """Take findings of a run that began at `mark`; they are stale from the start if an edit came since.

        Those of the rules are left out: `judge` brings them, of the plan as it is now.
        """
        for finding in findings:
            kept, key = _kept_under(finding), _key(finding)
            if kept == "plan":
                continue
            self._findings.setdefault(kept, {})[key] = finding
            self._awaited.get(kept, set()).discard(key)
            if self._edits[kept] != mark.get(kept, 0):
                self._stale.add(kept)
            self._sorted.pop(kept, None)
        self._made.clear()

    def tell_again(self, told: Mapping[tuple[str, str], Finding]) -> int:
        """Put other words in the place of what runs said, by ids and subjects; return of how many there are none."""
        untold = 0
        for kept, findings in self._findings.items():
            if kept == "plan":
                continue
            for key, then in findings.items():
                now = told.get((then.id, then.subject))
                untold += now is None
                findings[key] = now or then
        self._changed()
        return untold

    def judge(self, findings: Iterable[Finding]) -> None:
        """Replace the findings of the rules."""
        self._findings["plan"] = {_key(finding): finding for finding in findings}
        self._sorted.pop("plan", None)
        self._made.clear()

    def of(self, name: str) -> tuple[Finding, ...]:
        """Return the findings of one component, in the order they came if no other was given."""
        if name not in self._sorted:
            found, order = self._findings.get(name, {}).values(), self._order.get(name)
            self._sorted[name] = tuple(sorted(found, key=order)) if order else tuple(found)
        return self._sorted[name]

    @property
    def all(self) -> tuple[Finding, ...]:
        """All findings, component by component."""
        return tuple(finding for kept in _kept() for finding in self.of(kept))

    def stale(self, finding: Finding) -> bool:
        """Whether an edit has overtaken this finding, or the run under way has not told of it yet."""
        return _kept_under(finding) in self._stale or self.awaits(finding)

    def touched(self, finding: Finding) -> tuple[str, ...]:
        """Return the settings whose edits have overtaken a finding; an empty key among them stands for many."""
        return tuple(self._touched.get(_kept_under(finding), ()))

    def awaits(self, finding: Finding) -> bool:
        """Whether the run under way will tell of this finding anew."""
        return _key(finding) in self._awaited.get(_kept_under(finding), ())

    @property
    def any_stale(self) -> bool:
        """Whether an edit has overtaken anything."""
        return bool(self._stale)

    def once(self, plan: Plan, make: Callable[[Plan, FindingsStore], T]) -> T:
        """Return what `make` gives of `plan` and these findings; it is not asked again until one of them changes."""
        known = self._made.get(make)
        if known is None or known[0] is not plan:
            known = self._made[make] = plan, make(plan, self)
        made: T = known[1]
        return made

    def _changed(self) -> None:
        self._sorted.clear()
        self._made.clear()


def _kept() -> tuple[str, ...]:
    first, *others = names()
    return first, BUNDLE, *others


def _key(finding: Finding) -> tuple[str, str, str]:
    """Two rules' findings of one id and subject can speak of different settings."""
    return finding.id, finding.subject, str(finding.facts.get("setting", "")) if finding.component == "plan" else ""
