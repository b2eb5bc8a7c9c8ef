"""What the program tells of itself: the licences of what it is made of."""

from wizard import __version__, resources
from wizard.guide import about


def test_an_installation_of_packages_lists_each_that_is_here_with_its_licence():
    lines = about.licences().splitlines()
    assert lines[0] == f"nocobase-cluster-wizard {__version__}: Apache-2.0"
    assert [line.partition(" ")[0] for line in lines if line.startswith(("httpx ", "keyring ", "redis "))] == [
        "httpx",
        "keyring",
        "redis",
    ]
    assert not [line for line in lines if line.startswith(("pytest", "ruff")) or line.endswith(": ")]


def test_an_application_that_was_built_shows_its_table_and_where_the_texts_are(tmp_path, monkeypatch):
    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "licences.txt").write_text("wizard 1: Apache-2.0\nQt 6: LGPL-3.0-only\n\n====\nlong text\n")
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    told = about.licences()
    assert told.startswith("wizard 1: Apache-2.0\nQt 6: LGPL-3.0-only\n\nThe whole texts are in ")
    assert "long text" not in told
    assert str(tmp_path) in told
