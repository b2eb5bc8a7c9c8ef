"""The locked versions in requirements/ are those that pyproject.toml asks for, and name no place to get them from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = {"run": (), "headless": (), "demo": ("demo",), "package": ("package",), "test": ("demo", "test", "package")}
QT = {"pyside6-essentials", "shiboken6"}
SYSTEMS = ("linux", "win32", "darwin")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pins(name: str) -> list[Requirement]:
    """Return the pinned requirements of requirements/NAME.txt."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(" --hash=sha256:" in line for line in lines)
    return [Requirement(line.partition(" --hash=")[0].strip()) for line in lines]


def wanted(extras: tuple[str, ...]) -> list[Requirement]:
    project = PROJECT["project"]
    lists = [project["dependencies"], PROJECT["build-system"]["requires"]]
    lists += [project["optional-dependencies"][extra] for extra in extras]
    return [Requirement(line) for listed in lists for line in listed]


def holds(requirement: Requirement, python: str, system: str) -> bool:
    environment = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": system}
    return requirement.marker is None or requirement.marker.evaluate(environment)


@pytest.mark.parametrize("name", EXTRAS)
def test_each_requirement_has_one_pinned_version_on_each_system(name: str):
    pinned = pins(name)
    for python in PYTHONS:
        for system in SYSTEMS:
            here = {canonicalize_name(pin.name): pin for pin in pinned if holds(pin, python, system)}
            assert len(here) == sum(holds(pin, python, system) for pin in pinned)
            for requirement in wanted(EXTRAS[name]):
                key = canonicalize_name(requirement.name)
                if not holds(requirement, python, system) or (name == "headless" and key in QT):
                    continue
                [version] = [one.version for one in here[key].specifier]
                assert Version(version) in requirement.specifier


@pytest.mark.parametrize("name", sorted({*EXTRAS} - {"test"}))
def test_every_part_has_the_versions_that_the_tests_ran_with(name: str):
    tested = {(pin.name, str(pin.specifier)) for pin in pins("test")}
    assert {(pin.name, str(pin.specifier)) for pin in pins(name)} <= tested


def test_the_headless_part_is_the_whole_without_qt():
    names = {part: {pin.name for pin in pins(part)} for part in ("run", "headless")}
    assert names["run"] - names["headless"] == QT


@pytest.mark.parametrize("name", EXTRAS)
def test_no_lock_names_a_place_to_get_packages_from(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert not re.search(r"://|--(extra-)?index-url|--find-links|\bfile:| @ ", text)
