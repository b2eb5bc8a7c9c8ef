"""Runs functions in forks of this process, a few at a time, each under a deadline."""

import contextlib
import ctypes
import gc
import math
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
TIMED_OUT = -1
_ENDS_WITH_ITS_PARENT = 1  # prctl's PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Job(Generic[T]):
    """What a fork does. It ends with the returned code; after `seconds` it is ended with all that it started.

    They are of the processor's time, and, for one that only waits, of the clock, longer on a busy machine.
    """

    about: T
    work: Callable[[], int]
    seconds: float


def run(jobs: Iterable[Job[T]], at_once: int, until: float) -> Iterator[tuple[T, int]]:
    """Yield each job's code, or `TIMED_OUT`, as they end. None begins after `until`, of the monotonic clock."""
    waiting = iter(jobs)
    running: dict[int, tuple[int, Job[T], float]] = {}
    more = True
    while more or running:
        while more and len(running) < at_once:
            job = next(waiting, None) if time.monotonic() < until else None
            if job is None:
                more = False
            else:
                pid = _fork(job)
                running[os.pidfd_open(pid)] = (pid, job, time.monotonic() + job.seconds * busy())
        if running:
            first = min(deadline for _, _, deadline in running.values())
            ended, _, _ = select.select(list(running), [], [], min(60.0, max(0.0, first - time.monotonic())))
            late = [fd for fd, (_, _, deadline) in running.items() if deadline <= time.monotonic() and fd not in ended]
            for fd in (*ended, *late):
                pid, job, _ = running.pop(fd)
                yield job.about, _end(fd, pid, late=fd in late)


def busy() -> float:
    """Return how much longer than on a quiet machine everything takes here, by its load."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _fork(job: Job[T]) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    parent, pid = os.getpid(), os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.setsid()
        _end_with(parent)
        if job.seconds < float("inf"):
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(job.seconds), resource.RLIM_INFINITY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        gc.freeze()  # pytest looks for garbage ten times as it ends: not among all that was imported before
        code = job.work()
    finally:
        os._exit(code)


def _end_with(parent: int) -> None:
    """Let this fork end when the process that made it does, however that comes."""
    ctypes.CDLL(None).prctl(_ENDS_WITH_ITS_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(70)


def _end(fd: int, pid: int, *, late: bool) -> int:
    """Wait for a fork, and end what it left running in its session."""
    try:
        if late:
            _kill(pid)
        _, status = os.waitpid(pid, 0)
        _kill(pid)
        code = os.waitstatus_to_exitcode(status)
        return TIMED_OUT if late or code == -signal.SIGXCPU else abs(code)
    finally:
        os.close(fd)


def _kill(session: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)
