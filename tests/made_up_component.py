"""A component that is nowhere in the program: one module, and a line in the registry."""

import sys
import types
from collections.abc import Iterator

import pytest

from wizard.checks import registry
from wizard.engine.check import settled
from wizard.engine.component import Column, Component
from wizard.plan.spec import FAIL, PASS, Spec

MODULE = "made_up_tide"
TIDE = Spec(
    "tide.level",
    "The water is where it should be.",
    "https://example.com/tide",
    "docs/nocobase.md#storage",
    severities=(PASS, FAIL),
    remedy="Wait for the tide.",
    gate=True,
)


class _Tide(Component):
    def checks(self, plan, secrets, beside):
        return [settled("tide", "", (TIDE,), [TIDE.fail("The water is too low.")])]


@pytest.fixture
def tide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the program have a component more, whose check fails."""
    module = types.ModuleType(MODULE)
    module.COMPONENT = _Tide(
        name="tide",
        title="Tide",
        specs=(TIDE,),
        step="storage",
        overtaken_by=("storage",),
        leads=(TIDE,),
        column=Column.SERVICES,
    )
    monkeypatch.setitem(sys.modules, MODULE, module)
    monkeypatch.setitem(registry.MODULES, "tide", MODULE)
    registry.component.cache_clear()
    yield
    registry.component.cache_clear()
