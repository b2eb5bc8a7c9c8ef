"""Sites as admins write them, each beside the same cluster: `=== NAME: UPSTREAM LIMITS UPLOADS`, then the site.

The words say what is to be found of each, thought out by hand before the program was asked.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
NAMES = ("upstream", "limits", "uploads")


def cases(program):
    """Return the sites for a program: a name, the severity of each finding, and the text."""
    text = (FOLDER / f"{program}.txt").read_text(encoding="utf-8")
    parts = [part.partition("\n") for part in text.split("=== ")[1:]]
    return [(*(word.strip() for word in head.split(":")), body) for head, _, body in parts]
