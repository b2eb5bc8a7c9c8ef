"""Forms of a server, whose host field takes a whole address and fills the others from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from wizard.gui.session import Session
from wizard.gui.widgets.form import Row, SettingsForm
from wizard.guide.edits import Filled, looks_like_address
from wizard.plan.i18n import mark
from wizard.plan.kinds import BadValueError
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret

_PASTED = 4
"""As many characters at once are a paste, not a key."""

Fill = Callable[[Plan, str, Secret], Filled]


class AddressForm(SettingsForm):
    """A form with the host of `group` in it. An address is taken apart when it is pasted, or when the field is left."""

    def __init__(
        self, session: Session, group: str, fill: Fill, lines: Sequence[Row], more: Sequence[Row] = ()
    ) -> None:
        """`group` holds the settings (`redis.server`), `fill` takes an address apart; lines as in any form."""
        self._group, self._fill = group, fill
        self._length = len(session.document.text(f"{group}.host"))
        super().__init__(session, lines, more)
        self.field(f"{group}.host").left.connect(self._read)

    def _changed(self, key: str) -> None:
        super()._changed(key)
        if key == f"{self._group}.host":
            length = len(self._document.text(key))
            pasted = length - self._length >= _PASTED
            self._length = length
            if pasted:
                self._read()

    def _read(self) -> None:
        key = f"{self._group}.host"
        text = self._document.text(key)
        if not (self._document.plan.problem(key) and looks_like_address(text) and "://" in text):
            return
        try:
            self._document.fill(self._group, self._fill(self._document.plan, self._group, Secret(text)))
        except BadValueError as error:
            self._word(key, str(error))
            return
        self._length = len(self._document.text(key))
        self.reload()

    def _word(self, key: str, problem: str) -> None:
        """Say what is wrong with the address as a whole, rather than that it is no host."""
        for item in self._document.plan.unreadable:
            if item.key == key and item.problem != problem:
                self._document.replace(self._document.plan.with_unreadable(replace(item, problem=problem)), key)


class ServerForm(AddressForm):
    """Host, port, TLS and account of a Redis or RabbitMQ server."""

    def __init__(
        self,
        session: Session,
        group: str,
        fill: Fill,
        hint: str,
        extra: Sequence[Row] = (),
        usual_port: Callable[[Plan], str] | str = "",
    ) -> None:
        """`group` holds the settings (`redis.server`); `hint` stands under the host; `extra` follows the others.

        `usual_port` is shown where none is given.
        """
        lines = [
            Row(keys=(f"{group}.host",), hint=hint),
            Row(keys=(f"{group}.port", f"{group}.tls"), label=mark("Port"), placeholder=usual_port),
            Row(keys=(f"{group}.username", f"{group}.password"), label=mark("User and password")),
            *extra,
        ]
        super().__init__(session, group, fill, lines)
