"""Where root may not mount, as in an unprivileged container, servers in a chroot are skipped with the reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import patience

pytestmark = pytest.mark.live
ROOT = Path(__file__).parents[2]
WITHOUT = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]


@pytest.fixture(autouse=True)
def _as_root():
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root has a right to lose")


@pytest.mark.parametrize(("ci", "code", "told"), [("", 0, "1 skipped"), ("true", 1, "1 failed")])
def test_rabbitmq_is_skipped_with_the_reason_and_fails_on_ci(ci: str, code: int, told: str):
    words = ["tests/live/test_servers.py", "-k", "rabbitmq_is_the_version and rabbitmq3", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*WITHOUT, sys.executable, "-m", "pytest", *words],
        env={**os.environ, "CI": ci},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(),
    )
    assert done.returncode == code, done.stdout
    assert told in done.stdout.splitlines()[-1]
    assert "needs the right to mount" in done.stdout
