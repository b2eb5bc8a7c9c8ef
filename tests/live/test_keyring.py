"""The secret store on a real Secret Service: what is kept is found later; a locked or hung one is told in words."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.secret_service import SecretService

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
OPEN = """
import json, sys
from wizard.plan.secret import Secret
from wizard.storage.secret_store import SecretStoreError, open_secret_store
opened = open_secret_store(float(sys.argv[1]))
store = opened.secret_store
told = {"title": store.title, "persistent": store.persistent, "reason": opened.reason, "found": []}
for step, name, value in json.load(sys.stdin):
    if step == "set":
        opened.secret_store.set("c1", name, Secret(value))
    elif step == "delete":
        opened.secret_store.delete("c1", name)
    else:
        secret = opened.secret_store.get("c1", name)
        told["found"].append(None if secret is None else secret.reveal())
print(json.dumps(told))
"""


def secret_store(environment: dict[str, str], *steps: tuple[str, str, str], bound: float = 20) -> dict:
    """Open the secret store in a process of its own, do the steps, and give what it told."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "XDG_"))}
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(bound)],
        env={**plain, **environment, "PYTHONPATH": str(ROOT)},
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_one_process_keeps_another_finds(secret_service: SecretService):
    values = {"short": "pass word'\"\\é漢", "long": "-----BEGIN KEY-----\n" + "A" * 5000, "empty": ""}
    told = secret_store(secret_service.environment(), *(("set", name, value) for name, value in values.items()))
    assert (told["title"], told["persistent"], told["reason"]) == ("Secret Service (login keyring)", True, "")
    told = secret_store(secret_service.environment(), *(("get", name, "") for name in [*values, "never"]))
    assert told["found"] == [*values.values(), None]


def test_what_was_deleted_is_gone(secret_service: SecretService):
    steps = [("set", "a", "x" * 3000), ("delete", "a", ""), ("delete", "a", ""), ("get", "a", "")]
    assert secret_store(secret_service.environment(), *steps)["found"] == [None]


def test_a_locked_keyring_gives_the_session_and_says_why(launch: Callable):
    locked = launch(lambda: SecretService(unlocked=False))
    told = secret_store(locked.environment())
    assert (told["title"], told["persistent"]) == ("this session only", False)
    assert "locked" in told["reason"]


def test_a_keyring_that_was_locked_meanwhile_is_told_with_a_way_on(launch: Callable):
    service = launch(SecretService)
    assert secret_store(service.environment(), ("set", "a", "kept"))["persistent"]
    service.lock()
    assert "is locked. Unlock it, and look again" in secret_store(service.environment())["reason"]


def test_a_keyring_opens_with_its_own_password_alone(launch: Callable, tmp_path: Path):
    def asked(password: str, *steps: tuple[str, str, str]) -> dict:
        service = launch(lambda: SecretService(data=tmp_path, password=password))
        told = secret_store(service.environment(), *steps)
        service.stop()
        return told

    asked("the right one", ("set", "a", "kept"))
    wrong = asked("a wrong one", ("get", "a", ""))
    assert (wrong["persistent"], wrong["found"]) == (False, [None])
    assert "is locked" in wrong["reason"]
    assert asked("the right one", ("get", "a", ""))["found"] == ["kept"]


def test_without_a_bus_the_session_is_used_and_says_why(tmp_path: Path):
    told = secret_store(
        {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'nobody'}", "XDG_RUNTIME_DIR": str(tmp_path)}
    )
    assert not told["persistent"]
    assert "No keyring was found" in told["reason"]


def test_a_bus_that_never_answers_is_given_up(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "bus"))
        silent.listen()
        told = secret_store({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}"}, bound=0.5)
    assert not told["persistent"]
    assert "did not answer within 0.5 s" in told["reason"]
