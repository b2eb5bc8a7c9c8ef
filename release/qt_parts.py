"""Of Qt what the window uses: the hooks ask here, before PyInstaller looks for what each part needs."""

from __future__ import annotations

from pathlib import Path, PurePath

PLUGINS = {
    # Linux: X11, Wayland, and no screen at all for the self-test
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platformthemes": ("qxdgdesktopportal",),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "imageformats": ("qsvg",),  # PNG is Qt's own
    "styles": (),
}
"""The plug-ins by the folder they stand in, without `lib` and the ending; other folders are left out.

Left out with reason: the theme of GTK, which would bring GTK along (the portal has its file dialogs); OpenGL and
Vulkan, as nothing but widgets is painted; touch over the network, and with it the whole of Qt's network.
"""
TRANSLATIONS = ("qtbase", "qt")
LOCALE = Path(__file__).parents[1] / "resources" / "locale"
Collected = list[tuple[str, str]]


def used(collected: tuple[list[str], Collected, Collected]) -> tuple[list[str], Collected, Collected]:
    """Return of a hook's hidden imports, binaries and data what the window uses."""
    hidden, binaries, data = collected
    kept = [entry for entry in binaries if _plugin(entry[0])]
    return hidden, kept, [entry for entry in data if _translation(entry[0])]


def _plugin(source: str) -> bool:
    """Whether it is a plug-in that is used, or no plug-in."""
    path = PurePath(source)
    if "plugins" not in path.parts:
        return True
    return path.name.removeprefix("lib").partition(".")[0] in PLUGINS.get(path.parent.name, ())


def _translation(source: str) -> bool:
    """Whether it is a translation into one of the program's languages, or no translation."""
    path = PurePath(source)
    if path.suffix != ".qm":
        return True
    languages = [folder.name for folder in LOCALE.iterdir() if folder.is_dir()]
    return any(path.stem == f"{base}_{language}" for base in TRANSLATIONS for language in languages)
