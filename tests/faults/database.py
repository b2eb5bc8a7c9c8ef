"""Databases that cannot carry a cluster: real PostgreSQL and MariaDB servers, PgBouncer, ports that do not behave."""

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

_GATE = "live/test_database_connect.py::test_connect_tells_"
_TRUST = "live/test_database_connect.py::test_"
_REFUSED = "live/test_database_refusals.py::test_"
_AT = "live/test_database.py::test_"
_IN = "live/test_database_content.py::test_"
CONNECT, RIGHTS, CONNECTIONS = "database.connect", "database.rights", "database.connections"

FAULTS = (
    Fault("a name that DNS does not know", f"{_GATE}an_unknown_name", CONNECT, FAIL, DNS),
    Fault("a name that nothing can have", f"{_GATE}a_name_that_can_be_none", CONNECT, FAIL, DNS),
    Fault("a port where nobody listens", f"{_GATE}a_closed_port", CONNECT, FAIL, REFUSED),
    Fault("a server that never answers", f"{_GATE}a_silent_server_at_the_deadline", CONNECT, FAIL, TIMEOUT),
    Fault("a port that speaks something else", f"{_GATE}a_server_that_talks_something_else", CONNECT, FAIL, PROTOCOL),
    Fault(
        "MariaDB where PostgreSQL is planned", f"{_GATE}that_another_kind_of_server_answers", CONNECT, FAIL, PROTOCOL
    ),
    Fault("a wrong password", f"{_GATE}a_wrong_password", CONNECT, FAIL, CREDENTIALS),
    Fault("no password in the plan", f"{_GATE}that_the_plan_has_no_password", CONNECT, FAIL, CREDENTIALS),
    Fault(
        "a password that is not at hand", f"{_AT}a_password_that_is_not_at_hand_is_unknown", CONNECT, UNKNOWN, MISSING
    ),
    Fault("a database that does not exist", f"{_GATE}a_missing_database", CONNECT, FAIL, MISSING),
    Fault(
        "a MariaDB database of somebody else", f"{_GATE}a_mariadb_database_that_is_not_ours", CONNECT, FAIL, PERMISSION
    ),
    Fault(
        "a MariaDB database that does not exist, to an account that may not know",
        f"{_GATE}a_missing_mariadb_database_to_an_account_that_may_not_know",
        CONNECT,
        FAIL,
        PERMISSION,
    ),
    Fault("a database without CONNECT", f"{_GATE}a_database_that_is_closed_to_the_account", CONNECT, FAIL, PERMISSION),
    Fault("no rule of pg_hba.conf for this machine", f"{_GATE}that_no_rule_lets_us_in", CONNECT, FAIL, PERMISSION),
    Fault(
        "no MariaDB account for this machine", f"{_GATE}that_no_account_may_come_from_here", CONNECT, FAIL, PERMISSION
    ),
    Fault(
        "a MariaDB whose transactions are read-only",
        f"{_AT}read_only_transactions_of_mariadb_are_told_and_no_grant_is_advised[tx_read_only = ON-expected0]",
        "database.writable",
        FAIL,
        PERMISSION,
    ),
    Fault(
        "a machine blocked after broken connections",
        f"{_REFUSED}connect_tells_that_this_machine_is_blocked",
        CONNECT,
        FAIL,
        PERMISSION,
    ),
    Fault("no connection left", f"{_GATE}that_all_connections_are_in_use", CONNECT, FAIL, REFUSED),
    Fault("TLS demanded by PostgreSQL, none planned", f"{_GATE}that_the_server_wants_tls", CONNECT, FAIL, TLS),
    Fault("TLS demanded by MariaDB, none planned", f"{_GATE}that_mariadb_wants_tls", CONNECT, FAIL, TLS),
    Fault("TLS planned, none offered", f"{_GATE}that_the_server_has_no_tls", CONNECT, FAIL, TLS),
    Fault(
        "a certificate of an unknown authority",
        f"{_TRUST}an_authority_that_is_not_public_is_not_trusted",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault("an expired certificate", f"{_TRUST}an_expired_certificate_is_called_so", CONNECT, FAIL, TLS),
    Fault("a certificate for another name", f"{_TRUST}a_certificate_for_another_name_is_called_so", CONNECT, FAIL, TLS),
    Fault(
        "a client certificate wanted", f"{_TRUST}a_client_certificate_is_given_and_its_lack_is_told", CONNECT, FAIL, TLS
    ),
    Fault(
        "a client certificate wanted by a MariaDB account (REQUIRE X509)",
        f"{_REFUSED}connect_tells_that_a_refused_mariadb_account_may_want_a_certificate",
        CONNECT,
        FAIL,
        CREDENTIALS,
    ),
    Fault(
        "a client certificate that only the nodes have",
        f"{_REFUSED}a_client_certificate_that_only_the_nodes_have_leaves_the_gate_unknown",
        CONNECT,
        UNKNOWN,
        MISSING,
    ),
    Fault(
        "a client certificate of another authority",
        f"{_REFUSED}a_client_certificate_of_another_authority_is_called_so",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "an authority file without a certificate",
        f"{_REFUSED}an_authority_file_that_is_none_is_named",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault(
        "a client key of another certificate", f"{_REFUSED}a_key_of_another_certificate_is_named", CONNECT, FAIL, TLS
    ),
    Fault(
        "a client key with a passphrase",
        f"{_REFUSED}a_key_with_a_passphrase_is_named_and_nobody_asked_for_it",
        CONNECT,
        FAIL,
        TLS,
    ),
    Fault("a certificate of the future", f"{_REFUSED}a_certificate_of_the_future_is_called_so", CONNECT, FAIL, TLS),
    Fault("a locked MariaDB account", f"{_REFUSED}connect_tells_a_locked_account", CONNECT, FAIL, CREDENTIALS),
    Fault("an expired MariaDB password", f"{_REFUSED}connect_tells_an_expired_password", CONNECT, FAIL, CREDENTIALS),
    Fault(
        "a MariaDB account blocked after wrong passwords",
        f"{_REFUSED}connect_tells_an_account_that_is_blocked_after_wrong_passwords",
        CONNECT,
        FAIL,
        CREDENTIALS,
    ),
    Fault(
        "a database of the internet without TLS",
        "unit/test_database_judge.py::test_plain_text_is_warned_of_in_public[203.0.114.9-warn]",
        "database.tls",
        WARN,
    ),
    Fault(
        "TLS without a checked certificate",
        f"{_TRUST}tls_tells_that_the_certificate_is_not_checked",
        "database.tls",
        INFO,
    ),
    Fault(
        "an authority file that only the nodes have",
        f"{_TRUST}tls_cannot_be_judged_without_the_authority_file",
        "database.tls",
        UNKNOWN,
        MISSING,
    ),
    Fault("MariaDB 10.6", f"{_AT}version_fails_below_what_nocobase_demands", "database.version", FAIL, VERSION),
    Fault(
        "MySQL under the dialect mariadb",
        f"{_AT}dialect_fails_for_mysql_under_mariadb",
        "database.dialect",
        FAIL,
        VERSION,
    ),
    Fault("MariaDB under the dialect mysql", f"{_AT}dialect_warns_of_mariadb_under_mysql", "database.dialect", WARN),
    Fault(
        "a hot standby",
        f"{_AT}a_standby_is_not_writable_and_rights_are_not_tried",
        "database.writable",
        FAIL,
        PERMISSION,
    ),
    Fault("a role that is read-only", f"{_AT}a_read_only_role_is_not_writable", "database.writable", FAIL, PERMISSION),
    Fault(
        "a MariaDB that is read-only",
        f"{_AT}a_read_only_mariadb_is_not_writable",
        "database.writable",
        FAIL,
        PERMISSION,
    ),
    Fault(
        "no right to create in public", f"{_AT}rights_fail_for_an_account_that_may_not_create", RIGHTS, FAIL, PERMISSION
    ),
    Fault(
        "no right to create schemas",
        f"{_AT}a_schema_of_its_own_needs_the_right_to_create_schemas",
        RIGHTS,
        FAIL,
        PERMISSION,
    ),
    Fault("a schema that is gone", f"{_AT}a_schema_that_is_gone_is_missing", RIGHTS, FAIL, MISSING),
    Fault(
        "one of DROP, ALTER, INDEX, INSERT missing",
        f"{_AT}nothing_is_left_where_a_right_is_missing",
        RIGHTS,
        FAIL,
        PERMISSION,
    ),
    Fault("tables that another role owns", f"{_AT}tables_of_another_owner_are_told", RIGHTS, FAIL, PERMISSION),
    Fault("LATIN1, utf8mb3", f"{_AT}encoding_fails_for_latin1", "database.encoding", FAIL, OTHER),
    Fault(
        "tables in utf8mb3 in a database in utf8mb4",
        f"{_AT}tables_that_are_there_in_another_encoding_are_warned_of",
        "database.encoding",
        WARN,
    ),
    Fault(
        "lower_case_table_names=1",
        f"{_AT}folded_table_names_need_underscored_ones",
        "database.table_names",
        FAIL,
        VERSION,
    ),
    Fault(
        "pools beyond max_connections", f"{_AT}connections_are_counted_against_every_limit", CONNECTIONS, FAIL, REFUSED
    ),
    Fault(
        "others that leave too few connections",
        f"{_AT}connections_warn_where_others_leave_too_few",
        CONNECTIONS,
        WARN,
    ),
    Fault("pools that leave no reserve", f"{_AT}connections_are_counted_against_every_limit", CONNECTIONS, WARN),
    Fault(
        "an account with a limit of its own",
        f"{_AT}connections_know_the_account_s_own_limit",
        CONNECTIONS,
        FAIL,
        REFUSED,
    ),
    Fault("a clock two minutes ahead", f"{_AT}clock_warns_of_a_server_in_another_time", "database.clock", WARN),
    Fault("PgBouncer in transaction mode", f"{_AT}pooler_is_seen_and_its_mode_told", "database.pooler", WARN),
    Fault(
        "PgBouncer in statement mode",
        f"{_AT}a_pooler_without_transactions_fails_and_ends_the_look",
        "database.pooler",
        FAIL,
        PROTOCOL,
    ),
    Fault("limits hidden behind PgBouncer", f"{_AT}pooler_is_seen_and_its_mode_told", CONNECTIONS, UNKNOWN),
    Fault("a far server", f"{_AT}latency_warns_of_a_far_server", "database.latency", WARN),
    Fault(
        "an installation under another prefix and naming",
        f"{_IN}other_names_than_planned_fail",
        "database.installation",
        FAIL,
        MISSING,
    ),
    Fault(
        "an installation newer than the plan",
        f"{_IN}a_newer_installation_than_planned_fails",
        "database.installation",
        FAIL,
        VERSION,
    ),
    Fault(
        "an installation older than the plan",
        f"{_IN}an_older_installation_than_planned_is_upgraded",
        "database.installation",
        INFO,
    ),
    Fault(
        "the rest of an installation that was broken off",
        f"{_IN}a_rest_of_an_installation_fails",
        "database.installation",
        FAIL,
        MISSING,
    ),
    Fault(
        "an installation in another schema",
        f"{_IN}another_schema_than_planned_fails",
        "database.installation",
        FAIL,
        MISSING,
    ),
    Fault(
        "a version table without a version",
        f"{_IN}an_installation_that_names_no_version_broke_off",
        "database.installation",
        FAIL,
        MISSING,
    ),
    Fault(
        "an installation without a role, as a broken-off first start leaves it",
        f"{_IN}an_installation_without_a_role_broke_off",
        "database.installation",
        FAIL,
        MISSING,
    ),
    Fault(
        "workflows that wait for more than ten minutes",
        f"{_IN}workflows_that_wait_long_are_a_warning[postgres-seconds3-warn]",
        "database.backlog",
        WARN,
    ),
    Fault(
        "a schedule that two nodes begin at one moment",
        f"{_IN}a_schedule_that_ran_twice_at_one_moment_fails",
        "database.duplicates",
        FAIL,
        OTHER,
    ),
    Fault("tables of something else", f"{_IN}tables_of_something_else_are_told", "database.installation", INFO),
    Fault(
        "tables that may not be read",
        f"{_IN}what_may_not_be_read_is_unknown",
        "database.installation",
        UNKNOWN,
        PERMISSION,
    ),
    Fault(
        "a table that is locked",
        f"{_IN}a_locked_table_holds_one_finding_up_and_no_other",
        "database.installation",
        UNKNOWN,
        TIMEOUT,
    ),
    Fault("plug-ins off or absent", f"{_IN}plugins_that_are_off_or_absent_fail", "database.plugins", FAIL, MISSING),
    Fault("local files by default", f"{_IN}plugins_that_are_off_or_absent_fail", "database.file_storage", WARN),
    Fault(
        "a server that falls silent half-way",
        f"{_AT}a_server_that_falls_silent_is_unknown_from_there_on",
        "database.encoding",
        UNKNOWN,
        TIMEOUT,
    ),
)
