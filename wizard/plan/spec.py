"""The declaration of a stable check id: what it means, where the rule comes from, and how its findings are made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan import docs
from wizard.plan.action import Area
from wizard.plan.finding import ASKING, ErrorKind, Finding, Severity
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, advice

PASS, INFO, WARN, FAIL = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL
_ALWAYS = frozenset({Severity.SKIP, Severity.UNKNOWN})
"""What every id can give: what it depends on may be broken, and a run may end before an answer."""
"""What asks something of an admin, and so never goes without a remedy."""


IDENTITY = (
    "setting", "host", "port", "url", "path", "found", "packages", "package", "lacking", "refused", "version", "owner",
    "variables", "instead_of", "adapter", "fingerprint", "status", "step", "origin",
)  # fmt: skip
"""Facts that make a finding the same one again, where it has them: what it is about, and never a measured number."""


class Stage(StrEnum):
    """When a check can be asked: `START` already before the first node is started, `RUN` of a running cluster alone."""

    START = "start"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Spec:
    """One stable id (`component.check`), as docs/checks.md lists it.

    `doc` is the page of NocoBase's that it is about; `source` says where the rule comes from: a page, a file of
    NocoBase's repository, or a section of docs/nocobase.md. `severities` are those it can give beside skip and unknown;
    another one is refused. `remedy` is advice in general, where a finding has no remedy that is closer. `means` and
    `remedy` are marked for translation.

    `gate`: nothing else of its component can be asked where it did not pass. `step` is the page of the window where its
    findings are mended, where that is not its component's. `identity` names the facts by which a finding is the same
    one again. `absent` says in two or three words what is missing where its error is that; `empty_field`: then a field
    was left empty, of which `note` is said below the field.

    `vital`: what rests on its component cannot work where it failed. `rests_on` are the components that this one rests
    on: where one of them failed so, this failure comes of it, unless another subject shows that it works.

    `area` is what is at stake where it fails, `effect` what follows then. `evidence` says what is looked at, `symptom`
    what people see first where it is broken. All these words are marked for translation.

    `timed`: its warning is of a measured time, which says nothing of the other side where this machine was busy.
    `speaks_for_all`: where several of its findings have one cause, the first says what holds of the others, too.
    """

    id: str
    means: str
    doc: str = ""
    source: str = ""
    severities: tuple[Severity, ...] = (PASS, INFO, WARN, FAIL)
    remedy: str = ""
    stage: Stage = Stage.START
    gate: bool = False
    step: str = ""
    identity: tuple[str, ...] = IDENTITY
    absent: str = ""
    empty_field: bool = False
    note: str = ""
    area: Area | None = None
    effect: str = ""
    evidence: str = ""
    symptom: str = ""
    vital: bool = False
    rests_on: tuple[str, ...] = ()
    timed: bool = False
    speaks_for_all: bool = False

    @property
    def component(self) -> str:
        """The part of the cluster it is about: the first half of its id."""
        return self.id.partition(".")[0]

    @property
    def entry(self) -> str:
        """The place of its own entry in the page of all checks."""
        return f"{docs.CHECKS}#{self.id}"

    def passed(self, summary: str, **more: Any) -> Finding:
        """Say that it is as it should be; `summary` names the thing and the value found."""
        return self.finding(Severity.PASS, summary, more)

    def info(self, summary: str, *, remedy: Remedy | None = None, **more: Any) -> Finding:
        """Say something worth knowing that asks for nothing."""
        return self.finding(Severity.INFO, summary, {"remedy": remedy, **more})

    def warn(self, summary: str, *, remedy: Remedy | None = None, **more: Any) -> Finding:
        """Say what NocoBase lives without but recommends."""
        return self.finding(Severity.WARN, summary, {"remedy": remedy, **more})

    def fail(
        self, summary: str, error: ErrorKind = ErrorKind.OTHER, *, remedy: Remedy | None = None, **more: Any
    ) -> Finding:
        """Say what makes a cluster fail or lose data."""
        return self.finding(Severity.FAIL, summary, {"error": error, "remedy": remedy, **more})

    def skip(self, reason: str, *, remedy: Remedy | None = None, **more: Any) -> Finding:
        """Say that it was not looked at, and why."""
        return self.finding(Severity.SKIP, reason, {"remedy": remedy, **more})

    def unknown(self, reason: str, *, remedy: Remedy | None = None, **more: Any) -> Finding:
        """Say that it could not be found out, and why; never a pass."""
        return self.finding(Severity.UNKNOWN, reason, {"remedy": remedy, **more})

    def finding(self, severity: Severity, summary: str, more: Mapping[str, Any]) -> Finding:
        """Say something of a severity found elsewhere; `more` are a finding's other parts, its remedy a `Remedy`.

        Raises ValueError where the severity is not declared.
        """
        if severity not in _ALWAYS and severity not in self.severities:
            raise ValueError(f"{self.id} does not declare the severity {severity}")
        parts = {"doc": self.entry, **more}
        remedy: Remedy | None = parts.pop("remedy", None)
        if severity in ASKING and not remedy:
            remedy = advice(tr(self.remedy))
        parts["detail"] = str(parts.get("detail", ""))
        return Finding(id=self.id, severity=severity, summary=str(summary), **parts).with_remedy(remedy)
