"""How a bundle that lies there was exported: what an export over it is asked for, until somebody wants it otherwise."""

from __future__ import annotations

from pathlib import Path

from wizard.dataclass import dataclass
from wizard.export import secrets_file
from wizard.formats.files import SecretsMode
from wizard.plan.bundle_names import SEALED
from wizard.storage.bundle_writer import resolved, standing
from wizard.storage.previous_bundle import PreviousBundle


@dataclass(frozen=True, slots=True)
class FormerChoices:
    """How a bundle has its secrets, and the targets that somebody did not want in it."""

    mode: SecretsMode
    unwanted: frozenset[str]


def former_choices(place: Path) -> FormerChoices:
    """Return how the bundle at `place` was exported; raises RefusedError and OSError where it cannot be looked at."""
    former = standing(resolved(place))
    if former is None:
        return FormerChoices(SecretsMode.REFERENCE, frozenset())
    return FormerChoices(_mode(former), former.unwanted)


def _mode(former: PreviousBundle) -> SecretsMode:
    if SEALED in former.listed:
        return SecretsMode.ENCRYPTED
    filled_in = secrets_file.PATH in former.listed  # what such a bundle holds came there after the export
    inline = any(one.secret for one in former.listed.values()) and not filled_in
    return SecretsMode.INLINE if inline else SecretsMode.REFERENCE
