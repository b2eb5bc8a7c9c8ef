"""What waiting can mend, and what stays as it is however often it is looked at. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable

from wizard.dataclass import dataclass
from wizard.guide.findings_store import of_rules
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.i18n import sentences, tr, trn

_MAY_COME = frozenset({ErrorKind.DNS, ErrorKind.REFUSED, ErrorKind.TIMEOUT, ErrorKind.TLS, ErrorKind.CREDENTIALS})
"""Why something is unknown that may be known once the other side is there, or is put in order."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whether there is anything to wait for, and how many checks are unknown."""

    goes_on: bool
    unknown: int = 0

    def over(self, name: str) -> str:
        """Say that nothing of the cluster `name` fails any more, and what stays unknown once there is no waiting."""
        words = tr("{name}: nothing fails any more.", name=name)
        if not self.unknown:
            return words
        rest = trn(
            "1 check stays unknown however often it is looked at.",
            "{count} checks stay unknown however often they are looked at.",
            self.unknown,
        )
        return sentences(words, rest)


def waiting(findings: Iterable[Finding]) -> Waiting:
    """Return what a run has left to wait for; the rules' findings and those accepted are nobody's to wait for."""
    found = [item for item in findings if not item.accepted and not of_rules(item)]
    unknown = [item for item in found if item.severity is Severity.UNKNOWN]
    fails = any(item.severity is Severity.FAIL for item in found)
    return Waiting(fails or any(item.error in _MAY_COME for item in unknown), len(unknown))
