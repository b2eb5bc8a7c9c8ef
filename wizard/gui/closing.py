"""What is asked before closing where something would be lost: to keep it open, to encrypt secrets, or to lose it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from wizard.gui.autosave import Autosave
from wizard.gui.session import Session
from wizard.gui.widgets.basics import keep_words_whole
from wizard.gui.widgets.passphrase_dialog import PassphraseDialog
from wizard.plan.i18n import listing, tr, trn


def ask_to_lose(window: QWidget, session: Session, close: Callable[[], object], lose: Callable[[], object]) -> None:
    """Ask before what only this session holds is lost; `lose` closes all the same, `close` tries again."""
    if window.findChild(QMessageBox, "losing"):
        return
    words, lose_words = _words_of_loss(session.autosave)
    box = QMessageBox(QMessageBox.Icon.Warning, tr("NocoBase Cluster Wizard"), words, parent=window)
    box.setObjectName("losing")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    keep = box.addButton(tr("Keep open"), QMessageBox.ButtonRole.RejectRole)
    if session.autosave.lost:
        encrypt = box.addButton(tr("Keep them in an encrypted file …"), QMessageBox.ButtonRole.AcceptRole)
        encrypt.setObjectName("encrypt")
        encrypt.clicked.connect(lambda: _encrypt(window, session, close))
    destroy = box.addButton(lose_words, QMessageBox.ButtonRole.DestructiveRole)
    destroy.setObjectName("lose")
    destroy.clicked.connect(lose)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    keep_words_whole(box)
    box.open()


def _encrypt(window: QWidget, session: Session, close: Callable[[], object]) -> None:
    """Ask for a passphrase, write the file, and close."""
    services, autosave = session.services, session.autosave
    values = autosave.loose_values()
    there = services.encrypted_files(values)
    words = tr("The secrets are kept in a file on this machine, encrypted with a passphrase. Nobody can recover it.")
    if there:
        words = tr("The secrets are added to the encrypted file that is there: {file}", file=listing(there))

    def kept(_nothing: None) -> None:
        autosave.kept_elsewhere(values)
        close()

    dialog = PassphraseDialog(
        window,
        session.background,
        words,
        lambda passphrase: services.keep_encrypted(values, passphrase),
        kept,
        new=not there,
    )
    dialog.open()


def _words_of_loss(autosave: Autosave) -> tuple[str, str]:
    """Say what closing would lose, and what the button that does it is called."""
    words = [tr("This draft is not saved: {reason}", reason=reason) for reason in autosave.lost_drafts]
    if not autosave.lost:
        return "\n\n".join(words), trn("Close and lose it", "Close and lose them", len(words))
    names = "\n".join(f"– {name}" for name in autosave.lost)
    words.append("\n".join((tr("These secrets are kept in this session only, and closing loses them:"), names)))
    return "\n\n".join(words), tr("Close and lose them")
