"""Nobody looks for the desktop's bus where the session says of none, or on a system that has none."""

from __future__ import annotations

import sys

import pytest

from wizard.app import desktop_bus


@pytest.mark.parametrize(
    ("system", "address", "there"),
    [("linux", "unix:path=/run/bus", True), ("linux", "", False), ("linux", None, False), ("win32", "unix:", False)],
)
def test_the_bus_is_at_hand_where_the_session_names_it(
    monkeypatch: pytest.MonkeyPatch, system: str, address: str | None, *, there: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert desktop_bus.at_hand() is there
