"""A crash leaves no secret in the log: not from a source that is just being read, the environment, or a variable."""

import os
from pathlib import Path

import pytest

from wizard.app import log_file
from wizard.plan import recent_texts
from wizard.sources import registry

VALUE = "kT7-quite.secret_value"


@pytest.fixture(autouse=True)
def _forgotten():
    yield
    recent_texts._last.clear()


def logged() -> str:
    return log_file.path().read_text()


SOURCES = {
    "a.env": f"DB_HOST=db\nexport DB_PASSWORD='{VALUE}'\n",
    "compose.yaml": f"services:\n  app:\n    image: nocobase/nocobase\n    environment:\n      - APP_KEY={VALUE}\n",
    "cluster.yaml": f"schema: 1\ndatabase:\n  password: {VALUE}\n",
    "b.env": f"REDIS_URL=redis://:{VALUE}@redis:6379/0\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_reader_that_breaks_on_a_text_logs_none_of_its_secrets(program, monkeypatch, name):
    Path(name).write_text(SOURCES[name])
    read = registry.read

    def breaking(path, title):
        read(path, title) if name != "cluster.yaml" else recent_texts.note(SOURCES[name])
        raise RuntimeError(f"cannot make sense of {SOURCES[name]!r}")

    monkeypatch.setattr(registry, "read", breaking)
    done = program("check", name)
    assert done.code == 1
    assert VALUE not in done.out + done.err + logged()
    assert "cannot make sense of" in logged()


def test_what_the_environment_holds_is_hidden_from_the_first_line(program, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", VALUE)

    def breaking(*_sources):
        raise RuntimeError(f"environment: {dict(os.environ)}")

    monkeypatch.setattr("wizard.cli.sources.open_sources", breaking)
    assert program("check", "x.yaml").code == 1
    assert VALUE not in logged()
    assert "RuntimeError: environment" in logged()


def test_a_traceback_has_no_variables_of_the_functions_it_names(program, monkeypatch):
    def breaking(*_sources):
        held = "".join(reversed("eulav_terces.etiuq"))
        raise RuntimeError(f"broken with {len(held)} characters")

    monkeypatch.setattr("wizard.cli.sources.open_sources", breaking)
    assert program("check", "x.yaml").code == 1
    assert "in breaking" in logged()
    assert "quite.secret_value" not in logged()


def test_nothing_is_looked_for_before_something_is_logged(program, good, monkeypatch):
    def never(_texts):
        raise AssertionError

    monkeypatch.setattr(recent_texts, "secrets_in", never)
    assert program("diff", good, good).code == 0
