"""The program called in this process, as a user without saved clusters and without a keyring."""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.calling import Done, saved
from tests.unit.plans import SECRETS, good_plan
from wizard.cli import main
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A user of its own: no saved clusters, no keyring, no variables of NocoBase's; the log file is taken off."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.chdir(tmp_path)
    hooks = threading.excepthook, sys.unraisablehook
    before = list(logging.getLogger().handlers)
    yield tmp_path
    threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    for handler in set(logging.getLogger().handlers) - set(before):
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def call(*words: str, prepare: Callable[[], None] = lambda: None) -> Done:
        windows = []

        def window(source, opened=None, /):
            windows.append((source, opened))
            return 0

        try:
            code = main.run(list(words), main.Frontends(prepare=prepare, window=window, paint_page=lambda: "painted"))
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return Done(code, out, err, windows)

    return call


@pytest.fixture
def good() -> str:
    """A cluster file in which every rule passes; its secrets are in secrets.env."""
    Path("secrets.env").write_text(dotenv.write(good_plan(), SECRETS, SecretsMode.INLINE)[0].text)
    return saved(good_plan())
