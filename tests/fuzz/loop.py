"""What the fuzzer does with each content, and the plain loop without atheris."""

import random
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.fuzz.corpus import changed, kept
from tests.fuzz.readers import read
from tests.patience import processor_time

MOST_SECONDS = 2.0
LONGEST = 4096
"""Bytes of a content: what a reader breaks on is short; how long it takes for a long one, other tests measure."""


class TooSlowError(Exception):
    """One content took too long."""


def target(name: str, folder: Path) -> Callable[[bytes], None]:
    """Return what the fuzzer calls with each content."""

    def seconds(data: bytes) -> float:
        here = folder / "here"
        here.mkdir()
        begin = time.process_time()
        try:
            read(name, data, here)
        finally:
            shutil.rmtree(here)
        return time.process_time() - begin

    def once(data: bytes) -> None:
        if seconds(data) > MOST_SECONDS and seconds(data) > processor_time(
            MOST_SECONDS
        ):  # the first time, modules are loaded
            raise TooSlowError(name)

    return once


def tried(name: str, contents: Iterable[bytes], folder: Path) -> int:
    """Read contents one after the other, and return how many there were; what breaks a reader is kept in a file."""
    once, count = target(name, folder), 0
    for data in contents:
        count += 1
        try:
            once(data)
        except BaseException:
            crash = Path(f"crash-{name}")
            crash.write_bytes(data)
            print(f"{name} breaks on {crash}", file=sys.stderr)
            raise
    return count


def random_changes(name: str, seconds: float, seed: int) -> Iterable[bytes]:
    """Return contents kept for a reader, each changed at random, for so many seconds."""
    end, chance, known = time.monotonic() + seconds, random.Random(seed), kept(name)
    while time.monotonic() < end:
        yield changed(chance.choice(known), chance, LONGEST)
