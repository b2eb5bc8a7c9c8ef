"""READMEs of bundles, and their commands run by a shell as they stand there."""

import os
import re
import stat
import subprocess
from pathlib import Path

from tests.unit.plans import SECRETS
from wizard.export import bundle

RECORDER = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
echo "  in $(pwd) with lock $LOCK_ADAPTER_DEFAULT" >> "$CALLS"
[ -f ../env/cluster.env ] && grep ^LOCK_ADAPTER_DEFAULT ../env/cluster.env >> "$CALLS"
case "$(basename "$0")" in curl) echo ok;; esac
exit 0
"""


def scripts(readme: str, after: str = "") -> list[str]:
    """Return the shell scripts in a README, those after the text `after` alone."""
    assert after in readme
    blocks = re.finditer(r"^( *)```sh\n(.*?)^\1```$", readme[readme.index(after) :], re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{block[1]}", "", block[2], flags=re.MULTILINE) for block in blocks]


def script_with(readme: str, part: str) -> str:
    """Return the first script that has `part` in it."""
    return next(script for script in scripts(readme) if part in script)


def readme_of(plan, secrets=SECRETS, targets=()):
    return next(file.text for file in bundle.render(plan, secrets, targets=targets) if file.path == "README.md")


class Shell:
    """Runs scripts with programs that only note their calls."""

    def __init__(self, root: Path, **programs: str) -> None:
        self.bin, self.calls = root / "programs", root / "calls"
        self.bin.mkdir()
        for name, text in programs.items():
            path = self.bin / name
            path.write_text(text)
            path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def tried(self, script: str, folder: Path, **variables: str) -> tuple[int, str, str]:
        """Return the exit code, what was called, and what was said."""
        self.calls.write_text("")
        environ = {"PATH": f"{self.bin}:{os.environ['PATH']}", "CALLS": str(self.calls), **variables}
        done = subprocess.run(
            ["sh", "-ec", script], cwd=folder, env=environ, capture_output=True, text=True, check=False
        )
        return done.returncode, self.calls.read_text(), done.stdout + done.stderr

    def run(self, script: str, folder: Path, **variables: str) -> str:
        """Return what was called by a script that works."""
        code, calls, said = self.tried(script, folder, **variables)
        assert code == 0, said
        return calls
