"""What a check writes for a driver's sake is in memory alone, so that nothing of it is left where it is killed."""

from __future__ import annotations

import dataclasses
import ssl
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import certifi
import pytest

from tests.unit.plans import good_plan
from wizard.checks.database import trust
from wizard.checks.database.facts import Trust
from wizard.checks.database.target import Target
from wizard.plan.sections import Tls

OWN = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
WRITES: dict[str, Callable[[Path], AbstractContextManager[str]]] = {
    "authorities": lambda own: trust.authorities(
        dataclasses.replace(Target.of(good_plan().with_value("database.tls", Tls.VERIFY), {}), extra_ca=str(own)),
        Trust(),
    ),
    "key": lambda own: trust.private_key(Trust(cert=str(own), key=str(own))),
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.pem"
    path.write_text("".join(OWN[:2]))
    return path


@pytest.mark.skipif(not trust._HAS_MEMORY_FILES, reason="this system has no files in memory")
@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_to_a_disk(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    with WRITES[name](own) as file:
        assert list((tmp_path / "temporary").iterdir()) == []
        assert own.read_text() in Path(file).read_text()
        assert Path(file).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("system", ["usual", "without files in memory"])
def test_openssl_takes_the_public_authorities_and_those_of_the_node(
    own: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    if system != "usual":
        monkeypatch.setattr(trust, "_HAS_MEMORY_FILES", False)
    with WRITES["authorities"](own) as file:
        context = ssl.create_default_context(cafile=file)
    assert len(context.get_ca_certs()) > 50
    assert not Path(file).exists()
