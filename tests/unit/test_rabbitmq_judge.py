"""What the judges of RabbitMQ say to facts, and how pika's exceptions become trouble."""

import shlex
import socket

import pytest
from pika import exceptions
from pika.adapters.utils.connection_workflow import AMQPConnectorSocketConnectError, AMQPConnectorStackTimeout

from wizard.checks.rabbitmq.checks import checks
from wizard.checks.rabbitmq.errors import (
    ALARM,
    MESSAGE_SIZE,
    NOT_TAKEN,
    USER_LIMIT,
    VIRTUAL_HOST,
    NotTakenError,
    explain,
)
from wizard.checks.rabbitmq.facts import LARGE, Broker, BrokerFacts
from wizard.checks.rabbitmq.judge import judge
from wizard.checks.rabbitmq.rules import judge_application
from wizard.checks.rabbitmq.specs import ASKED
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.engine.facts import PENDING, Known, Trouble, overdue
from wizard.net.errors import CLIENT_CERTIFICATE
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.plan.sections import QueueKind


def target(**values):
    usual = {
        "host": "mq.internal",
        "port": 5672,
        "tls": True,
        "username": "nocobase",
        "password": Secret("Hidden-Pw_1"),
    }
    return BrokerTarget(**usual | values)


TARGET = target()


def facts(**values):
    """Return facts in which all is well but for `values`."""
    found = BrokerFacts(
        addresses=Known(("10.0.0.9",)),
        connection=Known(Broker("RabbitMQ", "4.0.5"), 3),
        declared=Known("ncw-check-1"),
        published=Known(None),
        consumed=Known(1),
        acknowledged=Known(None),
        deleted=Known(None),
        latency=Known((0.1, 0.2, 0.3)),
        classic=Known(None),
        quorum=Known(None),
        large=Known(LARGE),
    )
    for name, value in values.items():
        setattr(found, name, value)
    return found


def findings(place=TARGET, **values):
    return {finding.id.removeprefix("rabbitmq."): finding for finding in judge(place, facts(**values))}


class TestTheWhole:
    def test_good_facts_pass_under_every_id(self):
        given = judge(TARGET, facts())
        assert {finding.severity for finding in given} == {Severity.PASS}
        assert [finding.id for finding in given] == [spec.id for spec in ASKED]

    def test_facts_that_never_came_are_skipped_never_passed(self):
        given = judge(TARGET, overdue(BrokerFacts(), 5.0))
        assert (given[0].severity, given[0].error) == (Severity.FAIL, ErrorKind.TIMEOUT)
        assert {finding.severity for finding in given[1:]} == {Severity.SKIP}

    def test_a_broker_that_falls_silent_on_the_way_fails_at_that_step(self):
        known = BrokerFacts(addresses=Known(("10.0.0.9",)), connection=Known(Broker("RabbitMQ", "4.0.5")))
        given = {finding.id: finding for finding in judge(TARGET, overdue(known, 5.0))}
        assert (given["rabbitmq.use"].severity, given["rabbitmq.use"].error) == (Severity.FAIL, ErrorKind.TIMEOUT)
        assert given["rabbitmq.use"].facts["declared"] == "timeout"

    @pytest.mark.parametrize("kind", ErrorKind)
    def test_no_finding_shows_the_password(self, kind):
        assert "Hidden-Pw_1" not in repr(judge(TARGET, facts(connection=Trouble(kind, "refused"))))

    def test_a_broker_of_another_make_is_a_warning(self):
        assert findings(connection=Known(Broker("LavinMQ", "2.1.0")))["version"].severity is Severity.WARN

    def test_a_broker_without_a_version_is_unknown(self):
        assert findings(connection=Known(Broker("", "")))["version"].severity is Severity.UNKNOWN

    def test_a_client_certificate_that_is_wanted_is_told(self):
        finding = findings(connection=Trouble(ErrorKind.TLS, "EOF", CLIENT_CERTIFICATE))["connect"]
        assert finding.error is ErrorKind.TLS
        assert "client certificate" in finding.summary

    def test_a_limit_of_the_virtual_host_is_told_from_a_missing_right(self):
        trouble = Trouble(ErrorKind.OTHER, "connection limit (1) is reached", VIRTUAL_HOST)
        finding = findings(connection=trouble)["virtual_host"]
        assert (finding.severity, finding.error) == (Severity.FAIL, ErrorKind.OTHER)
        assert "list_vhost_limits" in finding.remedy

    @pytest.mark.parametrize(
        ("reason", "cures"),
        [
            ("low on memory", ["memory"]),
            ("low on disk", ["disk"]),
            ("low on memory & disk", ["memory", "disk"]),
            ("", ["memory", "disk"]),
        ],
    )
    def test_an_alarm_has_the_remedies_of_its_reason(self, reason, cures):
        remedy = findings(published=Trouble(ErrorKind.OTHER, f"connection.blocked: {reason}", ALARM))["alarm"].remedy
        lines = [line for line in remedy.splitlines() if line.startswith("rabbitmqctl")]
        assert len(lines) == len(cures)
        assert all(cure in line for cure, line in zip(cures, lines, strict=True))

    def test_a_lasting_queue_of_one_kind_that_fails_is_named(self):
        finding = findings(quorum=Trouble(ErrorKind.OTHER, "540 NOT_IMPLEMENTED"))["queue_kinds"]
        assert finding.severity is Severity.WARN
        assert finding.facts == {"classic": True, "quorum": False}


class TestMessageSize:
    def test_a_connection_that_breaks_at_a_large_message_is_a_warning(self):
        finding = findings(large=Trouble(ErrorKind.PROTOCOL, "EOF"))["message_size"]
        assert (finding.severity, finding.error) == (Severity.WARN, ErrorKind.PROTOCOL)

    def test_a_limit_that_is_not_told_is_not_made_up(self):
        finding = findings(large=Trouble(ErrorKind.OTHER, "message size is too large", MESSAGE_SIZE))["message_size"]
        assert finding.facts["limit"] is None
        assert "refuses a message of 1 MiB." in finding.summary

    def test_a_broker_that_falls_silent_after_a_message_leaves_the_rest_unknown(self):
        known = facts(latency=PENDING, classic=PENDING, quorum=PENDING, large=PENDING)
        given = {finding.id.removeprefix("rabbitmq."): finding for finding in judge(TARGET, overdue(known, 5.0))}
        late = {given[check].severity for check in ("latency", "queue_kinds", "message_size")}
        assert (given["use"].severity, late) == (Severity.PASS, {Severity.UNKNOWN})


class TestRemedies:
    """A remedy is pasted into a shell, where a name must stay one word."""

    HOST, USER = "odd '; id", "$(id) `id`"

    @pytest.mark.parametrize(
        ("values", "command", "names"),
        [
            ({"connection": Trouble(ErrorKind.CREDENTIALS)}, "rabbitmqctl authenticate_user", {USER}),
            ({"connection": Trouble(ErrorKind.MISSING, "", VIRTUAL_HOST)}, "rabbitmqctl add_vhost", {HOST}),
            ({"connection": Trouble(ErrorKind.PERMISSION, "", VIRTUAL_HOST)}, "rabbitmqctl set_perm", {HOST, USER}),
            ({"connection": Trouble(ErrorKind.OTHER, "", VIRTUAL_HOST)}, "rabbitmqctl list_vhost_limits", {HOST}),
            ({"declared": Trouble(ErrorKind.PERMISSION)}, "rabbitmqctl list_permissions", {HOST}),
            ({"quorum": Trouble(ErrorKind.PERMISSION)}, "rabbitmqctl set_perm", {HOST, USER}),
        ],
    )
    def test_odd_names_are_quoted_for_the_shell(self, values, command, names):
        remedies = [
            finding.remedy for finding in judge(target(virtual_host=self.HOST, username=self.USER), facts(**values))
        ]
        lines = [line for remedy in remedies for line in remedy.splitlines() if line.startswith(command)]
        assert lines
        assert all(names <= set(shlex.split(line)) for line in lines)


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "kind", "about"),
        [
            (
                exceptions.AMQPConnectionError(AMQPConnectorSocketConnectError(ConnectionRefusedError(111, "refused"))),
                ErrorKind.REFUSED,
                "",
            ),
            (AMQPConnectorStackTimeout("Timeout during AMQP handshake'127.0.0.1'"), ErrorKind.TIMEOUT, ""),
            (socket.gaierror(-2, "Name or service not known"), ErrorKind.DNS, ""),
            (
                exceptions.ProbableAuthenticationError("ConnectionClosedByBroker: (403) 'ACCESS_REFUSED'"),
                ErrorKind.CREDENTIALS,
                "",
            ),
            (
                exceptions.ProbableAccessDeniedError(
                    "ConnectionClosedByBroker: (530) 'NOT_ALLOWED - vhost x not found'"
                ),
                ErrorKind.MISSING,
                VIRTUAL_HOST,
            ),
            (
                exceptions.ProbableAccessDeniedError("(530) 'NOT_ALLOWED - access to vhost refused'"),
                ErrorKind.PERMISSION,
                VIRTUAL_HOST,
            ),
            (
                exceptions.ProbableAccessDeniedError("(530) 'connection limit (1) is reached'"),
                ErrorKind.OTHER,
                VIRTUAL_HOST,
            ),
            (
                exceptions.ProbableAccessDeniedError(
                    "(530) 'NOT_ALLOWED - connection refused for user 'x': user connection limit (0) is reached'"
                ),
                ErrorKind.REFUSED,
                USER_LIMIT,
            ),
            (
                exceptions.StreamLostError("SSLError(1, '[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert')"),
                ErrorKind.TLS,
                CLIENT_CERTIFICATE,
            ),
            (exceptions.ChannelClosedByBroker(403, "ACCESS_REFUSED"), ErrorKind.PERMISSION, ""),
            (exceptions.ChannelClosedByBroker(404, "NOT_FOUND"), ErrorKind.MISSING, ""),
            (exceptions.ConnectionClosedByBroker(320, "CONNECTION_FORCED"), ErrorKind.OTHER, ""),
            (
                exceptions.ChannelClosedByBroker(406, "PRECONDITION_FAILED - message size 9 is larger than …"),
                ErrorKind.OTHER,
                MESSAGE_SIZE,
            ),
            (exceptions.NackError([]), ErrorKind.OTHER, NOT_TAKEN),
            (NotTakenError("confirmed, and not in the queue"), ErrorKind.OTHER, NOT_TAKEN),
            (exceptions.ConnectionBlockedTimeout("expired"), ErrorKind.OTHER, ALARM),
            (exceptions.IncompatibleProtocolError("no AMQP"), ErrorKind.PROTOCOL, ""),
            (exceptions.StreamLostError("EOF"), ErrorKind.PROTOCOL, ""),
            (exceptions.ConnectionWrongStateError("Channel allocation requires"), ErrorKind.PROTOCOL, ""),
            (exceptions.ChannelWrongStateError("Channel is closed."), ErrorKind.PROTOCOL, ""),
        ],
    )
    def test_an_exception_becomes_its_kind(self, error, kind, about):
        trouble = explain(error)
        assert (trouble.kind, trouble.about) == (kind, about)

    def test_the_brokers_own_words_are_kept_without_pikas_around_them(self):
        error = exceptions.ProbableAuthenticationError("ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - no'")
        assert explain(error).message == "403 ACCESS_REFUSED - no"


class TestRules:
    @pytest.mark.parametrize(
        ("version", "severity"),
        [("", Severity.SKIP), ("2.1.24", Severity.WARN), ("2.1.25", Severity.PASS), ("2.3.0-beta.2", Severity.PASS)],
    )
    def test_the_application_version_decides(self, version, severity):
        assert judge_application(Plan().with_value("application.version", version)).severity is severity

    def test_an_empty_plan_is_skipped_without_asking(self):
        plan = Plan().with_value("queue.kind", QueueKind.RABBITMQ)
        given = {finding.id: finding.severity for check in checks(plan, {}) for finding in check.judge(check.facts())}
        assert given["rabbitmq.connect"] is Severity.SKIP
        assert given["rabbitmq.variables"] is Severity.UNKNOWN

    @pytest.mark.parametrize("key", ["queue.port", "queue.tls"])
    def test_a_setting_that_could_not_be_read_is_not_taken_for_its_default(self, key):
        plan = Plan().with_value("queue.kind", QueueKind.RABBITMQ).with_value("queue.host", "mq.internal")
        (asking,) = (check for check in checks(plan, {}) if check.specs == ASKED)
        assert asking.facts is BrokerFacts
        (stopped,) = (check for check in checks(plan.with_text(key, "maybe"), {}) if check.specs == ASKED)
        gate = next(iter(stopped.judge(stopped.facts())))
        assert (gate.id, gate.severity) == ("rabbitmq.connect", Severity.SKIP)
        assert key in gate.summary

    def test_without_a_user_the_account_is_guest_as_in_nocobases_client(self):
        assert target(username="").account == "guest"
