"""The gate of the Redis checks before real servers: every way in which a connection stands, or does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis.exceptions import BusyLoadingError, ConnectionError  # noqa: A004 - redis-py calls it so

from tests.live.redis_plans import PASSED, SECRET, failed, found, found_of, outcome, plan_of
from tests.patience import patience
from tests.remedies import lines_of, paste
from tests.servers.again import append, start_again
from tests.servers.redis import redis8_launch
from tests.servers.tls import EXPIRED, Authority
from wizard.demo.process import accepts
from wizard.demo.redis import Redis
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.secret import Secret, SecretRef

pytestmark = pytest.mark.live


class StrictRedis(Redis):
    """Asks every client for a certificate."""

    def _tls_lines(self):
        return [line for line in super()._tls_lines() if not line.startswith("tls-auth-clients")]

    def is_ready(self):
        try:
            return super().is_ready()
        except OSError:
            return True

    def connect(self, **options):
        own = {"ssl_certfile": str(self.folder / "server.crt"), "ssl_keyfile": str(self.folder / "server.key")}
        return super().connect(**own | options)


class UntrustedRedis(Redis):
    """Shows a certificate that no client accepts, so a port that answers is all that its start waits for."""

    def is_ready(self):
        return accepts(self.port)


class LoadingRedis(Redis):
    """Takes 20 ms to load each key of `data`, the content of a snapshot, and answers after each that is 1 KiB large."""

    def __init__(self, data):
        slow = ["key-load-delay 20000", "loading-process-events-interval-bytes 1024"]
        super().__init__(files={"dump.rdb": data}, lines=slow)

    def is_ready(self):
        with self.connect() as client:
            try:
                client.ping()
            except BusyLoadingError:
                return True
            except ConnectionError:
                return False
            raise AssertionError("it has loaded its data already")


class TestConnect:
    def test_over_tls_with_a_private_authority(self, redis_tls, authority, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        findings = found(redis_tls, {"redis.server.tls": True, "application.extra_ca_file": str(file)})
        assert outcome(findings["redis.connect", "cache"]) == PASSED
        assert findings["redis.connect", "cache"].facts["tls"] == "TLSv1.3"
        assert outcome(findings["redis.sync_use", "sync"]) == PASSED

    def test_an_unknown_authority_is_an_error_of_tls(self, redis_tls):
        finding = found(redis_tls, {"redis.server.tls": True})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "not trusted: NocoBase does not know its authority" in finding.summary

    def test_an_authority_that_only_the_nodes_have_is_unknown(self, redis_tls):
        values = {"redis.server.tls": True, "application.extra_ca_file": "/nowhere/authority.pem"}
        finding = found(redis_tls, values)["redis.connect", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.TLS)

    def test_a_certificate_for_another_name_is_an_error_of_tls(self, launch, authority, tmp_path):
        server = launch(lambda: Redis(launch=redis8_launch(), tls=authority.sign("127.0.0.1")))
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file), "redis.server.host": "localhost"}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "Hostname mismatch" in finding.detail
        assert "for another name: 127.0.0.1." in finding.summary
        assert "BEGIN CERTIFICATE" in paste(finding.remedy)

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_an_expired_certificate_is_called_so_with_its_authority_or_without(self, launch, authority, file):
        server = launch(lambda: UntrustedRedis(launch=redis8_launch(), tls=authority.sign(**EXPIRED)))
        finding = found(server, {"redis.server.tls": True, "application.extra_ca_file": file})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "has expired: it ended on 2020-01-01" in finding.summary
        assert "Renew it" in finding.remedy
        assert "BEGIN CERTIFICATE" in paste(finding.remedy)

    def test_a_certificate_of_tomorrow_names_its_first_day(self, launch, authority, tmp_path):
        dates = {"not_before": datetime(2099, 1, 1, tzinfo=UTC), "not_after": datetime(2100, 1, 1, tzinfo=UTC)}
        server = launch(lambda: UntrustedRedis(launch=redis8_launch(), tls=authority.sign(**dates)))
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file)}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "not valid before 2099-01-01" in finding.summary

    def test_another_name_is_certain_without_the_authority(self, launch, authority):
        server = launch(lambda: UntrustedRedis(launch=redis8_launch(), tls=authority.sign("cache.example.com")))
        values = {"redis.server.tls": True, "application.extra_ca_file": "/nowhere/authority.pem"}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "for another name: cache.example.com." in finding.summary

    def test_a_file_that_holds_no_certificate_is_named(self, redis_tls, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_text("nothing")
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file)}
        finding = found(redis_tls, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert f"{file} holds no certificate" in finding.summary

    def test_the_file_of_another_authority_is_named(self, redis_tls, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_bytes(Authority().pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file)}
        finding = found(redis_tls, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert f"{file} is another authority's" in finding.summary
        assert "issuer=" in paste(finding.remedy)

    def test_an_authority_that_this_machine_alone_trusts_is_not_trusted(
        self, redis_tls, authority, tmp_path, monkeypatch
    ):
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        finding = found(redis_tls, {"redis.server.tls": True})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_tls_wanted_from_a_plain_server_is_told(self, redis8, file):
        values = {"redis.server.tls": True, "application.extra_ca_file": file}
        finding = found(redis8, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks without TLS" in finding.summary

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_a_tls_server_without_tls_in_the_plan_is_told(self, redis_tls, file):
        finding = found(redis_tls, {"application.extra_ca_file": file})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks TLS" in finding.summary

    def test_a_server_that_asks_for_a_client_certificate_is_told(self, launch, authority, tmp_path):
        server = launch(lambda: StrictRedis(launch=redis8_launch(), tls=authority.sign()))
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        values = {"redis.server.tls": True, "application.extra_ca_file": str(file)}
        finding = found(server, values)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "client certificate" in finding.summary, finding.detail
        append(server, "redis.conf", lines_of(finding.remedy, "redis.conf"))
        start_again(server)
        assert outcome(found(server, values)["redis.connect", "cache"]) == PASSED

    def test_a_wrong_password_is_an_error_of_credentials(self, redis8):
        plan, _secrets = plan_of(redis8)
        finding = found_of(plan, {SECRET: Secret("not-the-password")})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "flags" in paste(finding.remedy, REDISCLI_AUTH=redis8.password)
        assert "not-the-password" not in repr(finding)

    def test_a_missing_password_is_told_from_a_wrong_one(self, redis8):
        finding = found(redis8, {"redis.server.password": None})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "the plan has none" in finding.summary

    def test_a_password_for_a_server_that_has_none_is_told(self, launch):
        plan, _secrets = plan_of(launch(lambda: Redis(password="")), {"redis.server.password": SecretRef(SECRET)})
        finding = found_of(plan, {SECRET: Secret("unheard-of")})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "has no password, and the plan gives one" in finding.summary
        assert "unheard-of" not in repr(finding)

    def test_an_unknown_user_is_an_error_of_credentials(self, redis8):
        finding = found(redis8, {"redis.server.username": "nobody"})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "nobody" in finding.summary

    def test_a_secret_that_is_not_at_hand_is_unknown(self, redis8):
        plan, _secrets = plan_of(redis8)
        finding = found_of(plan, {})["redis.connect", "cache"]
        assert outcome(finding) == (Severity.UNKNOWN, ErrorKind.MISSING)

    def test_a_plan_without_a_host_is_skipped(self, redis8):
        finding = found(redis8, {"redis.server.host": ""})["redis.connect", "cache"]
        assert finding.severity is Severity.SKIP

    def test_a_closed_port_refuses(self, closed_port):
        assert outcome(found(closed_port)["redis.connect", "cache"]) == failed(ErrorKind.REFUSED)

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_silent_port_is_a_time_out(self, silent_port):
        assert outcome(found(silent_port, timeout=patience(0.5))["redis.connect", "cache"]) == failed(ErrorKind.TIMEOUT)

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_trickle_of_bytes_ends_in_time(self, trickling_port):
        assert outcome(found(trickling_port, timeout=patience(0.5))["redis.connect", "cache"]) == failed(
            ErrorKind.TIMEOUT
        )

    @pytest.mark.usefixtures("quiet_machine")
    def test_the_drivers_own_time_out_comes_before_the_deadline(self, silent_port):
        finding = found(silent_port)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.TIMEOUT)
        assert "within 5 s" not in finding.detail

    def test_an_unknown_name_is_an_error_of_dns(self, closed_port):
        finding = found(closed_port, {"redis.server.host": "nowhere.invalid"})["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.DNS)
        assert "nowhere.invalid" in finding.summary

    def test_a_web_server_is_an_error_of_protocol(self, nginx_debian):
        assert outcome(found(nginx_debian)["redis.connect", "cache"]) == failed(ErrorKind.PROTOCOL)

    def test_a_server_without_a_free_connection_is_refusal_and_says_so(self, launch):
        server = launch(lambda: Redis(lines=["maxclients 1"]))
        with server.connect() as only:
            only.ping()
            finding = found(server)["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.REFUSED)
        assert "no more clients" in finding.summary
        assert "laddr=" in paste(finding.remedy, REDISCLI_AUTH=server.password)

    def test_a_server_that_still_loads_its_data_is_told(self, launch):
        with launch(lambda: Redis(lines=["rdbcompression no"])).connect() as client:
            client.mset({f"key-{number}": "x" * 1024 for number in range(2000)})
            client.save()
            data = (Path(client.config_get("dir")["dir"]) / "dump.rdb").read_bytes()
        finding = found(launch(lambda: LoadingRedis(data)))["redis.connect", "cache"]
        assert outcome(finding) == failed(ErrorKind.REFUSED)
        assert "still loads its data" in finding.summary

    def test_what_lies_behind_the_gate_is_skipped(self, closed_port):
        findings = found(closed_port)
        rest = [item for (identifier, _role), item in findings.items() if identifier != "redis.connect"]
        assert {item.severity for item in rest} == {Severity.SKIP}

    def test_a_username_without_a_password_is_no_fault_of_ours(self, launch):
        server = launch(lambda: Redis(password=""))
        with server.connect() as client:
            client.acl_setuser("open", enabled=True, nopass=True, keys="*", channels="*", commands=["+@all"])
        plan, secrets = plan_of(server, {"redis.server.username": "open"})
        assert plan.get("redis.server.password") != SecretRef(SECRET)
        assert outcome(found_of(plan, secrets)["redis.connect", "cache"]) == PASSED
