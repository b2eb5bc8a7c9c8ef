"""A check: a probe with its judges, under stable ids; and the findings that every component words alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY
from typing import Any, Generic, TypeVar

from wizard.dataclass import dataclass
from wizard.engine.facts import Known, Pending, Trouble
from wizard.engine.limits import DEADLINE
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import listing, tr
from wizard.plan.plan import Plan
from wizard.plan.remedy import advice
from wizard.plan.secret import Secret, SecretRef, Secrets
from wizard.plan.secret_hints import how_to_give
from wizard.plan.spec import Spec

F = TypeVar("F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[F]):
    """One subject looked at once.

    `specs` are all the ids its judge may give, the gate (usually `….connect`) first. `facts` makes an empty set of
    facts, `probe` fills it (all I/O is there; it may be abandoned at any time), `judge` is pure. `drivers` are modules
    that the probe imports: they are loaded before its clock starts. Several checks of one subject that have facts tell
    them apart by a `part` each.
    """

    component: str
    subject: str = ""
    part: str = ""
    specs: tuple[Spec, ...]
    facts: Callable[[], F]
    probe: Callable[[F], None]
    judge: Callable[[F], Iterable[Finding]]
    deadline: float = DEADLINE
    drivers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What progress calls it: `redis cache`, `database`."""
        return f"{self.component} {self.subject}".strip()

    @property
    def place(self) -> tuple[str, str]:
        """Where its facts stand among those of a run."""
        return self.component, f"{self.subject} {self.part}".strip()


AllFacts = Mapping[tuple[str, str], Any]
"""The facts of a run by the places of its checks, as far as their probes ended: by component and subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """What no single subject shows: a judge over the facts of the whole run, after the last probe.

    `needs` are the components whose facts it compares: they are asked also where no id of their own is wanted.
    """

    component: str
    specs: tuple[Spec, ...]
    judge: Callable[[AllFacts], Iterable[Finding]]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nothing:
    """No facts: for checks that ask nobody."""


def settled(component: str, subject: str, specs: tuple[Spec, ...], findings: Iterable[Finding]) -> Check[Nothing]:
    """Return a check whose findings are known without asking anybody (a rule, a setting that is missing)."""
    given = tuple(findings)
    return Check(
        component=component,
        subject=subject,
        specs=specs,
        facts=Nothing,
        probe=lambda _facts: None,
        judge=lambda _facts: given,
    )


def obstructed(
    spec: Spec, fact: Trouble | Pending, gate: Spec, *, what: str, subject: str = "", **more: Any
) -> Finding:
    """Word what is not known: trouble fails `spec`, and what was never reached is skipped, naming `gate`.

    `what` is the sentence for the trouble, such as "Redis at host:6379 does not answer". Trouble of this machine itself
    is `unknown`.
    """
    if isinstance(fact, Trouble) and fact.ours:
        return ours(spec, fact, subject)
    if isinstance(fact, Trouble):
        detail = more.pop("detail", "") or fact.message
        return spec.fail(what, fact.kind, detail=detail, subject=subject, elapsed_ms=fact.elapsed_ms, **more)
    return stopped_by(gate, spec, subject)


def stopped_by(gate: Spec, spec: Spec, subject: str = "") -> Finding:
    """Say that `spec` was not looked at, because `gate` did not pass."""
    words = tr("Not looked at, because {gate} did not pass.", gate=gate.id)
    return spec.skip(words, subject=subject, because=(gate.id,))


def ours(spec: Spec, trouble: Trouble, subject: str = "") -> Finding:
    """Say that this machine keeps it from being found out; `trouble` names the variable that is to blame, if any."""
    correct = tr("Correct {name} in the environment of this program, or take it out.", name=trouble.about)
    remedy = advice(correct) if trouble.about else None
    return spec.unknown(
        tr("Could not be found out from this machine: {said}.", said=trouble.message),
        error=trouble.kind,
        subject=subject,
        remedy=remedy,
        elapsed_ms=trouble.elapsed_ms,
    )


def skip_rest(specs: Iterable[Spec], gate: Spec, subject: str = "") -> list[Finding]:
    """Skip each of `specs`, naming the gate that stopped them."""
    return [stopped_by(gate, spec, subject) for spec in specs if spec is not gate]


def told_by(ids: Iterable[str]) -> str:
    """Name the ids whose findings say why a comparison lacks something; nothing where there is none."""
    listed = listing(sorted(set(ids)))
    return tr("The reason stands under {ids}.", ids=listed) if listed else ""


@dataclass(frozen=True, slots=True)
class Prerequisites:
    """What a component needs from the plan before it can be asked anything; see `missing`.

    `settings` must be given, `readable` may be empty or have a default: none of them stands in for what was not read.
    """

    plan: Plan
    secrets: Secrets
    _: KW_ONLY
    settings: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    secret_keys: tuple[str, ...] = ()

    def missing(self, component: str, subject: str, specs: tuple[Spec, ...]) -> Check[Nothing] | None:
        """Return the check that says what is missing (a setting: skip; a secret not at hand: unknown), or None."""
        gate = specs[0]
        for key in (*self.settings, *self.readable):
            if self.plan.problem(key) or (key in self.settings and self.plan.get(key) in {"", None}):
                reason = tr("Not tested: the plan has no valid “{label}” ({key}).", label=self._label(key), key=key)
                return self._stopped(component, subject, specs, gate.skip(reason, subject=subject, because=(key,)))
        for key in self.secret_keys:
            if self.plan.get(key) and secret_at(self.plan, self.secrets, key) is None:
                finding = gate.unknown(
                    tr("Not tested: the secret “{label}” ({key}) is not at hand.", label=self._label(key), key=key),
                    subject=subject,
                    detail=tr("The plan refers to it, but neither the secret store nor the environment gave a value."),
                    remedy=how_to_give(self.plan, key),
                    error=ErrorKind.MISSING,
                    lacks=key,
                )
                return self._stopped(component, subject, specs, finding)
        return None

    def _label(self, key: str) -> str:
        return tr(self.plan.setting(key).label)

    @staticmethod
    def _stopped(component: str, subject: str, specs: tuple[Spec, ...], first: Finding) -> Check[Nothing]:
        return settled(component, subject, specs, [first, *skip_rest(specs, specs[0], subject)])


def secret_at(plan: Plan, secrets: Secrets, key: str) -> Secret | None:
    """Return the value of the secret setting `key`, or None if the plan has none or it is not at hand."""
    ref = plan.get(key)
    return secrets.get(ref.name) if isinstance(ref, SecretRef) else None


def value_of(fact: Any) -> Any:
    """Return the value of a known fact, else None; for details that may be left out."""
    return fact.value if isinstance(fact, Known) else None
