"""The pages, one file each. A page's module is imported when the page is first shown."""

from __future__ import annotations

from importlib import import_module

from wizard.gui.session import Session
from wizard.gui.steps.page import Page
from wizard.guide.flow import Step


def page(session: Session, step: Step) -> Page:
    """Build the page of `step`: the class `PAGE` of the module named after it."""
    made: Page = import_module(f"wizard.gui.steps.{step.id}").PAGE(session, step)
    return made
