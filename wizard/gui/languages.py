"""The language of the window: the system's, or the one that a person chose; it changes while the window is open."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from wizard.app import language
from wizard.plan import i18n
from wizard.plan.i18n import mark, tr

_OWN_NAMES = {"en": "English", "fr": "Français", "zh-CN": "简体中文"}
_NAMES_ELSEWHERE = {
    "en": "anglais 英语 英文 englisch inglés inglese",
    "fr": "french 法语 法文 französisch francés francese",
    "zh-CN": "chinese simplified mandarin chinois simplifié 中文 汉语 chinesisch chino cinese",
}
"""What others call them: who cannot read the language in force types a word of their own."""
_LANGUAGE = "language langue 语言 sprache idioma lingua"
_KINDS = {"Folder": mark("Folder"), "Drive": mark("Drive"), "Shortcut": mark("Shortcut")}
"""What Qt's own dialog calls what is no file; its catalogues have no words for them."""


def own_name(name: str) -> str:
    """Return what a language is called by those who speak it."""
    return _OWN_NAMES.get(name, name)


def found_by(name: str) -> str:
    """Return the words, of any language, by which somebody looks for a language."""
    return f"{_LANGUAGE} {name} {own_name(name)} {_NAMES_ELSEWHERE.get(name, '')}"


class QtWords(QTranslator):
    """Qt's own catalogue, and what it lacks: texts that got an underlined letter since, and the kinds of files."""

    def translate(self, context: str, source: str, comment: str | None = None, number: int = -1) -> str:
        found = super().translate(context, source, comment, number)
        if not found and "&" in source:
            found = super().translate(context, source.replace("&", ""), comment, number)
        kind = tr(_KINDS[source]) if source in _KINDS else ""
        return found or kind or source  # nothing at all would be taken for a translation


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
        """Let Qt speak the language: by its own catalogue, where there is one, and in figures and kinds of files."""
        QLocale.setDefault(QLocale(i18n.language()))
        if self._translator is not None:
            self._app.removeTranslator(self._translator)
            self._translator = None
        translator = QtWords(self)
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
