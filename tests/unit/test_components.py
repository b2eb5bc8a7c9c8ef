"""What is special about a check stands in its component's package."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.checks import registry
from wizard.engine.component import Column
from wizard.guide import flow
from wizard.plan.plan import SECTIONS, Plan
from wizard.plan.sections import QueueKind

WIZARD = Path(__file__).parents[2] / "wizard"
STEPS = {
    "plan": "application",
    "licence": "licence",
    "database": "database",
    "redis": "redis",
    "rabbitmq": "queue",
    "storage": "storage",
    "node": "nodes",
    "inside": "nodes",
    "balancer": "balancer",
    "cluster": "nodes",
}


IDS = {spec.id for spec in registry.all_specs() if not Plan().has_setting(spec.id)}
"""Where an id is a setting's key, too (`licence.key`), a text with it speaks of the setting."""
_WORDS = re.compile(r"[a-z]+\.[a-z_]+")


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Return the texts of a module that are no docstrings."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node


def _named_elsewhere(file: Path) -> list[str]:
    """Return the ids that a module names although they are not those of its own component."""
    parts = file.relative_to(WIZARD).parts
    own = parts[1] if parts[0] == "checks" else ""
    found = {word for text in _texts(ast.parse(file.read_text())) for word in _WORDS.findall(text.value)}
    return sorted(word for word in found & IDS if word.partition(".")[0] != own)


def test_no_module_outside_a_component_names_its_checks():
    files = sorted(WIZARD.rglob("*.py"))
    assert len(files) > 300
    assert {str(file): ids for file in files if (ids := _named_elsewhere(file))} == {}


def test_a_module_that_names_a_check_of_another_component_would_be_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "WIZARD", tmp_path)
    (folder := tmp_path / "checks" / "redis").mkdir(parents=True)
    (folder / "judge.py").write_text('"""Says database.connect."""\nA = "redis.connect"\nB = f"see database.connect"\n')
    assert _named_elsewhere(folder / "judge.py") == ["database.connect"]


def _compared(tree: ast.AST) -> list[str]:
    """Return the names of components that a module asks for, or compares a finding's with."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="of" | "component" | "state" | "tested"), args=args):
                found += args
            case ast.Call(func=ast.Name(id="component" | "state" | "tested"), args=args):
                found += args
            case ast.Compare(left=ast.Attribute(attr="component"), comparators=others):
                found += others
    texts = [text.value for node in found for text in ast.walk(node) if isinstance(text, ast.Constant)]
    return [text for text in texts if text in registry.MODULES]


def test_no_module_outside_the_checks_asks_for_a_component_by_its_name():
    files = [file for file in WIZARD.rglob("*.py") if file.relative_to(WIZARD).parts[0] != "checks"]
    assert {str(file): names for file in files if (names := _compared(ast.parse(file.read_text())))} == {}


@pytest.mark.parametrize(
    "asks", ["a.of('node')", "component('node')", "status.state('node', x)", "i.component == 'node'"]
)
def test_a_module_that_asks_for_a_component_by_its_name_would_be_noticed(asks):
    assert _compared(ast.parse(asks)) == ["node"]


def test_the_picture_has_one_column_for_the_nodes_and_one_balancer():
    columns = {column: [one.name for one in registry.in_column(column)] for column in Column}
    assert columns == {
        Column.BALANCER: ["balancer"],
        Column.NODES: ["node"],
        Column.SERVICES: ["database", "redis", "rabbitmq", "storage"],
        Column.BEYOND: ["licence"],
    }


@pytest.mark.parametrize(("kind", "asked"), [(QueueKind.REDIS, ("redis",)), (QueueKind.RABBITMQ, ("rabbitmq",))])
def test_the_queue_is_tested_where_the_plan_has_it(kind, asked):
    assert flow.components(flow.step("queue"), Plan().with_value("queue.kind", kind)) == asked


def test_the_plan_alone_is_checked_without_asking_anybody():
    assert registry.offline() == ("plan",)


def test_each_component_belongs_to_a_step():
    assert {name: registry.component(name).step for name in registry.names()} == STEPS


@pytest.mark.parametrize("name", registry.names())
def test_a_component_declares_its_own_ids_alone_and_names_those_it_has(name):
    component = registry.component(name)
    assert component.name == name
    assert {spec.component for spec in component.specs} == {name}
    assert {*component.leads, *component.never_left_out} <= {*component.specs}
    assert {spec for specs in component.secrets.values() for spec in specs} <= {*component.specs}
    assert component.step in flow.IDS
    assert {spec.step for spec in component.specs} <= {*flow.IDS, ""}
    edited = (*component.overtaken_by, *(key for keys in component.overtaken_also.values() for key in keys))
    assert {key.partition(".")[0] for key in edited} <= {*SECTIONS, "name", "LEGACY_LOCAL_STORAGE_PUBLIC_ACCESS"}
    assert {*component.overtaken_also} <= {*component.specs}
    assert set(component.asked_by) <= set(registry.names())
