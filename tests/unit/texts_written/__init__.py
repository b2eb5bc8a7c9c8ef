"""What a change of the plan changes in a text that is written from it, in `NAME.txt`.

Behind `=== CASE` stand the lines that are gone (`-`) and those that are new (`+`), beside the text of the good plan.
After a change that is wanted `python -m tests.unit.texts_written` writes them anew; read the diff.
"""

import difflib
from pathlib import Path

from tests.unit.told import changed

FOLDER = Path(__file__).parent


def written(kind):
    """Return the lines that differ, by the name of the case."""
    text = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return {name: body for name, _, body in parts}


def plan_with(changes):
    return changed(changes)[0]


def difference(before, after):
    """Return the lines that are gone and those that are new."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "".join(f"{row}\n" for row in rows if not row.startswith(("---", "+++", "@@")))
