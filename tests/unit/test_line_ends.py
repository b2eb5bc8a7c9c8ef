"""A value that ends with a line break: what made it one, and who reads it so, is said of the file it stands in."""

import json
import shutil
import subprocess

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats import dotenv
from wizard.formats.compose import env_file
from wizard.formats.units import environment_file

LINE = 'DB_PASSWORD="Vt8kQ2mW\\n"\n'


def told(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    opened = open_source(str(tmp_path / name))
    found = [one for one in rules(opened.plan, opened.secrets) if one.subject in {"database.password", "DB_PASSWORD"}]
    return [one for one in found if one.id == "plan.env_text"]


def test_in_an_env_file_it_is_said_once_and_of_each_reader(tmp_path):
    (one,) = told(tmp_path, "prod.env", f"DB_DIALECT=postgres\n{LINE}")
    assert "ends with a line break" in one.summary
    assert all(word in one.detail for word in ("NocoBase and Compose", "A shell and systemd", "docker run --env-file"))
    assert "Secret" not in f"{one.detail} {one.remedy}"
    assert "DB_PASSWORD" in one.remedy


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "compose.yaml",
            (
                "services:\n  app:\n    image: nocobase/nocobase:2.2.15\n    environment:\n      DB_DIALECT: postgres\n"
                "      DB_PASSWORD: |\n        Vt8kQ2mW\n"
            ),
        ),
        ("env.json", json.dumps({"DB_DIALECT": "postgres", "DB_PASSWORD": "Vt8kQ2mW\n"})),
    ],
)
def test_in_yaml_and_json_it_is_said_of_their_own_ways(tmp_path, name, text):
    (one,) = told(tmp_path, name, text)
    assert "In YAML and JSON" in one.detail
    assert "“|-”" in one.remedy


def test_the_readers_read_it_as_is_said():
    assert dotenv.read(LINE, "x.env")[1]["database.password"].reveal() == "Vt8kQ2mW\n"
    assert env_file.read(LINE, {})["DB_PASSWORD"].found.value == "Vt8kQ2mW\n"
    assert environment_file.read(LINE, "x.env").variables["DB_PASSWORD"].value == "Vt8kQ2mW\\n"


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_shell_takes_two_signs(shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    said = subprocess.run(
        [shell, "-c", f'{LINE}printf %s "$DB_PASSWORD"'], capture_output=True, text=True, check=True
    ).stdout
    assert said == "Vt8kQ2mW\\n"
