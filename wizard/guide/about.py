"""What this program is and runs on, for people and for those who help them. Knows no Qt, and no secret."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from wizard import __version__
from wizard.plan import i18n
from wizard.plan.i18n import tr


def versions(**more: str) -> Mapping[str, str]:
    """Return the versions of the program and what it runs on; `more` are those that a face adds (`Qt="6.8.0"`)."""
    return {
        tr("NocoBase Cluster Wizard"): __version__,
        "Python": platform.python_version(),
        **more,
        tr("System"): platform.platform(),
        tr("Language"): i18n.language(),
    }


def for_support(**more: str) -> str:
    """Return the versions as lines of text."""
    return "\n".join(f"{name}: {version}" for name, version in versions(**more).items())
