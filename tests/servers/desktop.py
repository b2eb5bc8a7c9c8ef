"""A desktop without a screen: an X server in memory, a session bus, and on it what programs tell a screen reader."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.patience import wait_until
from tests.servers.session_bus import OnSessionBus
from wizard.demo.process import Missing, ServerProcess, find_program

_INSTALL = "apt-get install --no-install-recommends at-spi2-core gir1.2-atspi-2.0 python3-gi xvfb xdotool"
_READER = Path(__file__).parents[1] / "gui" / "screen_reader.py"
_ROOT = Path(__file__).parents[2]
_PYTHON = "/usr/bin/python3"
"""The system's own, which has PyGObject."""
_LAUNCHER = (Path("/usr/libexec"), Path("/usr/lib/at-spi2-core"))


class Desktop(OnSessionBus):
    """at-spi2-core on a bus and a screen of its own.

    `open` starts the window there, `read` returns what a screen reader is told of it, `press`, `focus` and `dictate` do
    what one can ask for, and `type` presses keys.
    """

    name = "desktop"

    def __init__(self) -> None:
        super().__init__()
        self._launcher = find_program("at-spi-bus-launcher", _LAUNCHER)
        tools = all(map(shutil.which, ("Xvfb", "xdotool")))
        if not self._launcher or not tools or not _has_client():
            raise Missing("there is no AT-SPI with a client, or no Xvfb with xdotool", _INSTALL)
        self._display = ""
        self._running: list[ServerProcess | subprocess.Popen[str]] = []
        self._reader: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "DISPLAY": self._display, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}

    def prepare(self) -> None:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
        screen = ServerProcess("screen", command, folder=self.folder, guardian=self.guardian)
        screen.start()
        self._running.append(screen)
        screen.wait_until_ready(lambda: bool(_number_in(screen.log_file)), self.start_within)
        self._display = f":{_number_in(screen.log_file)}"
        super().prepare()

    def command(self) -> list[str]:
        return [str(self._launcher), "--launch-immediately"]

    def is_ready(self) -> bool:
        return self.serves("org.a11y.Bus")

    def open(self, *words: str) -> None:
        """Start the window, and wait until a screen reader finds it and keys go to it."""
        environment = {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(_ROOT), **self.environment()}
        command = [sys.executable, "-m", "wizard", *words]
        program = ServerProcess("program", command, folder=self.folder, guardian=self.guardian, environment=environment)
        program.start()
        self._running.append(program)
        self._reader = subprocess.Popen(
            [_PYTHON, str(_READER)],
            env={**os.environ, **self.environment()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running.append(self._reader)
        assert wait_until(lambda: bool(self.read()), 20), program.log_file.read_text()
        self.activate()

    def activate(self) -> None:
        """Give the window the keys, at its start and after a dialog: there is no window manager to do it."""
        self._xdotool("search", "--sync", "--onlyvisible", "--name", "NocoBase", "windowfocus")

    def read(self) -> list[dict[str, Any]]:
        """Return all that is shown, from the top: role, name, description, states, labels and id."""
        return self._ask_reader({"do": "read"})

    def find(self, identifier: str) -> list[dict[str, Any]]:
        """Return the same of the first that has this id, if it is shown."""
        return self._ask_reader({"do": "find", "id": identifier})

    def press(self, identifier: str) -> None:
        """Do the first action of what has this id."""
        self._do("press", identifier)

    def focus(self, identifier: str) -> None:
        """Give the focus to what has this id."""
        self._do("focus", identifier)

    def dictate(self, identifier: str, text: str) -> None:
        """Put a text into what has this id, without a key and without the focus."""
        self._do("write", identifier, text=text)

    def _do(self, what: str, identifier: str, **more: str) -> None:
        question = {"do": what, "id": identifier, **more}
        assert wait_until(lambda: self._ask_reader(question) is True, 10), question

    def type(self, text: str, *keys: str) -> None:
        """Press the keys of a text, then those with these names."""
        self._xdotool("type", text)
        self._xdotool("key", *keys)

    def stop(self) -> None:
        while self._running:
            one = self._running.pop()
            if isinstance(one, ServerProcess):
                one.stop()
                continue
            for pipe in (one.stdin, one.stdout):
                if pipe:
                    pipe.close()
            one.terminate()
            one.wait()
        super().stop()

    def _ask_reader(self, question: dict[str, str]) -> Any:
        assert self._reader
        assert self._reader.stdin
        assert self._reader.stdout
        self._reader.stdin.write(json.dumps(question) + "\n")
        self._reader.stdin.flush()
        return json.loads(self._reader.stdout.readline())

    def _xdotool(self, *words: str) -> None:
        if words[1:]:
            subprocess.run(["xdotool", *words], env={**os.environ, **self.environment()}, check=True)


def _number_in(log: Path) -> str:
    """Return what the screen calls itself, as soon as it does; it has other things to say, too."""
    return next((line for line in log.read_text().splitlines() if line.isdigit()), "")


def _has_client() -> bool:
    asks = "import gi; gi.require_version('Atspi', '2.0')"
    done = subprocess.run([_PYTHON, "-c", asks], check=False, capture_output=True) if Path(_PYTHON).exists() else None
    return done is not None and done.returncode == 0
