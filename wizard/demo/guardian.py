"""Processes and folders that never outlive this program, however it ends.

`Guardian`         ends the groups it watches and removes a folder as soon as this program has died.
`new_folder()`     a temporary folder with its guardian.
`guarded_folder()` a temporary folder that is gone after this program.

A process of its own, since PR_SET_PDEATHSIG fires when the *thread* that started a child ends, and servers are started
from short-lived threads.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.plan.child_environment import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

# Its standard input names process groups, a line for each that begins or has ended, and closes when the parent dies.
# What has no group of ours (a tool that this program did not start itself) may still be writing into the folder then,
# so removing it is tried again for a while.
_GUARDIAN = """
groups=' '
while read -r word group; do
  case $word in
    watch) groups="$groups$group " ;;
    forget) case $groups in *" $group "*) groups="${groups%%" $group "*} ${groups#*" $group "}" ;; esac ;;
  esac
done
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
        """Begin; the folder need not be there yet."""
        self._shell: subprocess.Popen[bytes] | None = subprocess.Popen(
            ["/bin/sh", "-c", _GUARDIAN, "guardian", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=bare(os.environ),
            start_new_session=True,
        )

    def watch(self, group: int) -> None:
        """End this process group, too: SIGTERM, and SIGKILL three seconds later."""
        self._tell(b"watch %d\n" % group)

    def forget(self, group: int) -> None:
        """Leave this group alone from now on: it has ended, and its number may become somebody else's."""
        with contextlib.suppress(BrokenPipeError):
            self._tell(b"forget %d\n" % group)

    def _tell(self, line: bytes) -> None:
        if self._shell and self._shell.stdin:
            self._shell.stdin.write(line)
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


def new_folder(prefix: str) -> tuple[Path, Guardian]:
    """Make a temporary folder, mode 0700, and the guardian that removes it where this program dies."""
    folder = Path(tempfile.gettempdir(), f"{prefix}{secrets.token_hex(8)}")
    guardian = Guardian(folder)  # comes first: a death in between leaves nothing
    try:
        folder.mkdir(mode=0o700)
    except BaseException:  # also an interrupt: the guardian is a process of its own
        guardian.dismiss()
        raise
    return folder, guardian


@contextlib.contextmanager
def guarded_folder(prefix: str) -> Iterator[Path]:
    """Return a temporary folder; it is removed after the block, and also where this program is killed before."""
    if os.name != "posix":
        with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
            yield Path(name)
        return
    folder, guardian = new_folder(prefix)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        guardian.dismiss()
