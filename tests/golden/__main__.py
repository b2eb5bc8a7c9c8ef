"""Write the golden files anew, after a change of them that is wanted: `python -m tests.golden`, then read the diff."""

from __future__ import annotations

import shutil

from tests.golden import FOLDER, golden_files


def main() -> None:
    shutil.rmtree(FOLDER / "bundles", ignore_errors=True)
    for path, text in golden_files().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
