"""Step queue: Redis, or RabbitMQ, whose variables no document of NocoBase names."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from wizard.gui import tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.address_form import AddressForm
from wizard.gui.widgets.basics import button, column, label
from wizard.gui.widgets.card import banner
from wizard.gui.widgets.flowing import Flowing
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, flow, layouts
from wizard.plan.i18n import tr
from wizard.plan.sections import Layout, QueueKind, RedisRole


class QueuePage(Page):
    """What carries the queue; the server's form where it is RabbitMQ."""

    def build(self) -> None:
        form = SettingsForm(self.session, layouts.QUEUE)
        self._words = label("", wrap=True)
        self._redis = form.add_line(tr("Place"), self._place())
        self.add(form, gap=tokens.M)
        self.server = AddressForm(self.session, "queue", edits.fill_rabbitmq, layouts.QUEUE_SERVER)
        self.banner = banner(
            "warn",
            "warn",
            tr(
                "The two names below are unverified: no public document or source of NocoBase names the variables of "
                "its RabbitMQ plug-in. These follow the names of the Redis one. Confirm them with NocoBase's support, "
                "and change them here if they differ."
            ),
        )
        self.banner.setMaximumWidth(theme().px(tokens.FORM))
        self.names = SettingsForm(self.session, layouts.QUEUE_NAMES)
        self.add(self.server, self.banner, self.names)
        self.plan_changed()

    def _place(self) -> QWidget:
        """Say where in Redis the queue lives, and lead to where that is entered."""
        way = button(tr("Go to {step}", step=tr(flow.step("redis").title)), "link", lambda: self.asked.emit("redis"))
        way.setAccessibleDescription(tr("Place"))  # a finding below may lead there, too
        words = Flowing(self._words, way)
        words.setContentsMargins(0, theme().px(tokens.XS + 2), 0, 0)
        hint = tr("Its address is entered on the step Redis, and what is found out about it counts there.")
        box = QWidget()
        box.setLayout(column(words, label(hint, "hint", wrap=True), gap=tokens.XS))
        return box

    def plan_changed(self) -> None:
        plan = self.document.plan
        rabbit = plan.queue.kind is QueueKind.RABBITMQ
        for part in (self.server, self.banner, self.names):
            part.setVisible(rabbit)
        self._redis.setVisible(not rabbit)
        place = plan.redis.endpoint(RedisRole.QUEUE)
        index = plan.redis.database(RedisRole.QUEUE)
        if not place.host:
            words = tr("A Redis that has no host yet")
        elif plan.redis.layout is Layout.ONE:
            words = tr("Database {index} of the Redis at {host}", index=index, host=place.host)
        else:
            words = tr("Database {index} of a Redis of its own at {host}", index=index, host=place.host)
        self._words.setText(words)


PAGE = QueuePage
