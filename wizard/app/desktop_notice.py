"""A notice of the desktop, by its bus (Desktop Notifications Specification 1.2). Qt sends none with the right types."""

from __future__ import annotations

from typing import Any

from wizard.app import desktop_bus
from wizard.program_name import PROGRAM

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_AS_THE_DESKTOP_LIKES = -1
_SECONDS = 2.0
_held: list[Any] = []
"""The connection of the last notice: some desktops take a notice back as soon as its sender has gone."""


def send(title: str, words: str) -> None:
    """Say `words` on the desktop; nothing where it has no place for notices. A bus that is silent is waited for."""
    if not desktop_bus.at_hand():
        return
    try:
        _send(title, words)
    except Exception:  # noqa: BLE001 - a bus breaks in many ways, and the window says the same
        return


def _send(title: str, words: str) -> None:
    from jeepney import DBusAddress, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    hints = {"desktop-entry": ("s", PROGRAM)}
    body: Any = (title, 0, PROGRAM, title, words, [], hints, _AS_THE_DESKTOP_LIKES)
    connection = open_dbus_connection()
    connection.send_and_get_reply(new_method_call(address, "Notify", "susssasa{sv}i", body), timeout=_SECONDS)
    _held[:] = [connection]
