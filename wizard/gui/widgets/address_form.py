"""Forms of a server, whose host field takes a whole address and fills the others from it."""

from __future__ import annotations

from dataclasses import replace

from wizard.gui.session import Session
from wizard.gui.widgets.form import SettingsForm
from wizard.guide import edits, servers
from wizard.guide.layouts import Form
from wizard.guide.servers import Fill
from wizard.plan.kinds import BadValueError
from wizard.plan.secret import Secret

_PASTED = 4
"""As many characters at once are a paste, not a key."""


class AddressForm(SettingsForm):
    """A form with the host of `group` in it. An address is taken apart when it is pasted, or when the field is left."""

    def __init__(self, session: Session, group: str, fill: Fill, layout: Form) -> None:
        """`group` holds the settings (`redis.server`), `fill` takes an address apart."""
        self._group, self._fill = group, fill
        self._length = len(session.document.text(f"{group}.host"))
        super().__init__(session, layout)
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
        if (split := edits.with_address(self._document.plan, self._group, text)) is not None:
            self._document.replace(split, self._group)
            self._length = len(self._document.text(key))
            self.reload()
            return
        before = self._document.plan
        fill = servers.filling(text, self._group) or (self._fill if "://" in text else None)
        if fill is None or not before.problem(key):
            return
        try:
            filled = fill(before, self._group, Secret(text))
        except BadValueError as error:
            self._word(key, str(error))
            return
        self._document.fill(self._group, filled)
        self._length = len(self._document.text(key))
        self.reload()
        self.tell(key, servers.told(before, self._group, filled))

    def _word(self, key: str, problem: str) -> None:
        """Say what is wrong with the address as a whole, rather than that it is no host."""
        for item in self._document.plan.unreadable:
            if item.key == key and item.problem != problem:
                self._document.replace(self._document.plan.with_unreadable(replace(item, problem=problem)), key)
