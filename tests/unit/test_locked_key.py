"""A client's key that is locked with a passphrase is told as one, and not tried: it may say that this takes hours."""

import ssl

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from tests.unit.plans import good_plan
from wizard.checks.database.errors import LOCKED_KEY
from wizard.checks.database.target import Target
from wizard.checks.database.trust import BadFileError, find_files
from wizard.plan.sections import Tls


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["new", "old"])
def test_a_locked_key_is_not_tried(tmp_path, monkeypatch, form):
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, form, BestAvailableEncryption(b"x"))
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_text("any")
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *_given, **_more: None)
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", lambda *_given, **_more: pytest.fail("it was tried"))
    plan = good_plan().with_value("database.tls", Tls.ENCRYPT)
    for name in ("cert", "key"):
        plan = plan.with_value(f"database.tls_{name}", str(tmp_path / f"{name}.pem"))
    with pytest.raises(BadFileError, match="is locked with a passphrase") as told:
        find_files(Target.of(plan, {}))
    assert told.value.about == LOCKED_KEY
