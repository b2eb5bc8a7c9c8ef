"""Every command in the pages for users is one that the program knows; it is run, as far as it ends by itself."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.cli.calling import saved
from tests.unit.plans import good_plan

ROOT = Path(__file__).parents[3]
PAGES = ("README.md", "docs/re-validation.md")
SHORT = ("--only", "plan")
"""What a check of the pages is held to here: no server is asked."""


def commands() -> list[str]:
    """Return every line of the pages that calls the program."""
    found = []
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text(), re.DOTALL):
            lines = (line.partition(" # ")[0].strip() for line in block.splitlines())
            found += [line for line in lines if line.startswith("nocobase-cluster-wizard ")]
    return list(dict.fromkeys(found))


@pytest.fixture
def at_hand(program, good):
    """What the pages speak of: a cluster file with a kept run, env files, a Compose file, a report."""
    saved(good_plan().with_value("application.public_url", ""))
    program("check", "cluster.yaml", *SHORT, "--format", "json", "--output", "report.json")
    kept = program("history", "cluster.yaml").out.split("\n")[0].split("  ")[-1]
    Path("run.json").write_text(Path(kept).read_text())
    for name in (".env", "cluster.env", "node1.env", "node2.env"):
        Path(name).write_text("DB_HOST=db\nAPP_KEY=0123456789abcdef0123456789abcdef\n")
    Path("compose.yaml").write_text("services:\n  app:\n    image: nocobase/nocobase:2.2.15-full\n")
    Path("bundle").mkdir()


def test_each_promise_of_security_names_tests_that_are_there():
    rows = [line for line in (ROOT / "SECURITY.md").read_text().splitlines() if line.startswith("| ")][2:]
    named = [re.findall(r"`(tests/[\w/]+\.py)`", row) for row in rows]
    assert rows
    assert all(named)
    assert not [name for names in named for name in names if not (ROOT / name).is_file()]


def test_the_pages_have_commands():
    assert len(commands()) > 20


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize("command", [line for line in commands() if "demo" not in line and "--watch" not in line])
def test_a_command_of_the_pages_is_no_bad_usage(program, command):
    words = shlex.split(command)[1:]
    if words[0] == "check" and "--facts" not in words and "--only" not in words:
        words += SHORT
    done = program(*("1" if word == "60" else word for word in words))
    assert done.code in {0, 3}, done.err
    assert "fault" not in done.err
