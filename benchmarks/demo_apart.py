"""A demo cluster in a process of its own, as a real one is: else it would take its turns from what is measured."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from benchmarks.relays import relays
from wizard.app.demo import running_demo
from wizard.demo.rabbitmq import RabbitMq
from wizard.formats import cluster_file
from wizard.formats.sites import nginx
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

BROKER = "trixie"
"""The Debian release whose RabbitMQ the tests have in a folder."""


@contextlib.contextmanager
def demo_apart(nodes: int, delay: float = 0.0) -> Iterator[tuple[Plan, dict[str, Secret]]]:
    """Start a demo of `nodes` nodes with all that the machine offers; give its plan and its secrets.

    With a `delay` in seconds every piece that a server or a client sends comes so much later, through relays.
    """
    command = [sys.executable, "-m", __name__, str(nodes), str(delay)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the demo has no pipes")
        try:
            told = json.loads(child.stdout.readline())
            secrets = {name: Secret(value) for name, value in told["secrets"].items()}
            yield cluster_file.read(told["plan"], "cluster.yaml"), secrets
        finally:
            child.stdin.close()


def worked(run: Callable[[], object]) -> dict[str, float]:
    """Return the seconds that processors worked for a run, here and in the servers of the demo."""
    ours, servers = time.process_time(), _of_servers()
    run()
    return {"work_here": time.process_time() - ours, "work_of_servers": _of_servers() - servers}


def _of_servers() -> float:
    spent = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent += sum(child.cpu_times()[:4])  # its own, and that of its children that have ended
    return spent


def _broker() -> Callable[[], RabbitMq]:
    from tests.servers.rabbitmq import ForeignRabbitMq

    return lambda: ForeignRabbitMq(BROKER)


def _far(plan: Plan, delay: float, stack: contextlib.ExitStack) -> Plan:
    """Return the plan with every server of this machine behind a relay."""
    values = {key: value for key, _setting, value in plan.settings()}
    here = {
        key: value
        for key, value in values.items()
        if key.endswith(".port") and value and values.get(f"{key.removesuffix('port')}host") == "127.0.0.1"
    }
    asked = {key: port for key, port in here.items() if not key.startswith("balancer.")}
    behind = stack.enter_context(relays(set(asked.values()), delay))
    for key, port in asked.items():
        plan = plan.with_value(key, behind[port])
    return plan


def _serve(nodes: int, delay: float) -> None:
    with (
        contextlib.ExitStack() as stack,
        running_demo(lambda _line: None, nodes=nodes, broker=_broker()) as demo,
        tempfile.TemporaryDirectory() as folder,
    ):
        near = _far(demo.plan, delay, stack) if delay else demo.plan
        site = Path(folder, "site.conf")
        site.write_text(nginx.render(near), encoding="utf-8")
        plan = near.with_value("balancer.site_file", str(site))
        secrets = {name: secret.reveal() for name, secret in demo.secrets.items()}
        print(json.dumps({"plan": cluster_file.write(plan), "secrets": secrets}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), float(sys.argv[2]))
