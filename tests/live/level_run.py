"""A process of its own that runs the checks of some clusters in turn, and tells how large it is after each run.

Arguments: how many runs, then the folders, each with `cluster.yaml` and `secrets.env`.
"""

import gc
import json
import sys
import threading
from pathlib import Path

from tests.patience import patience
from wizard.app.check import prepare
from wizard.app.gather_secrets import gather_secrets
from wizard.app.open_source import open_source
from wizard.engine.events import Event, RunFinished


def main(times: int, folders: list[str]) -> None:
    """Run so often, and tell memory (bytes), threads and open files after each run."""
    clusters = []
    for folder in folders:
        opened = open_source(str(Path(folder) / "cluster.yaml"))
        secrets = gather_secrets(opened.plan, opened.secrets, environ={}, secrets_file=Path(folder) / "secrets.env")
        clusters.append((opened.plan, secrets))
    sizes = []
    for number in range(times):
        _run(*clusters[number % len(clusters)])
        sizes.append((_memory(), threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))))
    json.dump(sizes, sys.stdout)


def _run(plan, secrets) -> None:
    over = threading.Event()

    def take(event: Event) -> None:
        if isinstance(event, RunFinished):
            over.set()

    prepare(plan, secrets, take).start()
    assert over.wait(patience())
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(patience())
    gc.collect()


def _memory() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
