"""`--version` and `--help` against a Python that does nothing: what is asked most often answers at once."""

from __future__ import annotations

import sys
import tempfile

from benchmarks.timing import medians, of_a_new_user, tell, took

REPEAT = 25
WANTED_VERSION, WANTED_HELP = 3.0, 5.0
_OURS = "from wizard.__main__ import main; main()"
"""What the installed program `nocobase-cluster-wizard` is."""


def _took(program: str, option: str, home: str) -> float:
    return took([sys.executable, "-c", program, option], of_a_new_user(home))


def main() -> bool:
    """Measure and tell; return whether both ratios hold."""
    with tempfile.TemporaryDirectory() as home:
        for option in ("--version", "--help"):
            _took(_OURS, option, home)
        found = medians(
            REPEAT,
            bare=lambda: _took("pass", "", home),
            version=lambda: _took(_OURS, "--version", home),
            help=lambda: _took(_OURS, "--help", home),
        )
    version = tell("--version ÷ python -c pass", found["version"] / found["bare"], WANTED_VERSION, **found)
    return tell("--help ÷ python -c pass", found["help"] / found["bare"], WANTED_HELP, **found) and version


if __name__ == "__main__":
    sys.exit(not main())
