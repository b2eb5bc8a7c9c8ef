"""The language of the window: the system's, or the one that a person chose; it changes while the window is open."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from wizard.app import language
from wizard.plan import i18n

_OWN_NAMES = {"en": "English", "fr": "Français", "zh-CN": "简体中文"}


def own_name(name: str) -> str:
    """Return what a language is called by those who speak it."""
    return _OWN_NAMES.get(name, name)


class Languages(QObject):
    """The language in force, as it is written on the command line (`zh-CN`). `changed` comes when it is another one."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        """Let Qt's own dialogs and menus speak the language in force."""
        super().__init__(app)
        self._app = app
        self._translator: QTranslator | None = None
        self._teach_qt()

    @property
    def current(self) -> str:
        """The language in force."""
        return i18n.language().replace("_", "-")

    def speak(self, name: str) -> None:
        """Tell everything in the language `name` from now on."""
        if name == self.current:
            return
        language.use(name)
        self._teach_qt()
        self.changed.emit()

    def _teach_qt(self) -> None:
        """Load Qt's own catalogue of the language, where there is one; its source texts are English."""
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        translator = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(f"qtbase_{i18n.language()}", folder):
            self._app.installTranslator(translator)
            self._translator = translator


class _Current:
    languages: Languages | None = None


def install(app: QApplication) -> Languages:
    """Return the languages of the application, with the one in force."""
    _Current.languages = Languages(app)
    return _Current.languages


def languages() -> Languages:
    """Return the languages of the application; they are there as soon as there is an application."""
    if _Current.languages is None:
        raise RuntimeError("no languages yet: install them first")
    return _Current.languages
