"""The manual page and the completions, which are made from the grammar, where a system's share/ has them."""

from __future__ import annotations

import gzip
from pathlib import Path

from release.shipped import OURS, ROOT

PLACES = {
    f"{OURS}.1": f"man/man1/{OURS}.1.gz",
    f"{OURS}.bash": f"bash-completion/completions/{OURS}",
    f"_{OURS}": f"zsh/vendor-completions/_{OURS}",
    f"{OURS}.fish": f"fish/vendor_completions.d/{OURS}.fish",
}


def write(share: Path) -> None:
    """Put them into a folder `share`."""
    for name, place in PLACES.items():
        path = share / place
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (ROOT / "resources" / "shell" / name).read_bytes()
        path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
