"""Bundles whose secrets are filled in by their own script."""

import re
import shutil
import subprocess
from pathlib import Path

from wizard.export import bundle
from wizard.export.secrets_file import PATH, SCRIPT
from wizard.formats.files import SecretsMode

SHELLS = {
    "sh": ["sh"],
    "dash": ["dash"],
    "bash": ["bash"],
    "busybox": ["busybox", "sh"],
}
AWKS = {"gawk": "gawk", "mawk": "mawk", "busybox": "busybox awk"}


def there(names):
    """Return those of the programs that this machine has."""
    return [name for name in names if shutil.which(name)]


def written(plan, folder: Path, **filled: str) -> None:
    """Write the bundle without secrets, and the values into the one file for them."""
    for file in bundle.render(plan, {}, SecretsMode.REFERENCE, ["env"]):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="")
        path.chmod(file.mode)
    put(folder, **filled)


def put(folder: Path, **filled: str) -> None:
    path = folder / PATH
    lines = path.read_bytes().decode().split("\n")
    own = [re.sub(r"^#?([A-Z_]+)=.*", r"\1", line) for line in lines]
    lines = [f"{name}={filled[name]}" if name in filled else line for name, line in zip(own, lines, strict=True)]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))


def run(folder: Path, shell: str = "sh", awk: str = "", *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script with a shell, and with one certain awk."""
    programs = folder.parent / f"{folder.name}-programs"
    programs.mkdir(exist_ok=True)
    for name in ("awk", "dirname", "cat", "mv", "rm"):
        command = AWKS[awk] if awk and name == "awk" else shutil.which(name)
        (programs / name).write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin:/usr/sbin:/sbin exec {command} "$@"\n')
        (programs / name).chmod(0o700)
    command = [shutil.which(SHELLS[shell][0]) or shell, *SHELLS[shell][1:], str(folder / SCRIPT), *options]
    return subprocess.run(
        command, env={"PATH": str(programs)}, capture_output=True, text=True, errors="replace", check=False
    )
