"""No dump of this program's memory, where secrets are, is left behind by a crash."""

from __future__ import annotations

import contextlib
import sys

_PR_SET_DUMPABLE = 4
"""Of prctl(2): without it a handler in /proc/sys/kernel/core_pattern gets a dump whatever the limit is."""


def forbid() -> None:
    """Let neither a crash nor another program of this user dump the memory; where a system cannot, nothing happens."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
