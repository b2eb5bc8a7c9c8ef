"""How modules are loaded around the first picture: by Python's own import, and what is heavy only after it.

PySide6 puts an import of its own in the place of Python's, for `from __feature__ import …`, which nobody here writes.
It reads the source of each module that is loaded from then on and keeps all its lines: 10 to 20 ms of processor
time and 4 MB until the first picture.
"""

from __future__ import annotations

import builtins
from importlib import import_module

_SOON = ("hashlib", "hmac", "secrets")
"""What nobody needs before the first picture, and somebody may at the first key: OpenSSL alone takes 4 MB."""


def by_python() -> None:
    """Load Qt, and go on with the import of Python, which PySide6 keeps under a name of its own."""
    import_module("PySide6.QtCore")
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def load_soon() -> None:
    """Load what is needed soon after the first picture."""
    for name in _SOON:
        import_module(name)
