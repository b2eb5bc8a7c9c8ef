"""Nodes in a process of their own, as real ones are: else they would take their turns from what is measured."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from wizard.demo.nodes import NodeStandIn


@contextlib.contextmanager
def stand_ins(count: int) -> Iterator[list[int]]:
    """Start `count` stand-ins in one child process and give their ports."""
    command = [sys.executable, "-m", __name__, str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the stand-ins have no pipes")
        try:
            yield [int(port) for port in child.stdout.readline().split()]
        finally:
            child.stdin.close()


def _serve(count: int) -> None:
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(NodeStandIn(f"node{number + 1}")) for number in range(count)]
        print(*(node.port for node in nodes), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
