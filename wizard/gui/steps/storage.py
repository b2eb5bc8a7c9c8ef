"""Step storage."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog

from wizard.gui.steps.page import Page
from wizard.gui.widgets.basics import button
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import layouts
from wizard.plan.i18n import tr


class StoragePage(Page):
    """Kind and place of the shared folder."""

    def build(self) -> None:
        self.form = SettingsForm(self.session, layouts.STORAGE)
        self.browse = button(tr("Browse …"), "", self._browse, name="browse")
        self.browse.setAccessibleName(tr("Browse for the folder"))
        layout = self.form.field("storage.path").layout()
        if layout is not None:
            layout.addWidget(self.browse)
        self.add(self.form)

    def _browse(self) -> None:
        start = self.document.plan.storage.path
        chosen = QFileDialog.getExistingDirectory(self, tr("Shared folder"), start)
        if chosen:
            self.document.edit("storage.path", chosen)
            self.form.reload()


PAGE = StoragePage
