"""The pages, one file each. Their modules are imported once a cluster is open, or with the page itself."""

from __future__ import annotations

from importlib import import_module

from wizard.gui.pace import Parts
from wizard.gui.session import Session
from wizard.gui.steps.page import Page
from wizard.guide import flow
from wizard.guide.flow import Step


def page(session: Session, step: Step) -> Page:
    """Build the page of `step`: the class `PAGE` of the module named after it."""
    made: Page = import_module(_module(step.id)).PAGE(session, step)
    return made


def load() -> Parts:
    """Import the modules of all pages one after another, while nobody waits: a page's first showing need not."""
    for identifier in flow.IDS:
        import_module(_module(identifier))
        yield


def _module(identifier: str) -> str:
    return f"wizard.gui.steps.{identifier}"
