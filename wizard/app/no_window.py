"""Why the window cannot be opened, in words: no display, a display that refuses, a system library that is missing."""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Iterable, Mapping

from wizard.pattern import pattern
from wizard.plan.i18n import listing, sentences, tr
from wizard.program_name import called_as

_CANNOT_OPEN = pattern(r"(lib[^\s:/]+\.so[.\d]*): cannot open shared object file")
_DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_ARCH = {
    "libEGL.so.1": "libglvnd",
    "libGL.so.1": "libglvnd",
    "libOpenGL.so.0": "libglvnd",
    "libX11.so.6": "libx11",
    "libX11-xcb.so.1": "libx11",
    "libdbus-1.so.3": "dbus",
    "libfontconfig.so.1": "fontconfig",
    "libfreetype.so.6": "freetype2",
    "libglib-2.0.so.0": "glib2",
    "libgthread-2.0.so.0": "glib2",
    "libxcb-cursor.so.0": "xcb-util-cursor",
    "libxcb-icccm.so.4": "xcb-util-wm",
    "libxcb-image.so.0": "xcb-util-image",
    "libxcb-keysyms.so.1": "xcb-util-keysyms",
    "libxcb-render-util.so.0": "xcb-util-renderutil",
    "libxkbcommon.so.0": "libxkbcommon",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11",
}
_ARCH_XCB = "libxcb"

_OF_QT = (
    "libEGL.so.1",
    "libGL.so.1",
    "libX11.so.6",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libglib-2.0.so.0",
    "libgthread-2.0.so.0",
    "libxkbcommon.so.0",
)
"""What those parts of Qt load that paint the window."""
_OF_XCB = (
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)
"""What Qt's plug-in for X11 loads beyond what Qt itself does."""
_QT = ("PySide6", "shiboken6")
_REFUSED = "could not connect to display"


def without_window(reason: str) -> str:
    """Return the reason as a whole sentence, and after it what can be done without a window."""
    other = tr("Without the window, use “{program} check SOURCE” or “{program} demo --headless”.", program=called_as())
    return sentences(reason, other)


def missing_library(error: ImportError) -> str | None:
    """Return the sentence for an import that failed for want of a system library; None if that is not why.

    The loader names the first one alone, so that somebody would install one after the other: all are looked for.
    """
    found = _CANNOT_OPEN.search(str(error))
    if not found:
        return None
    return missing_libraries(dict.fromkeys([found[1], *_absent((*_OF_QT, *_OF_XCB))]))


def missing_qt(error: ImportError) -> str | None:
    """Return the sentence for an import that failed for want of Qt; None if Qt is there."""
    if (error.name or "").partition(".")[0] not in _QT:
        return None
    return tr("There is no window in this installation, which was made without Qt.")


def missing_libraries(names: Iterable[str]) -> str:
    """Say that the window lacks these system libraries (`libEGL.so.1`), with the command that installs them here."""
    listed = list(names)
    reason = tr("The window needs system libraries that are missing: {names}.", names=listing(listed))
    command = _command(listed)
    return sentences(reason, tr("Install them as root with “{command}”.", command=command) if command else "")


def refusal_of_qt(said: list[str]) -> str:
    """Return why no screen can be used, of what Qt said: it names libxcb-cursor0 in any case, so we look ourselves."""
    if not any(_REFUSED in message for message in said) and any('"xcb"' in message for message in said):
        absent = _absent(_OF_XCB)
        if absent:
            return missing_libraries(absent)
    first = said[0].splitlines()[0].rstrip(". ")
    return tr("The window cannot be opened, as Qt says: {reason}.", reason=first)


def _absent(names: Iterable[str]) -> list[str]:
    """Return what is not found as these libraries are loaded: themselves, or what they load."""
    return list(dict.fromkeys(filter(None, map(_lacking, names))))


def _lacking(library: str) -> str:
    try:
        ctypes.CDLL(library)
    except OSError as error:
        found = _CANNOT_OPEN.search(str(error))
        return found[1] if found else library
    return ""


def _command(names: list[str]) -> str:
    if shutil.which("apt-get"):
        return _packages("apt-get install", names, _DEBIAN)
    for tool in ("dnf", "zypper"):  # packages of RPM can be asked for by the library they bring
        if shutil.which(tool):
            return " ".join([tool, "install", *(f"'{name}()(64bit)'" for name in names)])
    if shutil.which("pacman"):
        return _packages("pacman -S", names, {name: _ARCH_XCB for name in names if name.startswith("libxcb")} | _ARCH)
    return ""


def _packages(tool: str, names: list[str], known: Mapping[str, str]) -> str:
    packages = list(dict.fromkeys(known[name] for name in names if name in known))
    return " ".join([tool, *packages]) if packages else ""
