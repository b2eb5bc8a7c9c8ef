"""Many runs in one process stay level: a window that is open for weeks grows no larger with them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.whole_cluster import both_kinds
from tests.patience import patience
from tests.servers.fixtures import running
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode

pytestmark = [pytest.mark.live, pytest.mark.slow, pytest.mark.timeout(3600)]
ROOT = Path(__file__).parents[2]
RUNS, FIRST, GROWTH = 500, 100, 1.05


def test_500_runs_in_one_process_stay_level(authority, tmp_path):
    (of_clusters := tmp_path / "clusters").mkdir()
    with running(lambda: both_kinds(authority, of_clusters)) as clusters:
        folders = [_written(cluster, tmp_path / str(number)) for number, cluster in enumerate(clusters)]
        command = [sys.executable, "-m", "tests.live.level_run", str(RUNS), *folders]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience(3000))
    assert done.returncode == 0, done.stderr
    memory, threads, files = zip(*json.loads(done.stdout), strict=True)
    assert max(memory[-FIRST:]) <= GROWTH * max(memory[:FIRST])
    assert max(threads[-FIRST:]) <= max(threads[:FIRST])
    assert max(files[-FIRST:]) <= max(files[:FIRST])


def _written(cluster, folder: Path) -> str:
    folder.mkdir()
    (folder / "cluster.yaml").write_text(cluster_file.write(cluster.plan))
    text = dotenv.write(cluster.plan, cluster.secrets, SecretsMode.INLINE)[0].text
    password = cluster.secrets["application.check_password"].reveal()
    (folder / "secrets.env").write_text(f"{text}\nNCW_CHECK_PASSWORD='{password}'\n")
    return str(folder)
