"""A session bus of its own, for what talks to programs of a desktop."""

import jeepney
from jeepney.io.blocking import open_dbus_connection

from tests.patience import patience
from wizard.demo.process import Missing, ServerProcess, find_program
from wizard.demo.server import Server

_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class OnSessionBus(Server):
    """A server that serves a session bus of its own, which is started before it.

    `environment()` returns the variables that a program needs to reach it.
    """

    as_root = True

    def __init__(self) -> None:
        super().__init__()
        self._bus_program = find_program("dbus-daemon")
        if not self._bus_program:
            raise Missing("there is no D-Bus", "apt-get install --no-install-recommends dbus")
        self._bus: ServerProcess | None = None

    @property
    def address(self) -> str:
        """The bus's address."""
        return f"unix:path={self.folder / 'bus'}"

    def environment(self) -> dict[str, str]:
        home = str(self.folder)
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "HOME": home,
            "XDG_DATA_HOME": f"{home}/data",
            "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_CACHE_HOME": f"{home}/cache",
            "XDG_RUNTIME_DIR": home,
            "DISPLAY": "",
            "WAYLAND_DISPLAY": "",
        }

    def prepare(self) -> None:
        for name in ("data", "config", "cache"):
            self.make_folder(name)
        config = self.write("bus.conf", _BUS_CONFIG.format(path=self.folder / "bus"))
        command = [str(self._bus_program), f"--config-file={config}", "--nofork", "--nopidfile"]
        self._bus = ServerProcess(
            "bus", command, folder=self.folder, guardian=self.guardian, environment=self.environment()
        )
        self._bus.start()
        self._bus.wait_until_ready(self._bus_answers, self.start_within)

    def serves(self, name: str) -> bool:
        """Whether somebody on the bus has this name."""
        return self._bus_answers() and self._ask("NameHasOwner", "s", (name,)) == (True,)

    def _bus_answers(self) -> bool:
        try:
            return bool(self._ask("GetId"))
        except OSError:
            return False

    def _ask(self, method: str, signature: str | None = None, body: tuple = ()) -> tuple:
        bus = jeepney.DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        with open_dbus_connection(self.address) as connection:
            message = jeepney.new_method_call(bus, method, signature, body)
            return connection.send_and_get_reply(message, timeout=patience(10)).body

    def stop(self) -> None:
        bus, self._bus = self._bus, None
        if bus:
            bus.stop()
        super().stop()
