"""No module imports itself by a detour, also not for its types alone."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def _circle(imports: dict[str, set[str]]) -> list[str]:
    """Return the modules of a circle from the first to the same one again; nothing if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_import_circle_is_left_also_not_for_types() -> None:
    graph = grimp.build_graph("wizard", exclude_type_checking_imports=False, cache_dir=None)
    assert not _circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})


@pytest.mark.parametrize("inside", ["", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "])
def test_a_circle_is_found_where_there_is_one(inside: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "circular"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("from circular import two\n")
    (package / "two.py").write_text(f"{inside}from circular import one\n")
    monkeypatch.syspath_prepend(tmp_path)
    graph = grimp.build_graph("circular", cache_dir=None)
    found = _circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})
    assert set(found) == {"circular.one", "circular.two"}
