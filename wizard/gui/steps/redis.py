"""Step redis: one server with a database for each role, or a server for each."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.address_form import AddressForm
from wizard.gui.widgets.basics import Gap, bounded, button, column, frame, label
from wizard.gui.widgets.fields import TextField
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, layouts
from wizard.plan.i18n import mark, tr
from wizard.plan.sections import Layout, RedisRole

_PURPOSE = {
    RedisRole.CACHE: mark("What nodes remember together, sign-outs among it."),
    RedisRole.SYNC: mark("Signals from node to node: what changed on one is told to all."),
    RedisRole.LOCK: mark("Keeps two nodes from doing the same thing at once."),
    RedisRole.QUEUE: mark("Where workflows and long tasks wait."),
    RedisRole.WORKER_ID: mark("Gives each process a number of its own."),
}
_DATABASE_WIDTH = 84


class RedisPage(Page):
    """The layout, then one form or five."""

    def build(self) -> None:
        self.add(SettingsForm(self.session, layouts.REDIS_LAYOUT), gap=tokens.S)
        self.one = AddressForm(self.session, "redis.server", edits.fill_redis, layouts.REDIS_SERVER)
        self.databases = Databases(self)
        self.one.add_line(tr("Databases"), self.databases)
        self.add(self.one)
        self.roles: dict[RedisRole, QWidget] = {}
        self._role_box = column()
        self.body.addLayout(self._role_box)
        self.plan_changed()

    def plan_changed(self) -> None:
        plan = self.document.plan
        single = plan.redis.layout is Layout.ONE
        self.one.setVisible(single)
        if not single and not self.roles:
            self._add_roles()
        for role, card in self.roles.items():
            card.setVisible(not single and role in plan.redis_roles)
        self.databases.refresh()

    def _add_roles(self) -> None:
        """Make the forms of the roles, when they are first wanted."""
        self.roles = {role: self._role_card(role) for role in RedisRole}
        for card in self.roles.values():
            self._role_box.addLayout(bounded(card))
            self._role_box.addWidget(Gap(card, tokens.M))

    def show_field(self, key: str) -> QWidget | None:
        if key in layouts.REDIS_DATABASES.values() and self.one.isVisible():
            self.databases.unfold()
        return super().show_field(key)

    def _role_card(self, role: RedisRole) -> QWidget:
        form = AddressForm(self.session, f"redis.{role.field}", edits.fill_redis, layouts.REDIS_ROLES[role])
        title = tr(self.document.plan.setting(layouts.REDIS_DATABASES[role]).label)
        head = Flowing(label(title, "heading"), label(tr(_PURPOSE[role]), "hint", wrap=True), gap=tokens.M)
        card = frame("card", column(head, form, gap=tokens.M, margins=(16, 12, 16, 14)))
        card.setMaximumWidth(theme().px(tokens.FORM + 2 * tokens.L))
        return card


class Databases(QWidget):
    """The database of each role as one line of words, with fields behind Change."""

    def __init__(self, page: RedisPage) -> None:
        """Serve the page's session."""
        super().__init__()
        self._session = page.session
        self._words = label("", "detail", wrap=True)
        self.change = button(tr("Change"), "link", self._toggle, name="change-databases")
        self._fields = {role: TextField(self._session, key) for role, key in layouts.REDIS_DATABASES.items()}
        self._boxes = {role: self._box(role) for role in RedisRole}
        line = Flowing(self._words, self.change)
        line.setContentsMargins(0, theme().px(tokens.XS + 2), 0, 0)
        self._detail = QWidget()
        self._detail.setLayout(Flowing(*self._boxes.values(), gap=tokens.M))
        self._note = label("", "problem", wrap=True)
        self.setLayout(column(line, self._detail, self._note, gap=tokens.XS))
        self._open = False

    def refresh(self) -> None:
        """Show the plan's databases of the roles that Redis has."""
        plan = self._session.document.plan
        roles = plan.redis_roles
        words = [f"{self._fields[role].title} {plan.redis.database(role)}" for role in roles]
        self._words.setText(" · ".join(words))
        problem = next((text for role in roles if (text := plan.problem(self._fields[role].key))), "")
        self._note.setText(problem)
        self._note.setVisible(bool(problem))
        self._detail.setVisible(self._open or bool(problem))
        self.change.setText(tr("Done") if self._open else tr("Change"))
        for role, field in self._fields.items():
            self._boxes[role].setVisible(role in roles)
            field.refresh()
            field.show_problem(plan.problem(field.key))

    def unfold(self) -> None:
        """Show the fields."""
        self._open = True
        self.refresh()

    def _box(self, role: RedisRole) -> QWidget:
        field = self._fields[role]
        field.edit.setFixedWidth(theme().px(_DATABASE_WIDTH))
        name = label(field.title, "hint")
        name.setBuddy(field.edit)
        box = QWidget()
        box.setLayout(column(name, field, gap=tokens.XS))
        return box

    def _toggle(self) -> None:
        self._open = not self._open
        self.refresh()


PAGE = RedisPage
