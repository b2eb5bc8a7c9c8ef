"""Brokers that cannot carry the queue: real RabbitMQ 3 and 4."""

from tests.faults.row import (
    CREDENTIALS,
    DNS,
    FAIL,
    INFO,
    MISSING,
    OTHER,
    PERMISSION,
    PROTOCOL,
    REFUSED,
    TIMEOUT,
    TLS,
    UNKNOWN,
    VERSION,
    WARN,
    Fault,
)

_FILE = "live/test_rabbitmq.py::"
_GATE, _BROKER, _RIGHTS, _SIZE = (
    f"{_FILE}{name}::test_" for name in ("TestConnect", "TestBroker", "TestRights", "TestMessageSize")
)
_LACKS = f"{_RIGHTS}the_right_that_lacks_is_named"
CONNECT = "rabbitmq.connect"

FAULTS = (
    Fault("a name that DNS does not know", f"{_GATE}an_unknown_name_is_an_error_of_dns", CONNECT, FAIL, DNS),
    Fault("a port where nobody listens", f"{_GATE}a_closed_port_refuses", CONNECT, FAIL, REFUSED),
    Fault("a broker that never answers", f"{_GATE}a_silent_port_is_a_time_out", CONNECT, FAIL, TIMEOUT),
    Fault("a web server", f"{_GATE}what_is_no_broker_is_an_error_of_protocol", CONNECT, FAIL, PROTOCOL),
    Fault("a wrong password", f"{_GATE}a_wrong_password_is_an_error_of_credentials", CONNECT, FAIL, CREDENTIALS),
    Fault(
        "a password that is not at hand", f"{_GATE}a_secret_that_is_not_at_hand_is_unknown", CONNECT, UNKNOWN, MISSING
    ),
    Fault(
        "a certificate of an unknown authority", f"{_GATE}an_unknown_authority_is_an_error_of_tls", CONNECT, FAIL, TLS
    ),
    Fault(
        "an authority file that only the nodes have",
        f"{_GATE}an_authority_that_only_the_nodes_have_is_unknown",
        CONNECT,
        UNKNOWN,
        TLS,
    ),
    Fault(
        "an expired certificate",
        f"{_GATE}an_expired_certificate_is_called_so_with_its_authority_or_without",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "a certificate for another name",
        f"{_GATE}a_certificate_for_another_name_is_called_so",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "an authority file without a certificate",
        f"{_GATE}a_file_that_holds_no_certificate_is_named",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "an authority that this machine alone trusts",
        f"{_GATE}an_authority_that_this_machine_alone_trusts_is_not_trusted",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "a client certificate wanted",
        f"{_GATE}a_broker_that_asks_for_a_client_certificate_is_told",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault("TLS planned, a plain broker", f"{_GATE}tls_wanted_from_a_plain_broker_is_told", CONNECT, FAIL, TLS),
    Fault("a TLS broker, none planned", f"{_GATE}a_tls_broker_without_tls_in_the_plan_is_told", CONNECT, FAIL, TLS),
    Fault(
        "a virtual host that does not exist",
        f"{_FILE}TestVirtualHost::test_one_that_does_not_exist_is_missing",
        "rabbitmq.virtual_host",
        FAIL,
        MISSING,
    ),
    Fault(
        "a virtual host that is closed to the account",
        f"{_FILE}TestVirtualHost::test_one_that_is_closed_to_the_account_is_an_error_of_permission",
        "rabbitmq.virtual_host",
        FAIL,
        PERMISSION,
    ),
    Fault("RabbitMQ 3", f"{_BROKER}rabbitmq_3_is_a_warning", "rabbitmq.version", WARN, VERSION),
    Fault("no TLS", f"{_BROKER}rabbitmq_3_is_a_warning", "rabbitmq.tls", INFO),
    Fault("variables that nobody published", f"{_BROKER}rabbitmq_3_is_a_warning", "rabbitmq.variables", UNKNOWN),
    Fault(
        "an alarm for the disk",
        f"{_BROKER}an_alarm_fails_and_stops_the_message[disk]",
        "rabbitmq.alarm",
        FAIL,
        OTHER,
    ),
    Fault(
        "an alarm for memory",
        f"{_BROKER}an_alarm_fails_and_stops_the_message[memory]",
        "rabbitmq.alarm",
        FAIL,
        OTHER,
    ),
    Fault(
        "an account with as many connections as it may have",
        f"{_GATE}an_account_with_as_many_connections_as_it_may_have_is_told",
        CONNECT,
        FAIL,
        REFUSED,
    ),
    Fault("a far broker", f"{_BROKER}a_slow_way_is_a_warning", "rabbitmq.latency", WARN),
    Fault(
        "a limit of 64 KiB for messages",
        f"{_SIZE}a_lower_limit_is_a_warning_that_names_it_and_leaves_nothing",
        "rabbitmq.message_size",
        WARN,
        OTHER,
    ),
    Fault(
        "a policy that keeps queues short",
        f"{_SIZE}a_policy_for_short_queues_is_a_warning_that_lists_policies",
        "rabbitmq.message_size",
        WARN,
        OTHER,
    ),
    Fault(
        "a broker that falls silent at a large message",
        f"{_SIZE}a_broker_that_falls_silent_at_it_leaves_it_unknown",
        "rabbitmq.message_size",
        UNKNOWN,
        TIMEOUT,
    ),
    Fault("no right to configure", f"{_LACKS}[noconfigure-configure-steps0]", "rabbitmq.permissions", FAIL, PERMISSION),
    Fault("no right to write", f"{_LACKS}[nowrite-write-steps1]", "rabbitmq.use", FAIL, PERMISSION),
    Fault("no right to read", f"{_LACKS}[noread-read-steps2]", "rabbitmq.permissions", FAIL, PERMISSION),
    Fault(
        "lasting queues refused",
        f"{_RIGHTS}lasting_queues_of_other_names_that_are_refused_are_a_warning",
        "rabbitmq.queue_kinds",
        WARN,
        PERMISSION,
    ),
    Fault(
        "NocoBase 2.1.24 with RabbitMQ",
        f"{_FILE}TestApplicationVersion::test_one_that_recovers_badly_is_a_warning",
        "rabbitmq.application_version",
        WARN,
        VERSION,
    ),
)
