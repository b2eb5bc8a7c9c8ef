"""The gate: does the broker answer, and does it accept the account? Every way of failing has words of its own."""

from __future__ import annotations

from functools import partial

from wizard.checks.rabbitmq.errors import PLAIN_BROKER, TLS_BROKER, USER_LIMIT, VIRTUAL_HOST
from wizard.checks.rabbitmq.facts import BrokerFacts
from wizard.checks.rabbitmq.specs import CONNECT
from wizard.checks.rabbitmq.target import BrokerTarget
from wizard.checks.shared.judge_failure import judge_failure
from wizard.checks.shared.judge_name import judge_name
from wizard.checks.shared.restart import in_file
from wizard.engine.check import value_of
from wizard.engine.facts import Known, Trouble
from wizard.net.errors import CLIENT_CERTIFICATE, is_address
from wizard.plan.finding import ErrorKind, Finding
from wizard.plan.i18n import tr
from wizard.plan.remedy import Remedy, advice, commands, steps

_LISTENERS = "rabbitmq-diagnostics listeners"


def judge_connect(target: BrokerTarget, facts: BrokerFacts) -> Finding:
    """Say whether the connection stands, or why not; a virtual host that is closed comes after the log-in."""
    trouble = _trouble(facts)
    if trouble is None or trouble.about == VIRTUAL_HOST:
        elapsed = facts.connection.elapsed_ms if isinstance(facts.connection, Known | Trouble) else None
        return _connected(target, elapsed)
    if facts.connection is not trouble and not is_address(target.host):
        return judge_name(CONNECT, target, trouble, "queue")
    return _failed(target, facts, trouble)


def _trouble(facts: BrokerFacts) -> Trouble | None:
    for fact in (facts.addresses, facts.connection):
        if isinstance(fact, Trouble):
            return fact
    return None if isinstance(facts.connection, Known) else Trouble(ErrorKind.OTHER)


def _connected(target: BrokerTarget, elapsed: int | None) -> Finding:
    values = {"address": target.address, "user": target.account}
    return CONNECT.passed(
        tr("Connected to {address} as {user} over TLS.", **values)
        if target.tls
        else tr("Connected to {address} as {user} without TLS.", **values),
        facts={"host": target.host, "port": target.port, "user": target.account},
        elapsed_ms=elapsed,
    )


def _failed(target: BrokerTarget, facts: BrokerFacts, trouble: Trouble) -> Finding:
    words = partial(_words, target, trouble)
    return judge_failure(CONNECT, target, trouble, value_of(facts.doubt), words, "queue")


def _words(target: BrokerTarget, trouble: Trouble) -> tuple[str, Remedy]:  # noqa: PLR0911 - a table of cases
    address = target.address
    match trouble.kind:
        case ErrorKind.REFUSED if trouble.about == USER_LIMIT:
            see = target.rabbitmqctl("list_user_limits", "--user", target.account)
            end = target.rabbitmqctl("clear_user_limits", target.account, "max-connections")
            return (
                tr(
                    "RabbitMQ at {address} lets {user} open no more connections: the account has a limit.",
                    address=address,
                    user=target.account,
                ),
                commands(see, steps(tr("To take the limit away:"), end)),
            )
        case ErrorKind.REFUSED:
            return (
                tr("RabbitMQ at {address} refuses the connection.", address=address),
                steps(tr("Start RabbitMQ there and see which ports it listens on:"), _LISTENERS),
            )
        case ErrorKind.TIMEOUT:
            return (
                tr("RabbitMQ at {address} does not answer.", address=address),
                steps(
                    tr("See whether a firewall drops the packets, and whether the port is the one for AMQP:"),
                    _LISTENERS,
                ),
            )
        case ErrorKind.TLS:
            return _tls_words(target, trouble)
        case ErrorKind.CREDENTIALS:
            return (
                tr(
                    "RabbitMQ at {address} refuses the user {user} or its password.",
                    address=address,
                    user=target.account,
                ),
                _account_lines(target),
            )
        case ErrorKind.PROTOCOL:
            return (
                tr("What listens at {address} does not speak AMQP 0-9-1.", address=address),
                advice(tr("Correct the port: 5672, or 5671 with TLS. 15672 is the management page.")),
            )
        case _:
            return tr("RabbitMQ at {address} does not serve.", address=address), commands(
                "rabbitmq-diagnostics check_running"
            )


def _account_lines(target: BrokerTarget) -> Remedy:
    """Return the commands that test the account, or make it where there is none; both ask for the password."""
    guest = tr("guest may log in from the broker's own host alone.")
    hint = [steps(guest)] if target.account == "guest" else []
    test, make = (target.rabbitmqctl(command, target.account) for command in ("authenticate_user", "add_user"))
    first = tr("First compare user and password with those of the other nodes, and correct them in the plan. A test:")
    return commands(*hint, steps(first, test), steps(tr("If there is no such account:"), make, target.grant()))


def _tls_words(target: BrokerTarget, trouble: Trouble) -> tuple[str, Remedy]:
    if trouble.about == TLS_BROKER:
        return (
            tr("{address} speaks TLS, but the plan has none.", address=target.address),
            advice(tr("Switch TLS on in the plan; the address then begins with “amqps://”.")),
        )
    if trouble.about == CLIENT_CERTIFICATE:
        return (
            tr("{address} asks for a client certificate, which NocoBase cannot give.", address=target.address),
            commands(
                steps(
                    tr(
                        "Give NocoBase a broker of its own, or let everybody in who has a password but no certificate, "
                        "on this one:"
                    )
                ),
                steps(in_file("rabbitmq.conf"), "ssl_options.fail_if_no_peer_cert = false"),
            ),
        )
    if trouble.about == PLAIN_BROKER:
        return (
            tr("{address} speaks without TLS, but the plan wants TLS.", address=target.address),
            advice(tr("Switch TLS off in the plan, or enter the port of rabbitmq.conf's listeners.ssl (5671).")),
        )
    return tr("No TLS connection to {address}.", address=target.address), commands(target.show_certificate())
