"""The gate of the database checks on real servers: TLS files, client certificates, and the state of an account."""

import contextlib
import datetime as dt
import socket
import subprocess

import pytest

from tests.live.helpers_database import check, only_the_gate, run_sql, verdict
from tests.remedies import paste, statements
from tests.servers.fixtures import give_up, running
from tests.servers.mariadb import MariaDb
from tests.servers.tls import Authority
from wizard.demo.postgres import Postgres
from wizard.demo.process import LOOPBACK
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.sections import Tls

pytestmark = pytest.mark.live
PASS, FAIL, UNKNOWN = Severity.PASS, Severity.FAIL, Severity.UNKNOWN
DIALECTS = ["postgres", "mysql", "mariadb"]


@pytest.fixture(scope="module")
def postgres_of_certificates(authority):
    """A PostgreSQL that lets the plan's account in with a client certificate alone."""
    rules = [
        f"hostssl all nocobase {LOOPBACK}/32 scram-sha-256 clientcert=verify-ca",
        f"host all postgres {LOOPBACK}/32 scram-sha-256",
    ]
    with running(lambda: Postgres(tls=authority.sign(), hba=rules)) as server:
        yield server


@pytest.fixture(scope="module")
def mariadb_of_certificates(authority):
    """A MariaDB of the same kind."""
    with running(lambda: MariaDb(tls=authority.sign())) as server:
        run_sql(server, "ALTER USER nocobase@'%' REQUIRE X509")
        yield server


@pytest.fixture(params=["postgres", "mariadb"])
def of_certificates(request):
    """Either of the two, with the dialect."""
    return request.getfixturevalue(f"{request.param}_of_certificates"), request.param


@pytest.fixture
def client_files(tmp_path):
    """Write the certificate and the key of a client of an authority, and give the settings that name them."""

    def write(signer: Authority, mode: int = 0o600) -> dict[str, str]:
        mine = signer.sign("client.example.com")
        paths = {"tls_cert": tmp_path / "client.crt", "tls_key": tmp_path / "client.key"}
        paths["tls_cert"].write_bytes(mine.certificate)
        paths["tls_key"].write_bytes(mine.key)
        paths["tls_key"].chmod(mode)
        return {name: str(path) for name, path in paths.items()}

    return write


# Client certificates


def test_a_key_that_others_may_read_is_no_fault_of_the_connection(of_certificates, authority, client_files):
    server, dialect = of_certificates
    found = check(server, dialect, tls=Tls.ENCRYPT, **client_files(authority, 0o644))
    assert verdict(found["database.connect"]) == (PASS, None)


def test_connect_tells_that_a_refused_mariadb_account_may_want_a_certificate(mariadb_of_certificates):
    for tls in (Tls.OFF, Tls.ENCRYPT):
        gate = only_the_gate(check(mariadb_of_certificates, "mariadb", tls=tls))
        assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
        assert "REQUIRE X509" in gate.detail
        assert "\nSHOW CREATE USER 'nocobase'@'%';\n" in gate.remedy
        assert "REQUIRE X509" in str(run_sql(mariadb_of_certificates, *statements(gate.remedy)[:-1]))


def test_a_client_certificate_that_only_the_nodes_have_leaves_the_gate_unknown(of_certificates):
    server, dialect = of_certificates
    files = {"tls_cert": "/app/nocobase/storage/client.crt", "tls_key": "/app/nocobase/storage/client.key"}
    gate = only_the_gate(check(server, dialect, tls=Tls.ENCRYPT, **files))
    assert verdict(gate) == (UNKNOWN, ErrorKind.MISSING)
    assert all(path in gate.summary for path in files.values())


def test_a_client_certificate_of_another_authority_is_called_so(postgres_of_certificates, client_files):
    gate = only_the_gate(check(postgres_of_certificates, tls=Tls.ENCRYPT, **client_files(Authority())))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "refuses the client certificate" in gate.summary
    assert "ssl_ca_file" in gate.detail
    assert "client.crt" in gate.remedy
    assert "issuer=" in paste(gate.remedy)


def test_a_mariadb_that_breaks_off_is_told_with_the_client_certificate(mariadb_of_certificates, client_files):
    gate = only_the_gate(check(mariadb_of_certificates, "mariadb", tls=Tls.ENCRYPT, **client_files(Authority())))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "client.crt" in f"{gate.summary} {gate.detail}", "the alert comes or the end, whichever is first"


# TLS files


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_authority_file_that_is_none_is_named(closed_port, tmp_path, dialect):
    file = tmp_path / "authority.pem"
    file.write_text("no certificate\n")
    gate = only_the_gate(check(closed_port, dialect, tls=Tls.VERIFY, tls_ca=str(file)))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert str(file) in gate.summary
    assert gate.remedy


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_key_of_another_certificate_is_named(closed_port, tmp_path, authority, client_files, dialect):
    files, other = client_files(authority), tmp_path / "other.key"
    other.write_bytes(authority.sign("other.example.com").key)
    gate = only_the_gate(check(closed_port, dialect, tls=Tls.ENCRYPT, **{**files, "tls_key": str(other)}))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert str(other) in gate.summary
    assert gate.remedy.endswith(f"openssl pkey -in {other} -pubout")
    first, second = paste(gate.remedy).split("-----END PUBLIC KEY-----\n")[:2]
    assert first != second


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_key_with_a_passphrase_is_named_and_nobody_asked_for_it(
    closed_port, tmp_path, authority, client_files, dialect
):
    files, locked = client_files(authority), tmp_path / "locked.key"
    subprocess.run(
        ["openssl", "pkey", "-in", files["tls_key"], "-aes128", "-passout", "pass:secret", "-out", locked], check=True
    )
    gate = only_the_gate(check(closed_port, dialect, tls=Tls.ENCRYPT, **{**files, "tls_key": str(locked)}))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert str(locked) in gate.summary
    assert "passphrase" in gate.summary
    paste(f"{gate.remedy} -passin pass:secret")
    opened = check(closed_port, dialect, tls=Tls.ENCRYPT, **{**files, "tls_key": f"{locked}.open"})
    assert verdict(only_the_gate(opened)) == (FAIL, ErrorKind.REFUSED)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_key_file_without_a_key_is_named(closed_port, authority, client_files, dialect):
    files = client_files(authority)
    gate = only_the_gate(check(closed_port, dialect, tls=Tls.ENCRYPT, **{**files, "tls_key": files["tls_cert"]}))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert f"{files['tls_cert']} holds no key" in gate.summary


@pytest.mark.parametrize(("make", "dialect"), [(Postgres, "postgres"), (MariaDb, "mariadb")])
def test_a_certificate_of_the_future_is_called_so(launch, authority, tmp_path, make, dialect):
    future = authority.sign(
        not_before=dt.datetime(2090, 1, 1, tzinfo=dt.UTC), not_after=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    )
    server, file = launch(lambda: make(tls=future)), tmp_path / "authority.pem"
    file.write_bytes(authority.pem)
    gate = only_the_gate(check(server, dialect, tls=Tls.VERIFY, tls_ca=str(file)))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert "not valid yet" in gate.summary
    assert "notBefore=Jan  1 00:00:00 2090" in paste(gate.remedy)


def test_the_wrong_authority_file_is_named_in_the_remedy(postgres_of_certificates, tmp_path):
    file = tmp_path / "authority.pem"
    file.write_bytes(Authority().pem)
    gate = only_the_gate(check(postgres_of_certificates, tls=Tls.VERIFY, tls_ca=str(file)))
    assert verdict(gate) == (FAIL, ErrorKind.TLS)
    assert str(file) in gate.remedy


# The state of an account


@pytest.fixture
def own_mariadb(launch):
    return launch(MariaDb)


def test_connect_tells_a_locked_account(own_mariadb):
    run_sql(own_mariadb, "ALTER USER nocobase@'%' ACCOUNT LOCK")
    gate = only_the_gate(check(own_mariadb, "mariadb"))
    assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
    assert "locked" in gate.summary
    run_sql(own_mariadb, *statements(gate.remedy))
    assert verdict(check(own_mariadb, "mariadb")["database.connect"]) == (PASS, None)


@pytest.mark.parametrize("disconnects", ["OFF", "ON"])
def test_connect_tells_an_expired_password(own_mariadb, disconnects):
    run_sql(own_mariadb, f"SET GLOBAL disconnect_on_expired_password = {disconnects}")
    run_sql(own_mariadb, "ALTER USER nocobase@'%' PASSWORD EXPIRE")
    gate = only_the_gate(check(own_mariadb, "mariadb"))
    assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
    assert "expired" in gate.summary
    run_sql(own_mariadb, *statements(gate.remedy.replace("PASSWORD-HERE", own_mariadb.password)))
    assert verdict(check(own_mariadb, "mariadb")["database.connect"]) == (PASS, None)


def test_connect_tells_an_account_that_is_blocked_after_wrong_passwords(own_mariadb):
    run_sql(own_mariadb, "SET GLOBAL max_password_errors = 1")
    assert "wrong" in only_the_gate(check(own_mariadb, "mariadb", secret="Not-the-password")).summary
    gate = only_the_gate(check(own_mariadb, "mariadb"))
    assert verdict(gate) == (FAIL, ErrorKind.CREDENTIALS)
    assert "too many wrong passwords" in gate.summary
    run_sql(own_mariadb, *statements(gate.remedy))
    assert verdict(check(own_mariadb, "mariadb")["database.connect"]) == (PASS, None)


# The machine


def own_address() -> str:
    """Return an address of this machine that is not its loopback, for which MariaDB counts no errors.

    Nothing is sent.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect(("198.51.100.1", 9))
            return way.getsockname()[0]
    except OSError:
        give_up("there is no network but the loopback")


def break_a_handshake(host: str, port: int) -> None:
    """Greet, answer with what is no login, and wait until the server is rid of us."""
    with contextlib.suppress(ConnectionResetError), socket.create_connection((host, port), 10) as plain:
        plain.recv(1024)
        plain.sendall(b"\x05\0\0\x01wrong")
        while plain.recv(1024):
            pass


def test_connect_tells_that_this_machine_is_blocked(launch):
    host = own_address()
    server = launch(lambda: MariaDb(lines=(f"bind-address={LOOPBACK},{host}", "max_connect_errors=1")))
    assert verdict(check(server, "mariadb", host=host)["database.connect"]) == (PASS, None)
    for _attempt in range(2):
        break_a_handshake(host, server.port)
    gate = only_the_gate(check(server, "mariadb", host=host))
    assert verdict(gate) == (FAIL, ErrorKind.PERMISSION)
    assert "blocks this machine" in gate.summary
    run_sql(server, *statements(gate.remedy))
    assert verdict(check(server, "mariadb", host=host)["database.connect"]) == (PASS, None)


def test_a_method_that_this_program_lacks_tells_nothing_of_the_nodes():
    with running(MariaDb) as server:
        run_sql(
            server,
            "INSTALL SONAME 'auth_ed25519'",
            f"CREATE USER modern@'%' IDENTIFIED VIA ed25519 USING PASSWORD('{server.password}')",
        )
        gate = only_the_gate(check(server, "mariadb", user="modern"))
    assert verdict(gate) == (UNKNOWN, ErrorKind.PROTOCOL)
    assert "signs in by ed25519" in gate.summary
