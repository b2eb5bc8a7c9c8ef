"""What all tests share: the servers' fixtures, and the option for the long forms."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator

import pytest

from tests.patience import patience
from wizard.plan.plan import Plan

pytest_plugins = ["tests.servers.fixtures", "tests.faults.witness", "tests.made_up_component"]


LONG = (
    "live/test_residue.py",
    "live/test_inside.py",
    "live/test_command_line.py",
    "live/test_ending.py",
    "live/test_hostile_peers.py",
    "gui/test_walk_on_real_servers.py",
    "gui/test_journeys.py",
    "gui/test_screen_reader.py",
)
"""Files whose tests are begun first: at the end one process would go on with them while the others have nothing."""


def pytest_configure(config: pytest.Config) -> None:
    # A shell starts what it runs in the background with SIGINT ignored, and each child would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    hangup = getattr(signal, "SIGHUP", None)
    if hangup is not None and signal.getsignal(hangup) is signal.SIG_IGN:
        signal.signal(hangup, lambda *_: None)  # `nohup` has it ignored: so these tests go on, and children hear it
    _forget_this_machine()


def _forget_this_machine() -> None:
    """Take out of the environment what would answer for a test: proxies, secrets under NocoBase's names, language,
    and what this user has saved.
    """
    secrets = {name for _key, setting, _value in Plan().settings() if setting.secret for name in setting.env}
    for name in [name for name in os.environ if name in secrets or name.lower().endswith("_proxy")]:
        del os.environ[name]
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="ncw-tests-data-")  # saved clusters and kept runs


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _tests_beside_are_no_crowd() -> Iterator[None]:
    """Let nobody count who runs beside a test, three of which run at a time: what is slow in one is meant to be slow.

    Tests of a crowd count again (`busy` of tests/live/test_busy.py).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wizard.engine.lateness.wanting", lambda: 0)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while tests are imported and collected: there is next to none among a million things."""
    looked = gc.isenabled()
    gc.disable()
    try:
        return (yield)
    finally:
        if looked:
            gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _garbage_is_of_tests() -> None:
    """Look for garbage among what tests make alone: what was collected stays to the end.

    Not sooner: what is set apart is not found by tests/mutation, which looks for the functions that were imported.
    """
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long forms, too")
    parser.addoption("--pictures", metavar="FOLDER", help="keep the pictures that journeys through the window take")
    parser.addoption("--renew-findings", action="store_true", help="write down the findings of these files of tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _scale_timeouts(config, items)
    places = {place: at for at, place in enumerate(LONG)}
    items.sort(key=lambda item: places.get(f"{item.path.parent.name}/{item.path.name}", len(LONG)))
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="a long form, run with --slow"))


def _scale_timeouts(config: pytest.Config, items: list[pytest.Item]) -> None:
    usual = float(config.getini("timeout"))
    for item in items:
        marker = item.get_closest_marker("timeout")
        seconds = float(marker.args[0]) if marker else usual
        item.add_marker(pytest.mark.timeout(patience(seconds)), append=False)
