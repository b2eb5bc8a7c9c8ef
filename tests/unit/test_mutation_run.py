"""`scripts/mutate` as a whole, over a project of one module that is made for it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).parents[1] / "mutation"
MODULE = '''\
"""One judge."""
import os

LIMIT = 3


def over(value):
    return value > LIMIT


def unheeded(value):
    return value + 5


def unreached(value):
    return value * 6


def first(text):
    return text.split(maxsplit=1)[0]


def ends(value):
    if value == 7:
        os._exit(70)
'''
TESTS = """\
from wizard.checks import judge


def test_over():
    assert not judge.over(3)
    assert judge.over(4)


def test_unheeded():
    judge.unheeded(1)


def test_first():
    assert judge.first("a b c") == "a"


def test_ends():
    judge.ends(1)
"""
PROJECT = """\
[tool.pytest.ini_options]
timeout = 30
[tool.mutate]
left_out = []
watched_last = []
of_tables = []
libraries = []
[tool.mutate.rooms]
judges = ["wizard/checks/judge.py"]
"""
LISTED = """\
[[survivor]]
module = "wizard.checks.judge"
line = "return text.split(maxsplit=1)[0]"
becomes = "return text.split()[0]"
reason = "The first word is the same however many follow."
"""


@pytest.fixture
def project(tmp_path):
    files = {
        "pyproject.toml": PROJECT,
        "wizard/__init__.py": "",
        "wizard/checks/__init__.py": "",
        "wizard/checks/judge.py": MODULE,
        "tests/__init__.py": "",
        "tests/texts.py": "def known_and_written():\n    pass\n",
        "tests/unit/__init__.py": "",
        "tests/unit/test_judge.py": TESTS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    shutil.copytree(DRIVER, tmp_path / "tests" / "mutation", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests" / "mutation" / "survivors.toml").write_text(LISTED, encoding="utf-8")
    return tmp_path


def run(project, *options):
    """Return the exit code and what was said, without its times."""
    command = [sys.executable, "-m", "tests.mutation", *options]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NCW"))}
    done = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, re.sub(r"\[ *\d+ s\] ", "", done.stdout)


def test_each_outcome_is_told_and_counted_and_a_seed_gives_it_again(project):
    code, said = run(project, "--seed", "3")
    first, *_, last = said.splitlines()
    assert first == "15 changes can be made; 15 are wanted; seed 3"
    assert last.split() == ["all", "15", "12", "4", "0", "8", "3", "1", "33.3"]
    assert "\n15 of 15 tried; seed 3\n" in said
    told = re.findall(r"judge\.py:(\d+): ([^,]+), (.*)", said)
    assert sorted(told) == [
        ("12", "number", "1 tests run it"),
        ("12", "operator", "1 tests run it"),
        ("16", "number", "no test runs it"),
        ("16", "operator", "no test runs it"),
        ("20", "number", "1 tests run it"),
        ("24", "condition", "1 tests run it"),
        ("24", "condition", "could not be tried"),
        ("24", "number", "1 tests run it"),
        ("24", "operator", "could not be tried"),
        ("25", "number", "no test runs it"),
    ]
    assert code == 2  # of two in fifteen nothing is known
    assert run(project, "--seed", "3") == (code, said)


def test_a_part_of_the_changes_is_tried_where_fewer_are_wanted(project):
    code, said = run(project, "--seed", "3", "--count", "5", "--only", "judge")
    assert "15 changes can be made; 5 are wanted; seed 3\n" in said
    assert "5 of 5 tried" in said
    assert code in {1, 2}


def test_enough_noticed_changes_end_with_0(project):
    path = project / "wizard" / "checks" / "judge.py"
    path.write_text("LIMIT = 3\n\n\ndef over(value):\n    return value > LIMIT\n", encoding="utf-8")
    (project / "tests" / "mutation" / "survivors.toml").write_text("survivor = []\n", encoding="utf-8")
    (project / "tests" / "unit" / "test_judge.py").write_text(TESTS.partition("def test_unheeded")[0], encoding="utf-8")
    code, said = run(project)
    assert (code, said.split()[-1]) == (0, "100.0")


def test_a_row_that_is_stale_fails_the_run(project):
    path = project / "wizard" / "checks" / "judge.py"
    path.write_text(path.read_text(encoding="utf-8").replace("maxsplit=1", "maxsplit=2"), encoding="utf-8")
    assert run(project) == (
        2,
        "survivors.toml lists what is no longer there:\n  wizard.checks.judge: return text.split(maxsplit=1)[0]\n",
    )


def test_a_run_ends_when_its_time_is_over_and_says_how_many_were_tried(project):
    code, said = run(project, "--seconds", "0.001", "--seed", "3")
    assert code == 2
    assert said.splitlines() == [
        "15 changes can be made; 15 are wanted; seed 3",
        "0 tests watched",
        "not watched in time, so that what only they notice counts as missed (1): tests/unit/test_judge.py",
        "0 of 15 tried: the time was over before the tests were watched",
    ]
