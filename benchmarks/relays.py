"""Relays before the servers of a demo: each passes every piece on later, both ways, as a far network does.

One thread of a process of its own does it for all of them, so that they take little from what is measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from wizard.demo.process import LOOPBACK

_PIECE = 65536
_AT_WORK: set[asyncio.TaskGroup] = set()


@contextlib.contextmanager
def relays(ports: Iterable[int], delay: float) -> Iterator[Mapping[int, int]]:
    """Start a relay before each of these ports of this machine, `delay` seconds each way; give the port of each."""
    command = [sys.executable, "-m", __name__, str(delay), *map(str, ports)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the relays have no pipes")
        try:
            yield {int(port): relay for port, relay in json.loads(child.stdout.readline()).items()}
        finally:
            child.stdin.close()


async def _pass_on(source: StreamReader, target: StreamWriter, delay: float) -> None:
    """Write each piece `delay` seconds after it was read, however many are on their way; at last, that none comes."""
    now, waiting = asyncio.get_running_loop().time, asyncio.Queue[tuple[float, bytes]]()

    async def read() -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(_PIECE):
                waiting.put_nowait((now() + delay, piece))
        waiting.put_nowait((now() + delay, b""))

    reading = asyncio.create_task(read())
    while True:
        due, piece = await waiting.get()
        await asyncio.sleep(due - now())
        if not piece:
            with contextlib.suppress(OSError, RuntimeError):  # it is closed already
                target.write_eof()
            return await reading
        target.write(piece)


async def _relay(port: int, delay: float, near_in: StreamReader, near_out: StreamWriter) -> None:
    far_in, far_out = await asyncio.open_connection(LOOPBACK, port)
    async with asyncio.TaskGroup() as both:
        _AT_WORK.add(both)  # what waits for a connection that has gone is kept by nobody else
        both.create_task(_pass_on(near_in, far_out, delay))
        both.create_task(_pass_on(far_in, near_out, delay))
    _AT_WORK.discard(both)
    near_out.close()
    far_out.close()


async def _serve(delay: float, ports: Iterable[int]) -> None:
    servers = {port: await asyncio.start_server(partial(_relay, port, delay), LOOPBACK, 0) for port in ports}
    print(json.dumps({port: server.sockets[0].getsockname()[1] for port, server in servers.items()}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)  # what is still passed on ends with its process


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
