"""The RabbitMQ checks before real brokers: each id where it passes, and where the real thing is broken."""

import pytest

from tests.live.running import findings_of, unhurried
from tests.patience import patience, wait_until
from tests.servers.fixtures import running
from tests.servers.ports import SilentPort
from tests.servers.rabbitmq import ForeignRabbitMq
from tests.servers.relay import SlowRelay
from tests.servers.tls import EXPIRED
from wizard.checks.rabbitmq import checks as rabbitmq
from wizard.checks.rabbitmq.facts import LARGE
from wizard.checks.rabbitmq.judge_size import USUAL_LIMIT
from wizard.checks.rabbitmq.specs import SPECS
from wizard.demo.process import accepts
from wizard.demo.rabbitmq import Permission
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret, SecretRef
from wizard.plan.sections import QueueKind

pytestmark = pytest.mark.live

REF = "queue.password"
PASSED = (Severity.PASS, None)
UNWRITTEN = {"declared": "done", "published": "permission", "consumed": "not reached"}
UNREAD = {"declared": "done", "published": "done", "consumed": "permission"}


def outcome(finding):
    return finding.severity, finding.error


def failed(kind):
    return Severity.FAIL, kind


def plan_of(server, values=None):
    plan = Plan()
    given = {"kind": QueueKind.RABBITMQ, "host": server.host, "port": server.port, "virtual_host": "nocobase"}
    given |= {"username": "nocobase", "password": SecretRef(REF)}
    given = {f"queue.{key}": value for key, value in given.items()} | {"application.version": "2.2.15"}
    for key, value in (given | (values or {})).items():
        plan = plan.with_value(key, value)
    return plan


def found(server, values=None, *, password="", **options):
    secrets = {REF: Secret(password or getattr(server, "password", "none"))}
    return {
        identifier: finding
        for (identifier, _subject), finding in findings_of(
            rabbitmq.checks(plan_of(server, values), secrets), **options
        ).items()
    }


def as_user(name):
    return {"queue.username": name}


class UntrustedRabbitMq(ForeignRabbitMq):
    """Shows a certificate that no client accepts, so a port that answers is all that its start waits for."""

    def is_ready(self):
        return accepts(self.port)


class StrictRabbitMq(UntrustedRabbitMq):
    """Asks every client for a certificate."""

    def _listener(self):
        return [line.replace("verify_none", "verify_peer") for line in super()._listener()]


class LimitedRabbitMq(ForeignRabbitMq):
    """Lets its user `limited` open no connection."""

    def definitions(self):
        found = super().definitions()
        users = [
            user | ({"limits": {"max-connections": 0}} if user["name"] == "limited" else {}) for user in found["users"]
        ]
        return found | {"users": users}


@pytest.fixture(scope="module")
def broker():
    """A broker with users that lack one right each; the password of each is its name."""
    rights = {"nowrite": {"write": "^$"}, "noread": {"read": "^$"}, "noconfigure": {"configure": "^$"}}
    rights["narrow"] = {"configure": "^ncw-check-[0-9a-f]{8}$"}
    permissions = [Permission(name, "nocobase", **lacking) for name, lacking in rights.items()]
    users = {name: name for name in rights}
    with running(
        lambda: ForeignRabbitMq("trixie", users=users, vhosts=["forbidden"], permissions=permissions)
    ) as server:
        yield server


@pytest.fixture(scope="module")
def findings(broker):
    with unhurried():
        return found(broker)


@pytest.fixture(scope="module")
def tls_broker(authority):
    with running(lambda: ForeignRabbitMq("trixie", tls=authority.sign())) as server:
        yield server


def assert_no_queue_is_left(server, findings):
    import pika

    name = findings["rabbitmq.use"].detail.rpartition(" ")[2]
    assert name.startswith("ncw-check-")
    with server.connect() as connection:
        for left in (name, f"{name}-classic", f"{name}-quorum"):
            with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
                connection.channel().queue_declare(left, passive=True)


class TestEverythingInOrder:
    def test_all_that_can_pass_passes(self, findings):
        others = {"rabbitmq.tls": Severity.INFO, "rabbitmq.variables": Severity.UNKNOWN}
        assert {key: item.severity for key, item in findings.items() if outcome(item) != PASSED} == others

    def test_every_id_is_given(self, findings):
        assert set(findings) == {spec.id for spec in SPECS}

    def test_the_five_steps_are_told_apart(self, findings):
        steps = ("declared", "published", "consumed", "acknowledged", "deleted")
        assert findings["rabbitmq.use"].facts == dict.fromkeys(steps, "done")

    def test_the_version_is_among_the_facts(self, findings):
        assert findings["rabbitmq.version"].facts["version"] == "4.0.5"

    def test_the_variables_are_said_to_be_a_guess(self, findings):
        assert "unverified" in findings["rabbitmq.variables"].summary
        assert "QUEUE_ADAPTER_RABBITMQ_URL" in findings["rabbitmq.variables"].remedy

    def test_no_queue_is_left(self, broker, findings):
        assert_no_queue_is_left(broker, findings)

    def test_every_connection_was_closed_politely(self, broker, findings):
        assert "closed the connection without" not in broker.process.log_tail()
        assert "closed unexpectedly" not in broker.process.log_tail()


def test_a_plan_with_its_queue_on_redis_is_not_asked(closed_port):
    assert found(closed_port, {"queue.kind": QueueKind.REDIS}) == {}


class TestConnect:
    def test_over_tls_with_a_private_authority(self, tls_broker, authority, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_bytes(authority.pem)
        findings = found(tls_broker, {"queue.tls": True, "application.extra_ca_file": str(file)})
        assert outcome(findings["rabbitmq.connect"]) == PASSED
        assert outcome(findings["rabbitmq.tls"]) == PASSED
        assert outcome(findings["rabbitmq.use"]) == PASSED

    def test_an_unknown_authority_is_an_error_of_tls(self, tls_broker):
        findings = found(tls_broker, {"queue.tls": True})
        assert outcome(findings["rabbitmq.connect"]) == failed(ErrorKind.TLS)
        assert "not trusted" in findings["rabbitmq.connect"].summary
        assert findings["rabbitmq.tls"].severity is Severity.SKIP

    def test_an_authority_that_only_the_nodes_have_is_unknown(self, tls_broker):
        values = {"queue.tls": True, "application.extra_ca_file": "/nowhere/authority.pem"}
        assert outcome(found(tls_broker, values)["rabbitmq.connect"]) == (Severity.UNKNOWN, ErrorKind.TLS)

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_an_expired_certificate_is_called_so_with_its_authority_or_without(self, launch, authority, file):
        server = launch(lambda: UntrustedRabbitMq("trixie", tls=authority.sign(**EXPIRED)))
        finding = found(server, {"queue.tls": True, "application.extra_ca_file": file})["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "has expired: it ended on 2020-01-01" in finding.summary

    def test_a_certificate_for_another_name_is_called_so(self, launch, authority, tmp_path):
        server = launch(lambda: UntrustedRabbitMq("trixie", tls=authority.sign("mq.example.com")))
        (tmp_path / "authority.pem").write_bytes(authority.pem)
        for file in (tmp_path / "authority.pem", "/nowhere/authority.pem"):
            finding = found(server, {"queue.tls": True, "application.extra_ca_file": str(file)})["rabbitmq.connect"]
            assert outcome(finding) == failed(ErrorKind.TLS)
            assert "for another name: mq.example.com." in finding.summary

    def test_a_file_that_holds_no_certificate_is_named(self, tls_broker, tmp_path):
        file = tmp_path / "authority.pem"
        file.write_text("nothing")
        values = {"queue.tls": True, "application.extra_ca_file": str(file)}
        finding = found(tls_broker, values)["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert f"{file} holds no certificate" in finding.summary

    def test_an_authority_that_this_machine_alone_trusts_is_not_trusted(
        self, tls_broker, authority, tmp_path, monkeypatch
    ):
        (tmp_path / "authority.pem").write_bytes(authority.pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert outcome(found(tls_broker, {"queue.tls": True})["rabbitmq.connect"]) == failed(ErrorKind.TLS)

    def test_a_broker_that_asks_for_a_client_certificate_is_told(self, launch, authority, tmp_path):
        lines = ["ssl_options.fail_if_no_peer_cert = true"]
        server = launch(lambda: StrictRabbitMq("trixie", tls=authority.sign(), lines=lines))
        (tmp_path / "authority.pem").write_bytes(authority.pem)
        values = {"queue.tls": True, "application.extra_ca_file": str(tmp_path / "authority.pem")}
        finding = found(server, values)["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "client certificate" in finding.summary
        assert "fail_if_no_peer_cert = false" in finding.remedy

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_tls_wanted_from_a_plain_broker_is_told(self, broker, file):
        finding = found(broker, {"queue.tls": True, "application.extra_ca_file": file})["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks without TLS" in finding.summary

    @pytest.mark.parametrize("file", ["", "/nowhere/authority.pem"])
    def test_a_tls_broker_without_tls_in_the_plan_is_told(self, tls_broker, file):
        finding = found(tls_broker, {"application.extra_ca_file": file})["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TLS)
        assert "speaks TLS" in finding.summary

    def test_a_wrong_password_is_an_error_of_credentials(self, broker):
        finding = found(broker, password="not-the-password")["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.CREDENTIALS)
        assert "not-the-password" not in repr(finding)
        assert "rabbitmqctl add_user nocobase\nrabbitmqctl set_permissions -p nocobase" in finding.remedy

    def test_an_account_with_as_many_connections_as_it_may_have_is_told(self, launch):
        server = launch(lambda: LimitedRabbitMq("trixie", users={"limited": "limited"}))
        finding = found(server, as_user("limited"), password="limited")["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.REFUSED)
        assert "limited open no more connections" in finding.summary
        assert "rabbitmqctl list_user_limits --user limited" in finding.remedy

    def test_a_secret_that_is_not_at_hand_is_unknown(self, broker):
        findings = findings_of(rabbitmq.checks(plan_of(broker), {}))
        assert outcome(findings["rabbitmq.connect", ""]) == (Severity.UNKNOWN, ErrorKind.MISSING)

    def test_a_plan_without_a_host_is_skipped(self, broker):
        assert found(broker, {"queue.host": ""})["rabbitmq.connect"].severity is Severity.SKIP

    def test_a_closed_port_refuses(self, closed_port):
        findings = found(closed_port)
        assert outcome(findings["rabbitmq.connect"]) == failed(ErrorKind.REFUSED)
        assert findings["rabbitmq.use"].severity is Severity.SKIP

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_silent_port_is_a_time_out(self, silent_port):
        assert outcome(found(silent_port, timeout=patience(0.5))["rabbitmq.connect"]) == failed(ErrorKind.TIMEOUT)

    @pytest.mark.usefixtures("quiet_machine")
    def test_the_drivers_own_time_out_comes_before_the_deadline(self, silent_port):
        finding = found(silent_port)["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.TIMEOUT)
        assert "handshake" in finding.detail

    def test_an_unknown_name_is_an_error_of_dns(self, closed_port):
        finding = found(closed_port, {"queue.host": "nowhere.invalid"})["rabbitmq.connect"]
        assert outcome(finding) == failed(ErrorKind.DNS)

    def test_what_is_no_broker_is_an_error_of_protocol(self, nginx_debian):
        assert outcome(found(nginx_debian)["rabbitmq.connect"]) == failed(ErrorKind.PROTOCOL)

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_trickle_of_bytes_ends_in_time(self):
        with SilentPort(trickle=b"H") as port:
            assert found(port)["rabbitmq.connect"].severity is Severity.FAIL


class TestVirtualHost:
    def test_one_that_does_not_exist_is_missing(self, broker):
        findings = found(broker, {"queue.virtual_host": "nowhere"})
        finding = findings["rabbitmq.virtual_host"]
        assert outcome(finding) == failed(ErrorKind.MISSING)
        assert "rabbitmqctl add_vhost nowhere" in finding.remedy
        assert outcome(findings["rabbitmq.connect"]) == PASSED
        assert findings["rabbitmq.use"].severity is Severity.SKIP

    def test_one_that_is_closed_to_the_account_is_an_error_of_permission(self, broker):
        finding = found(broker, {"queue.virtual_host": "forbidden"})["rabbitmq.virtual_host"]
        assert outcome(finding) == failed(ErrorKind.PERMISSION)
        assert "set_permissions -p forbidden nocobase" in finding.remedy


class TestBroker:
    def test_rabbitmq_3_is_a_warning(self, rabbitmq3):
        findings = found(rabbitmq3)
        assert outcome(findings["rabbitmq.version"]) == (Severity.WARN, ErrorKind.VERSION)
        assert "3.10.8" in findings["rabbitmq.version"].summary
        assert outcome(findings["rabbitmq.use"]) == PASSED

    @pytest.mark.parametrize(
        ("line", "alarm", "reason", "cure"),
        [
            ("disk_free_limit.absolute = 900TB", "disk", "low on disk", "set_disk_free_limit 2GB"),
            (
                "vm_memory_high_watermark.absolute = 1MB",
                "memory",
                "low on memory",
                "set_vm_memory_high_watermark 0.6",
            ),
        ],
        ids=["disk", "memory"],
    )
    def test_an_alarm_fails_and_stops_the_message(self, launch, line, alarm, reason, cure):
        server = launch(lambda: ForeignRabbitMq("trixie", lines=[line]))
        assert wait_until(lambda: f"{alarm} resource limit alarm set" in server.process.log_tail(), within=20)
        findings = found(server)
        finding = findings["rabbitmq.alarm"]
        assert outcome(finding) == failed(ErrorKind.OTHER)
        assert reason in finding.summary
        assert [line for line in finding.remedy.splitlines() if line.startswith("rabbitmqctl")] == [
            f"rabbitmqctl {cure}"
        ]
        assert outcome(findings["rabbitmq.use"]) == failed(ErrorKind.OTHER)
        assert findings["rabbitmq.use"].facts["published"] == "other"
        assert findings["rabbitmq.permissions"].severity is Severity.SKIP

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_slow_way_is_a_warning(self, broker):
        with SlowRelay(broker.port, 0.03) as slow:
            finding = found(broker, {"queue.port": slow.port})["rabbitmq.latency"]
        assert finding.severity is Severity.WARN
        assert finding.facts["median_ms"] >= 50


def policy(**definition):
    common = {"vhost": "nocobase", "name": "short", "pattern": ".*", "apply-to": "queues", "priority": 0}
    return [common | {"definition": {name.replace("_", "-"): value for name, value in definition.items()}}]


class TestMessageSize:
    def test_a_lower_limit_is_a_warning_that_names_it_and_leaves_nothing(self, launch):
        server = launch(lambda: ForeignRabbitMq("trixie", lines=["max_message_size = 65536"]))
        findings = found(server)
        finding = findings["rabbitmq.message_size"]
        assert outcome(finding) == (Severity.WARN, ErrorKind.OTHER)
        assert finding.facts == {"bytes": LARGE, "limit": 65536}
        assert finding.remedy.endswith("max_message_size = 16777216")
        assert {outcome(findings[f"rabbitmq.{check}"]) for check in ("use", "queue_kinds")} == {PASSED}
        assert_no_queue_is_left(server, findings)

    def test_the_line_of_the_remedy_lets_it_through(self, launch):
        server = launch(lambda: ForeignRabbitMq("trixie", lines=[f"max_message_size = {USUAL_LIMIT}"]))
        assert outcome(found(server)["rabbitmq.message_size"]) == PASSED

    @pytest.mark.parametrize("overflow", ["reject-publish", "drop-head"])
    def test_a_policy_for_short_queues_is_a_warning_that_lists_policies(self, launch, overflow):
        policies = policy(max_length_bytes=65536, overflow=overflow)
        server = launch(lambda: ForeignRabbitMq("trixie", policies=policies))
        finding = found(server)["rabbitmq.message_size"]
        assert outcome(finding) == (Severity.WARN, ErrorKind.OTHER)
        assert "rabbitmqctl list_policies -p nocobase" in finding.remedy

    @pytest.mark.usefixtures("quiet_machine")
    def test_a_broker_that_falls_silent_at_it_leaves_it_unknown(self, broker):
        with SlowRelay(broker.port, mute_at=bytes(1024)) as relay:
            findings = found(broker, {"queue.port": relay.port}, timeout=patience(4))
        assert outcome(findings["rabbitmq.message_size"]) == (Severity.UNKNOWN, ErrorKind.TIMEOUT)
        assert outcome(findings["rabbitmq.queue_kinds"]) == PASSED


class TestRights:
    @pytest.mark.parametrize(
        ("user", "right", "steps"),
        [
            ("noconfigure", "configure", {"declared": "permission"}),
            ("nowrite", "write", UNWRITTEN),
            ("noread", "read", UNREAD),
        ],
    )
    def test_the_right_that_lacks_is_named(self, broker, user, right, steps):
        findings = found(broker, as_user(user), password=user)
        use, permissions = findings["rabbitmq.use"], findings["rabbitmq.permissions"]
        assert outcome(use) == failed(ErrorKind.PERMISSION)
        assert steps.items() <= use.facts.items()
        assert outcome(permissions) == failed(ErrorKind.PERMISSION)
        assert permissions.facts["refused"] == right
        assert f"set_permissions -p nocobase {user} '.*' '.*' '.*'" in permissions.remedy

    def test_lasting_queues_of_other_names_that_are_refused_are_a_warning(self, broker):
        findings = found(broker, as_user("narrow"), password="narrow")
        assert outcome(findings["rabbitmq.queue_kinds"]) == (Severity.WARN, ErrorKind.PERMISSION)
        assert outcome(findings["rabbitmq.use"]) == PASSED


class TestApplicationVersion:
    def test_one_that_recovers_badly_is_a_warning(self, closed_port):
        finding = found(closed_port, {"application.version": "2.1.24"})["rabbitmq.application_version"]
        assert outcome(finding) == (Severity.WARN, ErrorKind.VERSION)
        assert not finding.detail

    def test_one_with_odd_queue_names_says_so(self, closed_port):
        finding = found(closed_port, {"application.version": "2.1.18"})["rabbitmq.application_version"]
        assert outcome(finding) == (Severity.WARN, ErrorKind.VERSION)
        assert "“@”" in finding.detail
