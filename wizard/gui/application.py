"""The application: starts quickly, shows the window at once.

And looks for the secret store and the source meanwhile.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from wizard.app import log_file, motion
from wizard.gui import icons, languages, quick_imports, remembered, theme
from wizard.gui.first_picture import AfterFirstPicture
from wizard.gui.garbage import Garbage
from wizard.gui.screen import STYLE, new_application
from wizard.gui.services import Verbs
from wizard.gui.session import Session
from wizard.gui.shell import Shell
from wizard.gui.signals import SIGNALLED, heard
from wizard.plan.i18n import tr
from wizard.storage.window_settings import SettingsWriter

if TYPE_CHECKING:
    from PySide6.QtCore import QLockFile

    from wizard.app.open_source import OpenedSource

NAME = remembered.NAME
_NO_HINTS = "propagateSizeHints"


def run(source: str | None, opened: OpenedSource | None = None) -> int:
    """Open the window and return the exit code when it is closed. No signal that ends it makes it ask a question.

    `opened` is what a source gave that was read already (the demo's); otherwise `source`, if given, is read meanwhile.
    """
    app = _prepared()
    log_file.start()
    Garbage(app)
    choices = SettingsWriter()
    remembered.colours(choices)  # before there is anything that would have to wear them anew
    remembered.spoken(choices)
    session = Session(Verbs())
    remembered.inside(choices, session)
    shell = Shell(session)
    app.aboutToQuit.connect(remembered.size(choices, shell))
    session.background.fault.connect(lambda error: _tell(shell, error))
    session.opening.failed.connect(lambda _words: shell.go("start"))
    marks: list[QLockFile] = []  # until the end of the window

    def begin() -> None:
        from wizard.gui import other_window

        marks.append(other_window.claim(shell))
        session.opening.begin(source, opened)
        quick_imports.load_soon()
        session.background.run(motion.reduced, theme.theme().keep, owner=session)

    AfterFirstPicture(shell, begin)
    shell.show()
    codes = [0]

    def end(number: int) -> None:
        codes.append(SIGNALLED + number)
        shell.end()

    with heard(end):
        return app.exec() or codes[-1]


def prepare() -> QApplication:
    """Return the application with its look and its language; the one that is there already, if there is one.

    Where no screen can be used, a sentence on standard error ends the program.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        app = existing
        app.setStyle(STYLE)
    else:
        app = new_application()
    app.setApplicationName(NAME)
    app.setDesktopFileName(NAME)
    languages.install(app)
    theme.install(app)
    app.setWindowIcon(_window_icon())
    return app


def _prepared() -> QApplication:
    """Return the application as it was prepared before anything else was begun; prepare it where nobody did."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) and theme.worn_by(existing) else prepare()


def paint_page() -> str:
    """Paint a page without a screen, for the self-test; says in words what was painted."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    prepare()
    former = qInstallMessageHandler(_quiet)
    try:
        shell = Shell(Session(Verbs()))
        shell.session.start_new("self-test")
        shell.go("database")
        picture = shell.grab()
    finally:
        qInstallMessageHandler(former)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if picture.isNull() or not picture.save(buffer, "PNG"):
        raise RuntimeError(tr("The window could not be painted."))
    return tr("{width} by {height} pixels painted", width=picture.width(), height=picture.height())


def _quiet(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Pass on what Qt says, but not that the screen that is none does not support hints about sizes."""
    if _NO_HINTS not in message:
        sys.stderr.write(f"{message}\n")


def _window_icon() -> QIcon:
    result = QIcon()
    for side in (16, 32, 48, 128):
        pixmap = QPixmap(side, side)
        pixmap.fill("transparent")
        painter = QPainter(pixmap)
        icons.draw(painter, "app", pixmap.rect().toRectF())
        painter.end()
        result.addPixmap(pixmap)
    return result


def _tell(shell: Shell, error: Exception) -> None:
    """Say that something of ours broke; what was typed stays."""
    from PySide6.QtWidgets import QMessageBox

    log = log_file.record(error)
    words_ = tr("A fault of this program: {kind}. What you entered is kept.", kind=type(error).__name__)
    box = QMessageBox(QMessageBox.Icon.Warning, tr("NocoBase Cluster Wizard"), words_, parent=shell)
    if log:
        box.setInformativeText(tr("The details are in {path}.", path=log))
    box.open()
