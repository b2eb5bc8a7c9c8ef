"""The marked block of a file that admins add to: what stands outside it is theirs, and a new export keeps it."""

from __future__ import annotations

BEGIN = "# >>> NocoBase Cluster Wizard"
"""How the first line of the block begins; anything may follow."""
END = "# <<< NocoBase Cluster Wizard"


def split(text: str) -> tuple[str, str, str] | None:
    """Return what stands before the block, the block with its two marks, and what stands after it.

    None if there is not exactly one block: two, or half of one, cannot be told from what an admin meant.
    """
    lines = text.splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line.lstrip().startswith(BEGIN)]
    ends = [number for number, line in enumerate(lines) if line.lstrip().startswith(END)]
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        return None
    first, after = begins[0], ends[0] + 1
    return "".join(lines[:first]), "".join(lines[first:after]), "".join(lines[after:])


def merge(old: str, new: str) -> str:
    """Return `new` with what `old` has outside its marked block; `new` alone where either has no block."""
    former, fresh = split(old), split(new)
    if former is None or fresh is None:
        return new
    before, _block, after = former
    if before and not before.endswith("\n"):
        before += "\n"
    return before + fresh[1] + after
