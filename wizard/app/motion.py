"""Whether a person asked for less motion. Qt does not say so on Linux; the desktop's settings do, on its bus."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.app import desktop_bus

_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_APPEARANCE, _GNOME, _KDE = "org.freedesktop.appearance", "org.gnome.desktop.interface", "org.kde.kdeglobals.KDE"
_SECONDS = 2.0


def reduced() -> bool:
    """Ask the desktop's settings, which takes 2 s at most; False where nobody answers."""
    if not desktop_bus.at_hand():
        return False
    try:
        return said(_settings())
    except Exception:  # noqa: BLE001 - a bus breaks in many ways, and none of them says anything of motion
        return False


def said(settings: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether settings by their groups ask for less motion, as the portal, GNOME or KDE call it."""
    by_gnome = settings.get(_GNOME, {}).get("enable-animations") is False
    by_kde = settings.get(_KDE, {}).get("AnimationDurationFactor") == "0"
    return settings.get(_APPEARANCE, {}).get("reduced-motion") == 1 or by_gnome or by_kde


def _settings() -> dict[str, dict[str, object]]:
    """Read the groups that are asked for; a portal that does not run is not started for it."""
    from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(_PATH, bus_name=_PORTAL, interface=_INTERFACE)
    question = new_method_call(address, "ReadAll", "as", ([_APPEARANCE, _GNOME, _KDE],))
    question.header.flags |= MessageFlag.no_auto_start
    with open_dbus_connection() as connection:
        answer = connection.send_and_get_reply(question, timeout=_SECONDS)
    if answer.header.message_type is not MessageType.method_return:
        return {}
    groups: dict[str, dict[str, tuple[str, object]]] = answer.body[0]
    return {group: {name: value for name, (_kind, value) in found.items()} for group, found in groups.items()}
