"""A notice of the desktop, for somebody who looks elsewhere meanwhile."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication, QWidget

from wizard.plan.i18n import tr

_SERVICE = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_FOR_SO_LONG = -1
"""As long as the desktop thinks right (Desktop Notifications Specification 1.2)."""


def notify(window: QWidget, words: str) -> None:
    """Say `words` on the desktop, and mark the window in its list of windows; nothing waits for an answer."""
    QApplication.alert(window)
    if sys.platform == "linux":
        _send(words)


def _send(words: str) -> None:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return
    message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SERVICE, "Notify")
    title = tr("NocoBase Cluster Wizard")
    message.setArguments([title, 0, "nocobase-cluster-wizard", title, words, [], {}, _FOR_SO_LONG])
    bus.send(message)
