"""What CONTRIBUTING.md and pyproject.toml promise of the project itself."""

import re
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
METADATA = tomllib.loads(PROJECT)
FILES = [
    path.relative_to(ROOT).as_posix()
    for folder in ("wizard", "tests", "benchmarks", "release")
    for path in (ROOT / folder).rglob("*.py")
]


def requirements():
    """Return the requirements by what they are for."""
    found = METADATA["project"]
    return {"run": found["dependencies"], **found["optional-dependencies"], **METADATA["dependency-groups"]}


def test_no_module_has_more_than_400_lines():
    assert len(FILES) > 1000
    lines = {file: (ROOT / file).read_text(encoding="utf-8").count("\n") for file in FILES}
    assert {file: count for file, count in lines.items() if count > 400} == {}


def test_a_commit_is_checked_as_continuous_integration_checks_it():
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    steps = re.findall(
        r"^  step (\.venv/bin/.*)$", (ROOT / "scripts" / "test").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [hook["entry"] for hook in hooks] == steps
    assert len(steps) == 4


@pytest.mark.parametrize("part", requirements())
def test_each_dependency_says_in_its_line_what_it_is_for(part):
    for wanted in requirements()[part]:
        assert re.search(rf'^ *"{re.escape(wanted)}", *# \S', PROJECT, re.MULTILINE), wanted


def test_the_young_packages_of_the_demo_have_an_upper_bound():
    assert [wanted for wanted in requirements()["demo"] if "<" not in wanted.partition(";")[0]] == []


def test_the_project_says_whose_it_is_and_under_which_licence():
    project = METADATA["project"]
    assert project["license"] == "Apache-2.0"
    assert project["authors"] == [{"name": "NocoBase Cluster Wizard contributors"}]
    assert {"nocobase", "cluster"} <= set(project["keywords"])
