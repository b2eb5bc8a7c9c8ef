"""Processes and folders that never outlive this program, however it ends.

`Guardian`         ends the groups it watches and removes a folder as soon as this program has died.
`guarded_folder()` a temporary folder that is gone after this program.

A process of its own, since PR_SET_PDEATHSIG fires when the *thread* that started a child ends, and servers are started
from short-lived threads.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Its standard input names a process group a line and ends when the parent dies. A tool of the parent's may still be
# writing into the folder then, so removing it is tried again for a while.
_GUARDIAN = """
groups=
while read -r group; do groups="$groups $group"; done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
n=0
for group in $groups; do
  while kill -s 0 -- "-$group" 2>/dev/null && [ "$n" -lt 30 ]; do sleep 0.1; n=$((n + 1)); done
  kill -s KILL -- "-$group" 2>/dev/null
done
n=0
while rm -rf -- "$1" 2>/dev/null; [ -e "$1" ] && [ "$n" -lt 30 ]; do sleep 0.1; n=$((n + 1)); done
"""


class Guardian:
    """Stands by from its making until `dismiss()`; where this program dies before, it removes `folder`."""

    def __init__(self, folder: Path) -> None:
        self._shell: subprocess.Popen[bytes] | None = subprocess.Popen(
            ["/bin/sh", "-c", _GUARDIAN, "guardian", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        """End this process group, too: SIGTERM, and SIGKILL three seconds later."""
        if self._shell and self._shell.stdin:
            self._shell.stdin.write(b"%d\n" % group)
            self._shell.stdin.flush()

    def dismiss(self) -> None:
        """Stop guarding; harmless when it was dismissed before."""
        shell, self._shell = self._shell, None
        if shell is None:
            return
        shell.kill()
        shell.wait()
        if shell.stdin:
            shell.stdin.close()


@contextlib.contextmanager
def guarded_folder(prefix: str) -> Iterator[Path]:
    """Give a temporary folder; it is removed after the block, and also where this program is killed before."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    guardian = Guardian(folder) if os.name == "posix" else None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if guardian:
            guardian.dismiss()
