"""Less motion is asked for in the desktop's settings, and read there, where there are any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.servers.portal import Portal
from wizard.app import motion

pytestmark = pytest.mark.live
APPEARANCE, GNOME, KDE = "org.freedesktop.appearance", "org.gnome.desktop.interface", "org.kde.kdeglobals.KDE"


@pytest.mark.parametrize(
    ("settings", "less"),
    [
        ({APPEARANCE: {"reduced-motion": 1}}, True),
        ({GNOME: {"enable-animations": False}}, True),
        ({KDE: {"AnimationDurationFactor": "0"}}, True),
        ({APPEARANCE: {"reduced-motion": 0}, GNOME: {"enable-animations": True}}, False),
        ({KDE: {"AnimationDurationFactor": "1"}}, False),
        ({}, False),
    ],
)
def test_less_motion_is_what_portal_gnome_and_kde_call_so(
    settings: dict[str, dict[str, object]], *, less: bool
) -> None:
    assert motion.said(settings) is less


def test_it_is_read_on_the_session_bus(launch: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    portal = launch(lambda: Portal({GNOME: {"enable-animations": False}, APPEARANCE: {"contrast": 1}}))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", portal.address)
    assert motion.reduced()


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent"])
def test_without_a_bus_nothing_is_asked_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not motion.reduced()
