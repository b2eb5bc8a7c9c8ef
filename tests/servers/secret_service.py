"""A Secret Service on a private bus: what the keyring library talks to on a Linux desktop."""

from pathlib import Path

import jeepney
from jeepney.io.blocking import open_dbus_connection

from tests.patience import patience
from tests.servers.session_bus import OnSessionBus
from wizard.demo.process import Missing, find_program
from wizard.demo.server import new_password


class SecretService(OnSessionBus):
    """gnome-keyring with a bus, a home and a collection of its own.

    `unlocked` False leaves the collection as a desktop without a login leaves it. `data` is a folder of its own for the
    collections, `password` what is entered at the login.
    """

    name = "keyring"

    def __init__(self, *, unlocked: bool = True, data: Path | None = None, password: str = "") -> None:
        super().__init__()
        self._daemon = find_program("gnome-keyring-daemon")
        if not self._daemon:
            raise Missing("there is no Secret Service", "apt-get install --no-install-recommends gnome-keyring")
        self._unlocked = unlocked
        self._data = data
        self._password = password or new_password()

    def environment(self) -> dict[str, str]:
        usual = super().environment()
        return {**usual, "XDG_DATA_HOME": str(self._data or usual["XDG_DATA_HOME"])}

    def command(self) -> list[str]:
        return [str(self._daemon), "--foreground", "--components=secrets", *(["--unlock"] if self._unlocked else [])]

    def stdin(self) -> bytes:
        return self._password.encode() if self._unlocked else b""

    def lock(self) -> None:
        """Lock the collection, as a desktop does when nobody was at it for long."""
        service = jeepney.DBusAddress(
            "/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service"
        )
        collection = "/org/freedesktop/secrets/collection/login"
        with open_dbus_connection(self.address) as connection:
            message = jeepney.new_method_call(service, "Lock", "ao", ([collection],))
            locked, _prompt = connection.send_and_get_reply(message, timeout=patience(10)).body
        assert locked == [collection]

    def is_ready(self) -> bool:
        return self.serves("org.freedesktop.secrets")
