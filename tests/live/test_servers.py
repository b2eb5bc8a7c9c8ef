"""The servers that the tests lean on start, answer to the real drivers, and are the versions they claim to be."""

import platform
import socket
import ssl
import subprocess
import sys

import httpx
import pika
import psycopg
import pymysql
import pytest
import redis
from websockets.sync.client import connect as connect_websocket

from tests.patience import patience
from tests.servers.fixtures import WEAK_PASSWORD, WEAK_USER
from tests.servers.mariadb import MariaDb
from tests.servers.rabbitmq import ForeignRabbitMq
from tests.servers.secret_service import SecretService
from wizard.demo.licence_service import CLUSTER_PLUGINS, Trouble
from wizard.demo.nginx import Nginx
from wizard.demo.nodes import Health

pytestmark = pytest.mark.live
DEBIANS = {
    "12": {"postgres": 15, "mariadb": "10.11.", "redis7": "7.0.15", "nginx_debian": "nginx/1.22."},
    "13": {"postgres": 17, "mariadb": "11.8.", "redis7": "8.0.2", "nginx_debian": "nginx/1.26."},
}
"""What each Debian's own servers say they are; on 13 the machine's own Redis is an 8."""
OF_DEBIAN = DEBIANS.get(platform.freedesktop_os_release().get("VERSION_ID", ""), DEBIANS["12"])


def _sql(server, statement, **options):
    with server.connect(**options) as connection:
        return connection.execute(statement).fetchone()[0]


def test_postgres_lets_the_owner_in_by_password_alone_and_is_of_this_debian(postgres):
    login = {"host": postgres.host, "port": postgres.port, "dbname": "nocobase", "user": "nocobase"}
    with psycopg.connect(**login, password=postgres.password, connect_timeout=round(patience(10))) as connection:
        assert connection.info.server_version // 10000 == OF_DEBIAN["postgres"]
        connection.execute("CREATE TABLE made_by_owner (a int)")
        connection.rollback()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**login, password="wrong", connect_timeout=round(patience(10)))


def test_postgres_weak_user_cannot_create(postgres):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _sql(postgres, "CREATE TABLE t (a int)", user=WEAK_USER, password=WEAK_PASSWORD, dbname="nocobase")


def test_postgres_tls_is_verified_by_its_authority(postgres_tls, authority, tmp_path):
    trust = tmp_path / "authority.pem"
    trust.write_bytes(authority.pem)
    verified = {"sslmode": "verify-full", "sslrootcert": str(trust)}
    assert _sql(postgres_tls, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", **verified) is True


def test_postgres_hostssl_refuses_plain_connections(postgres_hostssl):
    assert _sql(postgres_hostssl, "SELECT 1") == 1
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        postgres_hostssl.connect(sslmode="disable")


def test_postgres_standby_is_in_recovery(postgres_standby):
    assert _sql(postgres_standby, "SELECT pg_is_in_recovery()") is True


def test_mariadb_tls_is_verified_by_its_authority(launch, authority, tmp_path):
    trust = tmp_path / "authority.pem"
    trust.write_bytes(authority.pem)
    server = launch(lambda: MariaDb(tls=authority.sign()))
    with server.connect(ssl_ca=str(trust), ssl_verify_cert=True, ssl_verify_identity=True) as connection:
        cursor = connection.cursor()
        cursor.execute("SHOW STATUS LIKE 'Ssl_cipher'")
        assert cursor.fetchone()[1]


def test_mariadb_is_of_this_debian_and_knows_its_weak_user(mariadb):
    with mariadb.connect(user=WEAK_USER, password=WEAK_PASSWORD, database="nocobase") as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT VERSION()")
        assert cursor.fetchone()[0].startswith(OF_DEBIAN["mariadb"])
        with pytest.raises(pymysql.err.OperationalError, match="command denied"):
            cursor.execute("CREATE TABLE t (a int)")


@pytest.mark.parametrize(
    ("fixture", "version"),
    [("redis7", OF_DEBIAN["redis7"]), ("redis8", "8.0.2"), ("redis8_bloom", "8.0.2"), ("valkey", "7.2.4")],
)
def test_redis_is_the_version_it_claims(fixture, version, request):
    server = request.getfixturevalue(fixture)
    with server.connect() as client:
        assert client.info("server")["redis_version"] == version
    with server.connect(password="wrong") as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_valkey_names_itself(valkey):
    with valkey.connect() as client:
        assert client.info("server")["server_name"] == "valkey"


def test_redis8_has_bloom_with_the_module_alone(redis8, redis8_bloom):
    with redis8_bloom.connect() as client:
        assert client.execute_command("BF.ADD", "filter", "item") == 1
    with redis8.connect() as client, pytest.raises(redis.ResponseError, match="unknown command"):
        client.execute_command("BF.ADD", "filter", "item")


def test_redis_tls_is_verified_by_its_authority(redis_tls):
    with redis_tls.connect() as client:
        assert client.ping()
    with redis_tls.connect(ssl_ca_data=None) as client, pytest.raises(redis.ConnectionError, match="certificate"):
        client.ping()


def test_redis_acl_user_may_write_and_not_administer(redis_acl):
    with redis_acl.connect() as client:
        assert client.set("a", "b")
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.config_get("maxmemory")
    with redis_acl.connect(username=None, password=None) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_redis_replica_follows_and_refuses_writes(redis_replica):
    with redis_replica.connect() as client:
        assert client.info("replication")["role"] == "slave"
        with pytest.raises(redis.exceptions.ReadOnlyError):
            client.set("a", "b")


def test_redis_cluster_holds_all_slots(redis_cluster):
    with redis_cluster.connect() as client:
        assert client.execute_command("CLUSTER INFO")["cluster_slots_ok"] == "16384"
        assert client.set("a", "b")


@pytest.mark.parametrize(("fixture", "version"), [("rabbitmq3", "3.10.8"), ("rabbitmq4", "4.0.5")])
def test_rabbitmq_is_the_version_it_claims_and_holds_its_permissions(fixture, version, request):
    server = request.getfixturevalue(fixture)
    with server.connect() as connection:
        assert connection._impl.server_properties["version"] == version
        connection.channel().queue_declare("quorum", durable=True, arguments={"x-queue-type": "quorum"})
    with server.connect(WEAK_USER, WEAK_PASSWORD) as connection, pytest.raises(pika.exceptions.ChannelClosedByBroker):
        connection.channel().queue_declare("refused")
    with pytest.raises(pika.exceptions.ProbableAccessDeniedError):
        server.connect(vhost="forbidden")
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        server.connect(password="wrong")


def test_rabbitmq_tls_is_verified_by_its_authority(launch, authority):
    server = launch(lambda: ForeignRabbitMq("trixie", tls=authority.sign()))
    with server.connect() as connection:
        assert connection.is_open


def test_nginx_tls_is_verified_by_its_authority(launch, authority):
    site = (
        "server {{ listen 127.0.0.1:{} ssl; ssl_certificate server.crt; ssl_certificate_key server.key; return 204; }}"
    )
    server = launch(lambda: Nginx(site.format, tls=authority.sign()))
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    assert httpx.get(server.url, verify=trust).status_code == 204


@pytest.mark.parametrize(
    ("fixture", "version"), [("nginx_debian", OF_DEBIAN["nginx_debian"]), ("nginx_newest", "nginx/1.31.")]
)
def test_nginx_is_the_version_it_claims(fixture, version, request):
    answer = httpx.get(request.getfixturevalue(fixture).url)
    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.headers["Server"].startswith(version)


def test_secret_service_keeps_a_password_for_the_keyring_library(secret_service, monkeypatch):
    for name, value in secret_service.environment().items():
        monkeypatch.setenv(name, value)
    code = (
        "import keyring; keyring.set_password('service', 'name', 'kept'); "
        "print(type(keyring.get_keyring()).__module__, keyring.get_password('service', 'name'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=patience(60)
    )
    assert done.stdout.split() == ["keyring.backends.SecretService", "kept"]


def test_secret_service_of_a_desktop_nobody_logged_in_to_does_not_open(launch, monkeypatch):
    for name, value in launch(lambda: SecretService(unlocked=False)).environment().items():
        monkeypatch.setenv(name, value)
    code = "import keyring; keyring.set_password('service', 'name', 'kept')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=patience(60)
    )
    assert "keyring.errors.InitError" in done.stderr


def _login(service, password):
    return httpx.post(f"{service.url}-/verdaccio/sec/login", json={"username": service.user, "password": password})


def test_licence_service_lists_what_is_licensed_and_in_which_versions(licence_service):
    bearer = {"Authorization": f"Bearer {_login(licence_service, licence_service.password).json()['token']}"}
    listed = httpx.get(f"{licence_service.url}pro-packages", headers=bearer).json()
    assert listed["data"] == list(CLUSTER_PLUGINS)
    assert set(listed["meta"]["commercial_plugins"]) > set(CLUSTER_PLUGINS)
    package = httpx.get(licence_service.url + CLUSTER_PLUGINS[0], headers=bearer).json()
    assert "2.2.15" in package["versions"]
    assert httpx.get(f"{licence_service.url}@nocobase/plugin-backups", headers=bearer).status_code == 404
    assert httpx.get(f"{licence_service.url}pro-packages").status_code == 401


def test_licence_service_refuses_a_wrong_password_and_an_invalid_licence(licence_service):
    assert _login(licence_service, "wrong").status_code == 401
    licence_service.trouble = Trouble.INVALID_LICENCE
    assert "not valid" in _login(licence_service, licence_service.password).text
    licence_service.trouble = Trouble.BROKEN
    assert _login(licence_service, licence_service.password).status_code == 500


def test_node_tells_its_health_by_status_and_body(node_stand_in):
    node = node_stand_in()
    check = f"{node.url}/api/__health_check"
    assert httpx.get(check).text == "ok"
    node.health = Health.COMMANDING
    assert httpx.get(check).json()["error"]["code"] == "APP_COMMANDING"
    node.health = Health.NOT_INSTALLED
    assert httpx.get(check).json()["error"]["code"] == "APP_NOT_INSTALLED_ERROR"
    node.health = Health.PAGE
    assert httpx.get(check).text.startswith("<!doctype html>")
    node.health = Health.SILENT
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(check, timeout=httpx.Timeout(30, read=0.1))


def test_node_says_that_it_is_a_stand_in_and_shakes_hands_on_ws(node_stand_in):
    node = node_stand_in("node7", version="2.2.14")
    info = httpx.get(f"{node.url}/api/app:getInfo")
    assert info.headers["Server"] == "nocobase-stand-in"
    assert info.json()["data"]["version"] == "2.2.14"
    with connect_websocket(f"ws://{node.host}:{node.port}/ws") as websocket:
        assert websocket.ping().wait(patience())


def test_node_applies_the_rule_of_the_sign_in_origin(node_stand_in):
    node = node_stand_in()
    sign_in = f"{node.url}/api/auth:signIn"
    assert httpx.post(sign_in, headers={"Origin": "https://public"}).status_code == 403
    forwarded = {"Origin": "https://public", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "public"}
    assert httpx.post(sign_in, headers=forwarded, content=b"x" * 2_000_000).status_code == 401
    assert node.requests[-1].body_length == 2_000_000


def test_node_that_stopped_refuses_and_comes_back_on_its_port(node_stand_in):
    node = node_stand_in()
    with httpx.Client() as client:
        assert client.get(node.url).status_code == 200
        node.stop()
        with pytest.raises(httpx.TransportError):
            client.get(node.url)
        node.start()
        assert client.get(node.url).status_code == 200


def test_silent_port_accepts_and_says_nothing(silent_port):
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"http://{silent_port.host}:{silent_port.port}", timeout=httpx.Timeout(30, read=0.1))


def test_trickling_port_sends_a_byte_again_and_again(trickling_port):
    received = b""
    with socket.create_connection((trickling_port.host, trickling_port.port), timeout=patience(10)) as connection:
        while len(received) < 5:
            received += connection.recv(64)
    assert set(received) == set(b"H")


def test_closed_port_refuses(closed_port):
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://{closed_port.host}:{closed_port.port}")
