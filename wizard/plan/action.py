"""An action: what a person should do next about one cause, and all findings that it clears."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from wizard.dataclass import dataclass
from wizard.plan.finding import Severity
from wizard.plan.i18n import mark
from wizard.plan.place import Place
from wizard.plan.remedy import Remedy


class Area(StrEnum):
    """What is at stake, the most urgent first: that the cluster runs, its data, its speed, or nothing at once."""

    START = "start"
    DATA = "data"
    SPEED = "speed"
    ADVICE = "advice"


MOST_URGENT_FIRST = tuple(Area)
EFFECTS = {
    Area.START: mark("The cluster does not start with it, or does not serve everybody."),
    Area.DATA: mark("Data can get lost, or into wrong hands."),
    Area.SPEED: mark("The cluster answers more slowly."),
    Area.ADVICE: mark("The cluster runs, and can be made safer."),
}
"""What follows, where a check does not say it more closely; marked for translation."""


@dataclass(frozen=True, slots=True)
class Impact:
    """How grave it is, what is at stake, and what follows in one sentence (empty: nobody knows)."""

    severity: Severity
    area: Area
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the impact as the contract's JSON object."""
        return {"severity": self.severity.value, "area": self.area.value, "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One cause and its remedy.

    `id` is that of the finding that names the cause, with its subject where it has one. `title` is a sentence, `doc`
    the page to read, `step` the page of the window where it is done. `clears` are the ids and subjects of all findings
    that go with the cause, `places` where the values stand that are to blame.
    """

    id: str
    title: str
    impact: Impact
    remedy: Remedy | None
    doc: str
    step: str
    clears: tuple[tuple[str, str], ...]
    places: tuple[Place, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the action as the contract's JSON object."""
        remedy = None
        if self.remedy:
            remedy = {"kind": self.remedy.kind.value, "text": self.remedy.text}
            if self.remedy.value:
                remedy |= self.remedy.value.as_json()
        return {
            "id": self.id,
            "title": self.title,
            "impact": self.impact.as_json(),
            "remedy": remedy,
            "doc": self.doc,
            "step": self.step,
            **({"places": [place.as_json() for place in self.places]} if self.places else {}),
            "clears": [{"id": identifier, "subject": subject} for identifier, subject in self.clears],
        }
