"""The bus of the desktop (D-Bus), by which it tells its settings and takes notices."""

from __future__ import annotations

import os
import sys


def at_hand() -> bool:
    """Whether this session says where its desktop's bus is: else nobody is asked, and no library is loaded for it."""
    return sys.platform == "linux" and bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
