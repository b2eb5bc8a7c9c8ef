"""What a plan can be read from, for the window and for the page of docs made from it.

`python -m wizard.guide.sources_page > docs/sources.md`
"""

from __future__ import annotations

import sys

from wizard.dataclass import dataclass
from wizard.plan.i18n import tr
from wizard.sources.registry import all_sources

_HEAD = """# Sources

Made from the code by `python -m wizard.guide.sources_page > docs/sources.md`; a test compares the two.

A plan is read from any of these: `check SOURCE…`, `export SOURCE… DEST`, and in the window “Open files …”, “Open a
bundle …” and “Paste anything …”. A kind is known by what is in the file or folder, not by its name alone. Several
sources complete one another; where two disagree, a finding names both places. What a source has no way to say is
unknown, never a default.

| source | what is read of it |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source in words."""

    title: str
    description: str


def kinds() -> list[SourceKind]:
    """Return every kind, in the reader's language, in the order of its titles."""
    found = [SourceKind(tr(source.title), tr(source.description)) for source in all_sources()]
    return sorted(found, key=lambda kind: kind.title.casefold())


def about() -> tuple[str, ...]:
    """Return what is worth knowing of the ways to open something, beside the kinds of sources."""
    return (
        tr(
            "A bundle is an export's folder, or another with files of a cluster. The review tells what was changed by "
            "hand in an exported one."
        ),
        tr("A file whose name begins with a dot, such as .env, can also be dropped, or its name typed."),
    )


def sources_page() -> str:
    """Return the page as Markdown."""
    return _HEAD + "".join(f"| {kind.title} | {kind.description} |\n" for kind in kinds())


if __name__ == "__main__":
    sys.stdout.write(sources_page())
