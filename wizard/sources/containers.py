"""What sources of containers share: whether one is NocoBase, and what its image says."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import replace

from wizard.formats.dotenv.grammar import Assignment
from wizard.plan.kinds import BadValueError
from wizard.plan.place import Place
from wizard.plan.plan import Plan
from wizard.plan.versions import release_of

_IMAGE = re.compile(r"(?:^|/)nocobase(?:/nocobase[\w.-]*)?(?::|@|$)")
_TAG = re.compile(r":(?P<tag>[0-9]+\.[0-9]+\.[0-9]+[\w.+-]*)(?:@|$)")
_OWN = ("APP_KEY", "DB_DIALECT")
"""Variables that no other program is given together."""


def is_nocobase(image: str, variables: Container[str] | Mapping[str, Assignment]) -> bool:
    """Whether a container is NocoBase, by its image or by what it is given."""
    return bool(_IMAGE.search(image)) or all(name in variables for name in _OWN)


def said(plan: Plan, key: str, value: object, place: Place) -> Plan:
    """Return a plan in which the source says `value` of `key`, and where."""
    return replace(plan.with_value(key, value), places={**plan.places, key: place})


def with_version(plan: Plan, image: str, place: Place | None) -> Plan:
    """Return a plan with the version that an image's tag says, if it says one."""
    tag = _TAG.search(image)
    if tag is None or place is None:
        return plan
    try:
        return said(
            plan, "application.version", plan.setting("application.version").parse(release_of(tag["tag"])), place
        )
    except BadValueError:
        return plan
