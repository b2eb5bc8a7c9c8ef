"""The look in force: colours by the system's scheme or by choice, and sizes that grow with the system's text."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from wizard.gui import style, tokens
from wizard.gui.tokens import DARK, LIGHT, Palette


class Scheme(Enum):
    """Which colours are wanted."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The colours, sizes and fonts in force. `changed` comes after the application wears the new ones.

    `refitted` comes after the system's font became another one: what has a length of its own is to be built anew.
    """

    changed = Signal()
    refitted = Signal()
    _cut = Signal(str)

    def __init__(self, app: QApplication) -> None:
        """Take the sizes from the system's font and follow its colour scheme."""
        super().__init__(app)
        self._app = app
        self._scheme = Scheme.SYSTEM
        self.still = False
        """Whether nothing is to move, as the desktop was asked for less motion."""
        self.dresses = False
        """Whether any window wears the style sheet by now."""
        self._fonts: dict[tuple[int, bool, bool], QFont] = {}
        self._metrics: dict[tuple[int, bool], QFontMetricsF] = {}
        self.palette = LIGHT
        self._sheet, self._scale_of_sheet = "", 0.0
        self._system_font = app.font().key()
        self.scale = self._scale_of_text()
        app.styleHints().colorSchemeChanged.connect(self._wear)
        if hasattr(app.styleHints(), "accessibility"):  # Qt 6.10 and later know it
            app.styleHints().accessibility().contrastPreferenceChanged.connect(self._wear)
        self._wear()

    @property
    def scheme(self) -> Scheme:
        """The colours that were asked for."""
        return self._scheme

    def choose(self, scheme: Scheme) -> None:
        """Wear `scheme` from now on."""
        self._scheme = scheme
        self._wear()

    def follow_font(self) -> None:
        """Take the sizes from the system's font anew, if it is another one than before."""
        font = self._app.font().key()
        if font == self._system_font:
            return
        self._system_font, self.scale = font, self._scale_of_text()
        self._fonts.clear()
        self._metrics.clear()
        self._cut_sheet()
        self.refitted.emit()

    def dress(self, window: QWidget) -> None:
        """Let a window wear the style sheet in force, as do all that are its children, dialogs, too.

        The application itself has none: while it had, Qt styled each part of a page anew for every part that it was put
        into, which was a third of a page's first showing.
        """
        self.dresses = True
        window.setStyleSheet(self._sheet)
        self._cut.connect(window.setStyleSheet)  # Qt ends that with the window

    def px(self, size: int) -> int:
        """Return a length that keeps its relation to the text, whatever size the system's text has."""
        return round(size * self.scale)

    @property
    def least_room(self) -> int:
        """How wide a page's content is in the narrowest window, in pixels: what cannot wrap must fit into it."""
        side = min(self.px(tokens.SIDE), round(tokens.MINIMUM[0] * tokens.SIDE_SHARE))
        return tokens.MINIMUM[0] - side - 2 * self.px(tokens.L) - self.px(tokens.SCROLL_BAR)

    def font(self, size: int, *, bold: bool = False, mono: bool = False) -> QFont:
        """Return the font for one of the sizes of `tokens`, for what is painted."""
        if (size, bold, mono) not in self._fonts:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if mono else QFont(self._app.font())
            font.setPixelSize(self.px(size))
            font.setBold(bold)
            self._fonts[size, bold, mono] = font
        return QFont(self._fonts[size, bold, mono])

    def metrics(self, size: int, *, bold: bool = False) -> QFontMetricsF:
        """Return the measures of the font for one of the sizes of `tokens`."""
        if (size, bold) not in self._metrics:
            self._metrics[size, bold] = QFontMetricsF(self.font(size, bold=bold))
        return self._metrics[size, bold]

    def color(self, name: str) -> QColor:
        """Return the colour of the token `name`."""
        return QColor(getattr(self.palette, name))

    def _wear(self) -> None:
        self._fonts.clear()
        self._metrics.clear()
        wanted = self._wanted()
        if wanted != self.palette or self.scale != self._scale_of_sheet:
            self.palette = wanted
            self._app.setPalette(_qt_palette(wanted))
            self._cut_sheet()
        self.changed.emit()

    def _cut_sheet(self) -> None:
        self._sheet, self._scale_of_sheet = style.stylesheet(self.palette, self.scale), self.scale
        self._cut.emit(self._sheet)

    def _scale_of_text(self) -> float:
        return max(1.0, QFontInfo(self._app.font()).pixelSize() / tokens.BODY)

    def _wanted(self) -> Palette:
        system_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark = self._scheme is Scheme.DARK or (self._scheme is Scheme.SYSTEM and system_dark)
        palette = DARK if dark else LIGHT
        return tokens.strong(palette) if self.high_contrast else palette

    def keep(self, still: bool) -> None:  # noqa: FBT001 - what the background found out
        """Let nothing move from now on, or what moves otherwise."""
        self.still = still

    @property
    def high_contrast(self) -> bool:
        """Whether the system was asked for high contrast."""
        hints = self._app.styleHints()
        if not hasattr(hints, "accessibility"):
            return False
        return hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast


def _qt_palette(palette: Palette) -> QPalette:
    """Return Qt's own palette, for the parts that no style sheet reaches (dialogs, selections, disabled texts)."""
    role = QPalette.ColorRole
    result = QPalette()
    for which, name in (
        (role.Window, "window"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.PlaceholderText, "muted"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Link, "accent"),
        (role.LinkVisited, "accent"),
        (role.Light, "surface"),
        (role.Midlight, "line"),
        (role.Mid, "line"),
        (role.Dark, "control"),
    ):
        result.setColor(which, QColor(getattr(palette, name)))
    for which in (role.Text, role.ButtonText, role.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(palette.muted))
    return result


class _Current:
    theme: Theme | None = None


def install(app: QApplication) -> Theme:
    """Return the application its one theme."""
    _Current.theme = Theme(app)
    return _Current.theme


def worn_by(app: QApplication) -> bool:
    """Whether the theme in force is that of this application."""
    return _Current.theme is not None and _Current.theme.parent() is app


def theme() -> Theme:
    """Return the theme in force; there is one as soon as there is an application."""
    if _Current.theme is None:
        raise RuntimeError("no theme yet: install one first")
    return _Current.theme
