"""Known vulnerabilities of what is shipped, as pip-audit tells them, where its data can be had."""

from __future__ import annotations

import json
import subprocess
import sys

from release.shipped import ROOT

LOCK = ROOT / "requirements" / "run.txt"


class NoDataError(Exception):
    """Nobody could be asked, or not about all; the text is what pip-audit said."""


def known_vulnerabilities() -> list[str]:
    """Return `package version: id` of each that is known; raises NoDataError where some cannot be told."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip", "--no-deps"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        raise NoDataError(done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}") from None
    found = [f"{one['name']} {one['version']}: {vuln['id']}" for one in packages for vuln in one.get("vulns", ())]
    left = [one["name"] for one in packages if "vulns" not in one]
    if not found and (left or not packages):
        raise NoDataError(f"it does not know {', '.join(left)}" if left else "it was asked about no package")
    return found
