"""A notice of the desktop, for somebody who looks elsewhere meanwhile."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

from wizard.gui.background import Background
from wizard.plan.i18n import tr


def notify(window: QWidget, background: Background, words: str) -> None:
    """Say `words` on the desktop, and mark the window in its list of windows; nothing waits for an answer."""
    from wizard.app import desktop_notice

    QApplication.alert(window)
    title = tr("NocoBase Cluster Wizard")
    background.run(lambda: desktop_notice.send(title, words), lambda _nothing: None)
