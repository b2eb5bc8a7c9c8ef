"""Every finding that the tests of a judge or of the rules bring about, word for word: one file for each file of tests.

A finding that is not in its file fails the test that made it. A change that is wanted is written down by
`pytest tests/unit/… --renew-findings`, and read in the diff.
"""

import json
from pathlib import Path

from wizard.plan.finding import Finding

FOLDER = Path(__file__).parent


def as_block(finding: Finding) -> str:
    """Return a finding in lines that can be read and compared; of its time only whether there is one."""
    heads = [finding.severity.value, finding.id, finding.subject and f"({finding.subject})", finding.error or ""]
    heads += ["" if finding.elapsed_ms is None else "timed", finding.doc]
    lines = [" ".join(filter(None, heads)), f"  {finding.summary}"]
    lines += [f"  | {line}" for line in finding.detail.splitlines()]
    lines += [f"  > {line}" for line in finding.remedy.splitlines()]
    if finding.remedy_kind:
        value = json.dumps(finding.remedy_value.as_json(), default=str) if finding.remedy_value else ""
        lines.append(f"  > ({' '.join(filter(None, [finding.remedy_kind, value]))})")
    if finding.facts:
        lines.append(f"  = {json.dumps(finding.facts, ensure_ascii=False, default=str, sort_keys=True)}")
    return "\n".join(lines)


class Written:
    """The findings of one file of tests, as they are written down."""

    def __init__(self, module: Path) -> None:
        self._path = FOLDER / f"{module.stem.removeprefix('test_')}.txt"
        self.is_kept = self._path.exists()
        self._known = set(self._path.read_text(encoding="utf-8").split("\n\n")) if self.is_kept else set()
        self._known = {block.strip("\n") for block in self._known}
        self._made: set[str] = set()

    def unknown(self, findings: list[Finding], folder: str) -> list[str]:
        """Return those that are not written down; `folder` is the test's own, whose name changes."""
        blocks = [as_block(finding).replace(folder, "/FOLDER") for finding in findings]
        self._made.update(blocks)
        return sorted({block for block in blocks if block not in self._known})

    def write(self) -> None:
        """Write down all that were asked about, and nothing else."""
        self._path.write_text("\n\n".join(sorted(self._made)) + "\n", encoding="utf-8")
