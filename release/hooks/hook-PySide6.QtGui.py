"""PyInstaller's own hook for this part of Qt, less what the window does not use."""

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

from release.qt_parts import used

hiddenimports, binaries, datas = used(add_qt6_dependencies(__file__))
