"""What to do about a finding: advice to read, commands or lines to paste, or a value for a setting of the plan.

The kind is declared where a remedy is made, never guessed from its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wizard.dataclass import dataclass


class RemedyKind(StrEnum):
    """What a face does with a remedy: show the sentences, offer the lines for pasting, or offer the value."""

    ADVICE = "advice"
    COMMANDS = "commands"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class PlanValue:
    """A value for a setting of the plan: the setting's key, and the value as a cluster file holds it."""

    setting: str
    value: str | int | bool

    def as_json(self) -> Mapping[str, Any]:
        """Return the value as the contract's JSON object."""
        return {"setting": self.setting, "value": self.value}


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, as text of a declared kind; `value` is there for the kind VALUE alone."""

    kind: RemedyKind
    text: str
    value: PlanValue | None = None

    def __bool__(self) -> bool:
        return bool(self.text)


def advice(text: str) -> Remedy:
    """Return one or more whole sentences, already translated, for people to read."""
    return Remedy(RemedyKind.ADVICE, text)


def commands(*lines: str | Remedy) -> Remedy:
    """Return lines to be pasted: commands, statements, or lines of a file; those of other remedies among them."""
    return Remedy(RemedyKind.COMMANDS, "\n".join(line.text if isinstance(line, Remedy) else line for line in lines))


def steps(words: str, *lines: str, comment: str = "#") -> Remedy:
    """Return `words` as a comment of its own, and below it the lines to paste; `comment` is `--` where they are SQL.

    The words are for people and already translated; none of their lines gets out of the comment.
    """
    return commands(*(f"{comment} {line}" for line in words.splitlines()), *lines)


def plan_value(setting: str, value: str | int | bool, text: str) -> Remedy:  # noqa: FBT001 - the value of a yes-or-no setting
    """Return a value for `setting`; `text` says it to who has no window: the line of an env file, or a sentence."""
    return Remedy(RemedyKind.VALUE, text, PlanValue(setting, value))
