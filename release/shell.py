"""The manual page and the completions, which are made from the grammar, where a system's share/ has them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

from release.shipped import OURS, ROOT

PLACES = {
    f"{OURS}.1": f"man/man1/{OURS}.1.gz",
    f"{OURS}.bash": f"bash-completion/completions/{OURS}",
    f"_{OURS}": f"zsh/vendor-completions/_{OURS}",
    f"{OURS}.fish": f"fish/vendor_completions.d/{OURS}.fish",
}

_NO_DATE = b' "1" "" '
"""Section and date in the page's first line, as a checkout has them: it is of no day."""


def write(share: Path, epoch: int) -> None:
    """Put them into a folder `share`; the page gets its date from `epoch`, the release's time in seconds."""
    date = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d")
    for name, place in PLACES.items():
        path = share / place
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (ROOT / "resources" / "shell" / name).read_bytes()
        if path.suffix == ".gz":
            data = gzip.compress(data.replace(_NO_DATE, f' "1" "{date}" '.encode(), 1), mtime=0)
        path.write_bytes(data)
