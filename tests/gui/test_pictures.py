"""The pictures of the pages can be painted, of a cluster whose servers are not even there."""

import pytest
from PySide6.QtGui import QImage

from tests import pictures
from tests.unit.cli.test_docs import NOBODY
from tests.unit.plans import SECRETS, good_plan


@pytest.mark.slow
def test_every_picture_is_painted(tmp_path, monkeypatch):
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    plan = good_plan()
    for key, value in NOBODY.items():
        plan = plan.with_value(key, value)
    pictures.paint(plan, SECRETS, tmp_path)
    for name in pictures.NAMES:
        image = QImage(str(tmp_path / f"{name}.png"))
        assert (image.width(), image.height()) == pictures.SIZE
