"""A desktop's settings on a session bus of their own, as programs read them: a portal with what a test wants."""

import json
import sys
from collections.abc import Mapping

import jeepney
from jeepney.io.blocking import open_dbus_connection

from tests.servers.session_bus import OnSessionBus

_NAME = "org.freedesktop.portal.Desktop"
_KINDS = {bool: "b", int: "u", str: "s"}


class Portal(OnSessionBus):
    """Answers `ReadAll` with `settings`, by their groups."""

    name = "portal"

    def __init__(self, settings: Mapping[str, Mapping[str, object]]) -> None:
        super().__init__()
        self._settings = settings

    def command(self) -> list[str]:
        return [sys.executable, __file__, json.dumps(self._settings)]

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PYTHONPATH": ":".join(sys.path)}

    def is_ready(self) -> bool:
        return self.serves(_NAME)


def _answer(settings: Mapping[str, Mapping[str, object]]) -> None:
    bus = jeepney.DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    typed = {
        group: {name: (_KINDS[type(value)], value) for name, value in named.items()}
        for group, named in settings.items()
    }
    with open_dbus_connection() as connection:
        connection.send_and_get_reply(jeepney.new_method_call(bus, "RequestName", "su", (_NAME, 0)))
        while True:
            asked = connection.receive()
            if asked.header.message_type is jeepney.MessageType.method_call:
                connection.send(jeepney.new_method_return(asked, "a{sa{sv}}", (typed,)))


if __name__ == "__main__":
    _answer(json.loads(sys.argv[1]))
