"""A rule: what it judges, and the settings that its findings rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wizard.checks.shared.unread import unread_of
from wizard.dataclass import dataclass
from wizard.plan.finding import Finding
from wizard.plan.plan import Plan
from wizard.plan.secret import Secrets


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on a plan. A test compares what it declares with what it really reads.

    `reads` are the keys of the settings that it looks at, or gives them for a plan; `*` stands for the number of a node
    (`nodes.*.host`). What rests on one that could not be read, or that the source does not say, is unknown. None: it
    goes through all settings, and speaks of those alone that could be read.
    """

    judge: Callable[[Plan, Secrets], Finding | Iterable[Finding]]
    reads: tuple[str, ...] | Callable[[Plan], tuple[str, ...]] | None

    def findings(self, plan: Plan, secrets: Secrets) -> list[Finding]:
        """Return what the rule finds; `secrets` are the values at hand."""
        found = self.judge(plan, secrets)
        return [found] if isinstance(found, Finding) else list(found)

    def declared(self, plan: Plan) -> tuple[str, ...]:
        """Return the keys of the settings that the rule looks at in a plan."""
        return self.reads(plan) if callable(self.reads) else self.reads or ()

    def unread(self, plan: Plan) -> list[str]:
        """Return those of the keys that could not be read, or are unsaid, in their order."""
        return unread_of(plan, self.declared(plan))
