"""A desktop takes the notice that what failed passes now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.patience import wait_until
from tests.servers.notices import Notices
from wizard.app import desktop_notice

pytestmark = pytest.mark.live


def test_a_desktop_takes_the_notice(launch: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    desktop = launch(Notices)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    desktop_notice.send("NocoBase Cluster Wizard", "production: nothing fails any more.")
    taken = ["NocoBase Cluster Wizard: production: nothing fails any more. (nocobase-cluster-wizard)"]
    assert wait_until(lambda: desktop.taken == taken, 10), desktop.taken


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent"])
def test_without_a_bus_nobody_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    desktop_notice.send("NocoBase Cluster Wizard", "production: nothing fails any more.")
