"""What a Linux desktop needs to show the program: entry of its menu, icon, and what a software centre tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from release.icon import drawing
from release.shipped import OURS, ROOT
from wizard import __version__

_FOLDER = ROOT / "release" / "linux"
ENTRY = f"applications/{OURS}.desktop"
ICON = f"icons/hicolor/scalable/apps/{OURS}.svg"
METAINFO = "metainfo/io.github.nocobase_cluster_wizard.NocoBaseClusterWizard.metainfo.xml"


def write(share: Path, epoch: int) -> None:
    """Write the three below `share`, as they stand below /usr/share; `epoch` is the release's time in seconds."""
    metainfo = (_FOLDER / "metainfo.xml").read_text(encoding="utf-8")
    date = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d")
    texts = {
        ENTRY: (_FOLDER / f"{OURS}.desktop").read_text(encoding="utf-8"),
        ICON: drawing(),
        METAINFO: metainfo.replace("@VERSION@", __version__).replace("@DATE@", date),
    }
    for name, text in texts.items():
        path = share / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
