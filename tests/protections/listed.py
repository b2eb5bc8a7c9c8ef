"""The list: a row for each protection, in files by what they are against."""

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = Path(__file__).parent


@dataclass(frozen=True)
class Protection:
    """`what` is protected; it is removed by putting `instead` where `stands` is in `file`; `test` then fails.

    `fails` is a part of what pytest then says, so that the test is known to fail for this reason.
    """

    what: str
    file: str
    stands: str
    instead: str
    test: str
    fails: str

    def problems(self) -> list[str]:
        """Return what is not as the row says, without running anything."""
        text = (ROOT / self.file).read_text()
        count = text.count(self.stands)
        found = [] if count == 1 else [f"{self.what} “{self.stands}” stands {count} times in {self.file}"]
        if self.file.endswith(".py") and not _is_python(text.replace(self.stands, self.instead)):
            found.append(f"{self.what} Without it {self.file} is no Python")
        path, *_, name = self.test.partition("[")[0].split("::")
        if name not in _functions(ROOT / path):
            found.append(f"{self.what} There is no test {self.test}")
        return found


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@cache
def _functions(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def protections() -> list[Protection]:
    """Return all rows."""
    files = sorted(PLACE.glob("*.toml"))
    return [Protection(**row) for file in files for row in tomllib.loads(file.read_text())["protection"]]
