"""What the first window uses that knows no Qt, loaded before it.

PySide6 reads the source of every module that is loaded after it, to see whether the module uses it.
"""

from __future__ import annotations

from importlib import import_module

_MODULES = (
    "wizard.app.acceptance",
    "wizard.app.language",
    "wizard.app.log_file",
    "wizard.app.motion",
    "wizard.app.no_window",
    "wizard.engine.events",
    "wizard.guide.advice",
    "wizard.guide.document",
    "wizard.guide.drawing.words",
    "wizard.guide.field_notes",
    "wizard.guide.figures",
    "wizard.guide.groups",
    "wizard.guide.layouts",
    "wizard.guide.overtaken",
    "wizard.guide.places",
    "wizard.guide.what_was_read",
    "wizard.plan.generate",
    "wizard.sources.material",
    "wizard.storage.core_dumps",
    "wizard.storage.saved_clusters",
    "wizard.storage.secret_store.opening",
    "wizard.storage.window_settings",
)

_SOON = ("hashlib", "hmac", "secrets")
"""What nobody needs before the first picture, and somebody may at the first key: OpenSSL alone takes 4 MB."""


def load() -> None:
    """Load them."""
    for name in _MODULES:
        import_module(name)


def load_soon() -> None:
    """Load what is needed soon after the first picture."""
    for name in _SOON:
        import_module(name)
