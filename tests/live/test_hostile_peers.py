"""Servers that mean ill: a check of one ends in time and in words, and holds little memory, no thread and no socket."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience
from tests.servers import hostile_data, hostile_web
from tests.servers.hostile import Script, all_of
from tests.servers.tls import Authority

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
MEMORY = 300 * 1024 * 1024
TIMEOUT = 2.0
"""Seconds for each check, less than what the drivers allow: so it is the deadline that ends them."""
AT_ONCE = 2
"""Floods at once: each may take all of its share of memory."""
KINDS = ("redis", "postgres", "mysql", "amqp", "node", "licence", "balancer")
"""Each in a process of its own: what one flood took, the system's allocator keeps for the next."""


def _run(scripts: dict[str, Script], authority: Path, *, jobs: int = 64) -> dict:
    with all_of(scripts) as ports:
        asked = {"ports": ports, "jobs": jobs, "timeout": TIMEOUT, "authority": str(authority)}
        done = subprocess.run(
            [sys.executable, "-m", "tests.live.hostile_run"],
            cwd=ROOT,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=patience(120),
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def trusted(authority, tmp_path):
    """A file with the authority of the peers that speak TLS."""
    (file := tmp_path / "authority.pem").write_bytes(authority.pem)
    return file


def _assert_in_words(told: dict) -> None:
    for name, findings in told["found"].items():
        severities = {one["severity"] for one in findings}
        assert severities & {"fail", "unknown"}, (name, findings)
        for one in findings:
            assert not re.search(r"Traceback|\w+Error\b|\w+Exception\b", one["said"]), (name, one)
            assert "fault in this program" not in one["said"], (name, one)


def _assert_gone(told: dict) -> None:
    assert told["threads"] == []
    assert told["sockets"] == 0
    assert told["peak"] <= MEMORY


def test_what_sends_little_ends_in_words_and_leaves_nothing(trusted):
    told = _run(hostile_data.QUIET | hostile_web.QUIET, trusted)
    _assert_in_words(told)
    _assert_gone(told)
    assert told["took"] <= patience(TIMEOUT + 1) + told["worked"], "its deadline and a second, but for what was work"


@pytest.mark.parametrize("kind", KINDS)
def test_what_sends_without_end_is_cut_off_and_said_so(kind, trusted, authority):
    told = _run(_of(kind, authority), trusted, jobs=AT_ONCE)
    _assert_in_words(told)
    _assert_gone(told)


def test_each_flood_is_of_a_kind_that_is_tried(authority):
    assert {re.split("[: ]", name)[0] for name in _floods(authority)} == set(KINDS)


def _of(kind: str, authority: Authority) -> dict[str, Script]:
    return {name: script for name, script in _floods(authority).items() if name.startswith(kind)}


def _floods(authority: Authority) -> dict[str, Script]:
    return hostile_data.FLOODS | hostile_web.FLOODS | hostile_web.behind_tls(authority)
