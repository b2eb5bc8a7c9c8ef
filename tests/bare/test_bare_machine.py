"""The two commands on a bare Debian: `scripts/run demo --headless`, and of `scripts/test` what leans on the machine."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.patience import patience
from tests.servers.bare import BareMachine, bare_machine
from tests.servers.fixtures import running

pytestmark = [pytest.mark.live, pytest.mark.timeout(1500)]
TESTS = (
    "tests/live/test_servers.py",
    "tests/live/test_exported_nginx.py::test_every_variant_and_example_is_accepted_without_root_and_without_a_warning",
    "tests/package/test_frozen.py",
    "tests/package/test_wheel.py",
)
MACHINES = [
    pytest.param(("bookworm", "root"), id="Debian 12 as root"),
    pytest.param(("trixie", "root"), id="Debian 13 as root", marks=pytest.mark.slow),
    pytest.param(("bookworm", "someone"), id="Debian 12 with sudo", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Iterator[BareMachine]:
    release, user = request.param
    with running(lambda: bare_machine(release, user)) as made:
        yield made


def _told(done: subprocess.CompletedProcess[str]) -> str:
    return f"ended with {done.returncode}\n{done.stdout[-8000:]}\n{done.stderr[-4000:]}"


def test_the_first_command_starts_all_of_the_demo_that_can_be_had(machine: BareMachine):
    done = machine.run("scripts/run", "demo", "--headless", seconds=patience(600))
    assert done.returncode == 0, _told(done)
    assert done.stdout.splitlines()[0] == "5 of 6 parts of the demo run.", _told(done)
    assert "Not in this demo: there is no RabbitMQ server." in done.stdout
    assert "initdb" not in done.stdout + done.stderr


def test_the_second_command_installs_itself_and_its_servers_and_package_work(machine: BareMachine):
    as_root = machine.user == "root"
    environment = {"CI": "true"} if as_root else {}  # root may do everything: nothing is missing
    words = (*TESTS, "-n", "2", "--dist", "loadfile")
    done = machine.run("scripts/test", *words, seconds=patience(1200), **environment)
    assert done.returncode == 0, _told(done)
    assert done.stdout.splitlines()[-1] == "all passed"
    assert re.search(r"== \d+ passed", done.stdout.replace("=" * 3, "=")), _told(done)
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert [line for line in skipped if as_root or "needs root" not in line] == []
    machine.keep_wheels()
