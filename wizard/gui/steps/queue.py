"""Step queue: Redis, or RabbitMQ, whose variables no document of NocoBase names."""

from __future__ import annotations

from dataclasses import replace

from wizard.gui import edits, tokens
from wizard.gui.steps.page import Page
from wizard.gui.theme import theme
from wizard.gui.widgets.basics import label
from wizard.gui.widgets.card import banner
from wizard.gui.widgets.form import SettingsForm, rows
from wizard.gui.widgets.server import ServerForm
from wizard.plan.plan import Plan
from wizard.plan.sections import Layout, QueueKind, RedisRole
from wizard.plan.words import mark, tr

_HINT = mark("Paste a whole amqp:// address to fill all fields.")


class QueuePage(Page):
    """What carries the queue; the server's form where it is RabbitMQ."""

    def build(self) -> None:
        self.add(SettingsForm(self.session, rows("queue.kind")), gap=tokens.M)
        self._redis = label("", "intro", wrap=True)
        self._redis.setMaximumWidth(theme().px(tokens.FORM))
        self.server = ServerForm(
            self.session, "queue", edits.fill_rabbitmq, _HINT, rows("queue.virtual_host"), _usual_port
        )
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
        self.names = SettingsForm(self.session, rows("queue.adapter", "queue.url_variable"))
        self.add(self._redis, self.server, self.banner, self.names)
        self.plan_changed()

    def plan_changed(self) -> None:
        plan = self.session.plan
        rabbit = plan.queue.kind is QueueKind.RABBITMQ
        for part in (self.server, self.banner, self.names):
            part.setVisible(rabbit)
        self._redis.setVisible(not rabbit)
        place = plan.redis.endpoint(RedisRole.QUEUE)
        index = plan.redis.database(RedisRole.QUEUE)
        if not place.host:
            words = tr("The queue lives in Redis; its address is entered in the step before.")
        elif plan.redis.layout is Layout.ONE:
            words = tr("The queue lives in database {index} of the Redis at {host}.", index=index, host=place.host)
        else:
            words = tr("The queue has a Redis of its own: {host}, database {index}.", index=index, host=place.host)
        self._redis.setText(words)


def _usual_port(plan: Plan) -> str:
    return str(replace(plan.queue, port=None).effective_port)


PAGE = QueuePage
