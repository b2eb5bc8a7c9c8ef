"""Another program as the way to another machine: words of a command, text in, text out, bounded in size and time.

No shell reads the words. The program is the system's own, so that the admin's configuration and agent count.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import field

from wizard.dataclass import dataclass
from wizard.engine.facts import Trouble
from wizard.engine.sockets import are_closed
from wizard.net.cleanup import CLEANUP
from wizard.plan.child_environment import without_secrets
from wizard.plan.finding import ErrorKind
from wizard.plan.i18n import decimal, tr
from wizard.plan.lookalikes import without_lookalikes
from wizard.plan.quoted import Own, Quoted

LARGEST = 1024 * 1024
"""Bytes of an answer that are read."""
_KEPT_WORDS, LAST_WORDS = 64 * 1024, 2000
"""Bytes of the standard error that are kept, and characters at its end that may be shown: what was cut is never."""
_GRACE = 0.5
"""Seconds to read what is left after the program's end: one that it left behind may hold its output open."""
_PIECE = 64 * 1024
_BEAT = 0.1
"""Seconds from one look at whether the check goes on to the next."""


class TransportError(Exception):
    """A program that gave no answer; `trouble` says why, `output` is what it wrote before it failed."""

    def __init__(self, trouble: Trouble, output: bytearray | None = None) -> None:
        """Take what is to be told."""
        super().__init__(trouble.message)
        self.trouble, self.output = trouble, output or bytearray()


@dataclass(slots=True)
class Answer:
    """What a program wrote, and when: `sent` and `received` are seconds since 1970, before its start and after it."""

    sent: float
    received: float = 0.0
    output: bytearray = field(default_factory=bytearray)
    errors: bytearray = field(default_factory=bytearray)


def words_of(template: str, name: str) -> list[str]:
    """Return the words of a command in which `{target}` stands for `name`; raises ValueError where it has none."""
    if name.startswith("-"):
        raise ValueError(tr("“{name}” would be taken for an option", name=name))
    try:
        words = [word.replace("{target}", name) for word in shlex.split(template)]
    except ValueError:
        raise ValueError(tr("a quote or a backslash in the command has no end")) from None
    if not words:
        raise ValueError(tr("the command is empty"))
    return words


def ask(words: list[str], data: bytes, seconds: float, environment: Mapping[str, str] | None = None) -> Answer:
    """Run a program with `data` on its standard input and return its answer; raises TransportError.

    It gets this program's environment without NocoBase's secrets, or the one given.
    """
    answer = Answer(time.time())
    try:
        child = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=without_secrets(os.environ) if environment is None else environment,
            start_new_session=os.name == "posix",
        )
    except (OSError, ValueError) as error:
        raise TransportError(_not_started(words[0], error)) from error
    with CLEANUP.pending(lambda: _stop(child)), contextlib.ExitStack() as stack:
        for pipe in (child.stdin, child.stdout, child.stderr):
            stack.callback(_close, pipe)
        trouble = _talk(child, data, answer, seconds)
    if trouble:
        raise TransportError(trouble, answer.output)
    return answer


def _talk(child: subprocess.Popen[bytes], data: bytes, answer: Answer, seconds: float) -> Trouble | None:
    readers = [
        threading.Thread(target=work, args=(child, answer), name="transport", daemon=True)
        for work in (_read_output, _read_errors)
    ]
    threading.Thread(target=_write, args=(child, data), name="transport", daemon=True).start()
    for reader in readers:
        reader.start()
    code = _wait(child, seconds)
    if code is None:
        _stop(child)
        words = tr("no answer within {seconds} s", seconds=decimal(seconds, ".3g"))
        return Trouble(ErrorKind.TIMEOUT, Own(words), about=last_words(answer.errors))
    for reader in readers:
        reader.join(_GRACE)
    if len(answer.output) > LARGEST:
        return Trouble(ErrorKind.PROTOCOL, Own(tr("its answer is longer than {most} MiB", most=LARGEST // 1024**2)))
    if code:
        words = tr("it ended with {code}", code=code)
        return Trouble(ErrorKind.OTHER, Own(words), about=last_words(answer.errors))
    return None


def _wait(child: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Wait for the program's end and return its code; None once the time is over, or the check is given up."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not are_closed():
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(min(left, _BEAT))
    return child.poll()


def _not_started(program: str, error: Exception) -> Trouble:
    kind = ErrorKind.MISSING if isinstance(error, FileNotFoundError) else ErrorKind.PERMISSION
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Trouble(kind, Own(tr("{program} cannot be started: {reason}", program=program, reason=reason)))


def _write(child: subprocess.Popen[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        if child.stdin:
            child.stdin.write(data)
            child.stdin.close()


def _read_output(child: subprocess.Popen[bytes], answer: Answer) -> None:
    with contextlib.suppress(OSError, ValueError):
        while child.stdout and (piece := os.read(child.stdout.fileno(), _PIECE)):
            answer.received = answer.received or time.time()
            answer.output += piece
            if len(answer.output) > LARGEST:
                _stop(child)
                return


def _read_errors(child: subprocess.Popen[bytes], answer: Answer) -> None:
    with contextlib.suppress(OSError, ValueError):
        while child.stderr and (piece := os.read(child.stderr.fileno(), _PIECE)):
            answer.errors += piece
            del answer.errors[:-_KEPT_WORDS]


def last_words(said: bytearray) -> str:
    """Return what a program said at its end, on one line, without what is known or looks like a secret."""
    text = Quoted(bytes(said[-_KEPT_WORDS:]).decode(errors="replace")).shown()
    return Quoted(" ".join(without_lookalikes(text).split()))


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the program and what it started; politely first, as the other side has something to take back."""
    if child.poll() is not None:
        return
    _signal(child, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE)
        return
    _signal(child, getattr(signal, "SIGKILL", signal.SIGTERM))
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(_GRACE)


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)


def _close(pipe: object) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe.close()  # type: ignore[attr-defined]
