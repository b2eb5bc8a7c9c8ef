"""The local lock of the very first start, in the env file where a bundle's README tells to set it.

While no lock plug-in is enabled, the cluster's lock breaks the installation off (docs/nocobase.md, "First start").
"""

from __future__ import annotations

import re

LOCK, LOCAL, SHARED = "LOCK_ADAPTER_DEFAULT", "local", "redis"


def edit(file: str, adapter: str) -> str:
    """Return the command that sets the lock in an env file."""
    return f"sed -i 's/^{LOCK}=.*/{LOCK}={adapter}/' {file}"


def without(text: str) -> str:
    """Return the text of an env file with the cluster's lock where the local one was set as by the command."""
    return re.sub(rf"^{LOCK}={LOCAL}$", f"{LOCK}={SHARED}", text, count=1, flags=re.MULTILINE)
