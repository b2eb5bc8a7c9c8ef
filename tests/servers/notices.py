"""A desktop's place for notices on a session bus of its own, which takes no notice of other types, as real ones do."""

import sys
from pathlib import Path

import jeepney
from jeepney.io.blocking import open_dbus_connection

from tests.servers.session_bus import OnSessionBus

NAME = "org.freedesktop.Notifications"
TYPES = "susssasa{sv}i"


class Notices(OnSessionBus):
    """`taken` are the notices, each a line of its title and its words."""

    name = "notices"

    def command(self) -> list[str]:
        return [sys.executable, __file__, str(self.folder / "taken")]

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PYTHONPATH": ":".join(sys.path)}

    def is_ready(self) -> bool:
        return self.serves(NAME)

    @property
    def taken(self) -> list[str]:
        file = self.folder / "taken"
        return file.read_text().splitlines() if file.exists() else []


def _take(file: Path) -> None:
    bus = jeepney.DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    with open_dbus_connection() as connection:
        connection.send_and_get_reply(jeepney.new_method_call(bus, "RequestName", "su", (NAME, 0)))
        while True:
            asked = connection.receive()
            if asked.header.message_type is not jeepney.MessageType.method_call:
                continue
            if asked.header.fields.get(jeepney.HeaderFields.signature) != TYPES:
                connection.send(jeepney.new_error(asked, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("types",)))
                continue
            with file.open("a") as taken:
                taken.write(f"{asked.body[3]}: {asked.body[4]} ({asked.body[6]['desktop-entry'][1]})\n")
            connection.send(jeepney.new_method_return(asked, "u", (1,)))


if __name__ == "__main__":
    _take(Path(sys.argv[1]))
