"""A finding: what a check or a rule says about one subject. Its JSON form is a fixed contract (`schema: 1`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.place import Place
from wizard.plan.remedy import PlanValue, Remedy, RemedyKind

UNSAID = "unsaid"
"""The fact of a finding that names the settings which its source does not say."""
OUT_OF_TIME = "out_of_time"
"""The fact of a finding that this machine, or the end of the run, left open: no setting is at fault."""


class Severity(StrEnum):
    """How a finding weighs; `UNKNOWN` is "could not be found out" and is never shown as a pass."""

    PASS = "pass"  # noqa: S105 - a severity, not a password
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"


ASKING = frozenset({Severity.WARN, Severity.FAIL})
"""What asks somebody to do something."""
WORST_FIRST = (Severity.FAIL, Severity.UNKNOWN, Severity.WARN, Severity.SKIP, Severity.INFO, Severity.PASS)


def worst(severities: list[Severity]) -> Severity:
    """Return the gravest of `severities`, or PASS of none."""
    return min(severities, key=WORST_FIRST.index, default=Severity.PASS)


class ErrorKind(StrEnum):
    """The closed set of reasons why something did not work."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS = "tls"
    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    MISSING = "missing"
    VERSION = "version"
    PROTOCOL = "protocol"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding is known and wanted, and the last day on which that holds (None: without an end)."""

    reason: str
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the acceptance as the contract's JSON object."""
        return {"reason": self.reason, "until": self.until.isoformat() if self.until else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Acceptance:
        """Read what `as_json` gave; raises KeyError, TypeError or ValueError."""
        until = data["until"]
        return cls(str(data["reason"]), date.fromisoformat(until) if until else None)


def component_of(identifier: str) -> str:
    """Return the component that a check's id is of: its first half."""
    return identifier.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about one subject.

    `id` is `component.check` and stable; `subject` says which one (`cache`, `node1`), empty if there is only one.
    `summary` is one sentence that names the thing and the value; `detail` the evidence; `remedy` is the text of
    what to do, `remedy_kind` what it is (None without a remedy), `remedy_value` the value of the kind VALUE.
    `places` are where the values stand that it concerns, in the files that the plan was read from.
    `because` are what it comes of, or what kept it from being found out: ids of other findings, or keys of settings.
    `lacks` is the key of the secret whose value is not at hand, where that is why. Findings of the same `cause`, a name
    that nobody is shown, are mended together. `effect` is what follows, where that is not what follows of its check's
    other failures.
    `elapsed_ms` is the time of the probe behind it, None for a rule. `accepted`: it is known and wanted, and counts for
    nothing.
    """

    id: str
    severity: Severity
    summary: str
    subject: str = ""
    detail: str = ""
    remedy: str = ""
    remedy_kind: RemedyKind | None = None
    remedy_value: PlanValue | None = None
    doc: str = ""
    error: ErrorKind | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    because: tuple[str, ...] = ()
    lacks: str = ""
    cause: str = ""
    effect: str = ""
    elapsed_ms: int | None = None
    accepted: Acceptance | None = None

    @property
    def component(self) -> str:
        """The part of the cluster it speaks of: the first half of its id."""
        return component_of(self.id)

    def with_remedy(self, remedy: Remedy | None) -> Finding:
        """Return the finding with another remedy, or with none."""
        if not remedy:
            return replace(self, remedy="", remedy_kind=None, remedy_value=None)
        return replace(self, remedy=remedy.text, remedy_kind=remedy.kind, remedy_value=remedy.value)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the contract's JSON object."""
        return {
            "id": self.id,
            "component": self.component,
            "subject": self.subject,
            "severity": self.severity.value,
            "error": self.error.value if self.error else None,
            "summary": self.summary,
            "detail": self.detail,
            "remedy": self.remedy,
            "remedy_kind": self.remedy_kind.value if self.remedy_kind else None,
            "remedy_value": dict(self.remedy_value.as_json()) if self.remedy_value else None,
            "doc": self.doc,
            "facts": dict(self.facts),
            "elapsed_ms": self.elapsed_ms,
            **({"places": [place.as_json() for place in self.places]} if self.places else {}),
            **({"because": list(self.because)} if self.because else {}),
            **({"effect": self.effect} if self.effect else {}),
            **({"accepted": self.accepted.as_json()} if self.accepted else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """Read what `as_json` gave, by this version or an older one; raises KeyError, TypeError or ValueError."""
        value, accepted = data.get("remedy_value"), data.get("accepted")
        return cls(
            id=str(data["id"]),
            severity=Severity(data["severity"]),
            summary=str(data["summary"]),
            subject=str(data["subject"]),
            detail=str(data["detail"]),
            remedy=str(data["remedy"]),
            remedy_kind=RemedyKind(data["remedy_kind"]) if data.get("remedy_kind") else None,
            remedy_value=PlanValue(value["setting"], value["value"]) if value else None,
            doc=str(data["doc"]),
            error=ErrorKind(data["error"]) if data["error"] else None,
            facts=dict(data["facts"]),
            places=tuple(map(Place.from_json, data.get("places", ()))),
            because=tuple(data.get("because", ())),
            effect=str(data.get("effect", "")),
            elapsed_ms=data["elapsed_ms"],
            accepted=Acceptance.from_json(accepted) if accepted else None,
        )
