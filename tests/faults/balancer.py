"""Balancers that do not fit: real nginx and HAProxy, and their configurations as files. Nodes are stand-ins."""

from tests.faults.reasons import A_PIECE_OF_A_SITE, NO_BALANCER_RUNS, NOT_ALL_NODES
from tests.faults.row import (
    DNS,
    FAIL,
    INFO,
    MISSING,
    OTHER,
    PERMISSION,
    PROTOCOL,
    TIMEOUT,
    TLS,
    UNKNOWN,
    WARN,
    Fault,
)

_BODY, _SITE = "live/test_balancer_body.py::test_", "live/test_balancer_site.py::test_"
_HAPROXY, _LIVE = "live/test_balancer_haproxy.py::test_", "live/test_balancer.py::test_"
_TERMS = "unit/test_balancer_terms.py::test_"
BODY, FILES, LIMITS, SYNTAX, UPLOADS, UPSTREAM = (
    f"balancer.{name}" for name in ("body", "files", "limits", "syntax", "uploads", "upstream")
)

FAULTS = (
    Fault(
        "uploads given away by nginx from its own disk",
        "live/test_balancer.py::TestUploads::test_a_folder_that_nginx_gives_away_itself_fails",
        UPLOADS,
        FAIL,
        PERMISSION,
    ),
    Fault(
        "uploads answered by another than NocoBase, of a version nobody said",
        "live/test_balancer.py::TestUploads::test_without_a_version_in_the_plan_it_is_a_warning",
        UPLOADS,
        WARN,
    ),
    Fault(
        "a site that serves uploads from its own disk",
        "unit/test_balancer_uploads.py::test_a_folder_on_the_balancers_own_disk_fails_with_its_line",
        UPLOADS,
        FAIL,
        PERMISSION,
        subject="site.conf",
        beside=A_PIECE_OF_A_SITE,
    ),
    Fault(
        "a health check of HAProxy that a dead application passes",
        "unit/test_balancer_terms.py::TestHealthChecksOfHaproxy::test_one_that_cannot_see_a_dead_application_warns",
        LIMITS,
        WARN,
        beside=NOT_ALL_NODES,
    ),
    Fault(
        "a health check of nginx Plus that a dead application passes",
        "unit/test_site_health.py::test_a_check_of_nginx_plus_that_cannot_see_a_dead_application_warns",
        LIMITS,
        WARN,
    ),
    Fault(
        "a balancer that answers the health path itself",
        "unit/test_site_health.py::test_haproxy_that_answers_for_the_application_is_named",
        LIMITS,
        WARN,
    ),
    Fault(
        "one server for WebSockets alone",
        "unit/test_balancer_site.py::TestRequestsThatGoDifferentWays::"
        "test_haproxy_with_one_server_for_websockets_lacks_the_others_there",
        UPSTREAM,
        FAIL,
        MISSING,
        beside={"balancer.limits": "The test's file is a piece of a site, without the limits that NocoBase needs."},
    ),
    Fault(
        "10 MiB for a body",
        f"{_BODY}a_limit_in_between_is_told_with_both_sizes_and_two_ways_out",
        BODY,
        FAIL,
        OTHER,
    ),
    Fault(
        "no limit of bodies where one is planned",
        f"{_BODY}nginx_lets_through_what_the_plan_wants_or_not[0-5m-expected7-20-reached7]",
        BODY,
        WARN,
    ),
    Fault(
        "a rule of HAProxy that refuses 20 MiB",
        f"{_BODY}haproxy_lets_through_what_the_plan_wants_or_not[10m-0-expected2-reached2]",
        BODY,
        FAIL,
        OTHER,
    ),
    Fault(
        "an application that limits bodies itself",
        f"{_BODY}a_refusal_of_the_application_is_not_blamed_on_the_balancer",
        BODY,
        WARN,
    ),
    Fault(
        "a way too slow for 20 MiB",
        f"{_BODY}a_way_that_is_too_slow_for_20_mib_is_unknown_and_says_how_far_it_came",
        BODY,
        UNKNOWN,
        TIMEOUT,
    ),
    Fault(
        "a connection that ends while a body is sent",
        f"{_BODY}a_connection_that_ends_without_an_answer_is_unknown",
        BODY,
        UNKNOWN,
        PROTOCOL,
    ),
    Fault(
        "files/ answered by a web server",
        f"{_LIVE}files_that_a_web_server_answers_with_the_page_are_a_warning",
        FILES,
        WARN,
    ),
    Fault(
        "files/ behind a foreign login",
        f"{_LIVE}files_that_are_sent_elsewhere_are_unknown",
        FILES,
        UNKNOWN,
        PROTOCOL,
    ),
    Fault(
        "a node that the site leaves out",
        f"{_SITE}a_node_that_is_missing_gets_no_request_until_its_line_is_added",
        UPSTREAM,
        FAIL,
        MISSING,
    ),
    Fault(
        "a node that HAProxy's backend leaves out",
        f"{_SITE}a_node_that_haproxy_lacks_gets_no_request",
        UPSTREAM,
        FAIL,
        MISSING,
    ),
    Fault(
        "a node for tasks alone in the upstream",
        f"{_SITE}a_node_for_tasks_alone_gets_requests_and_nobody_notices",
        UPSTREAM,
        FAIL,
        OTHER,
    ),
    Fault("an upstream with a stranger", f"{_SITE}a_stranger_gets_requests", UPSTREAM, FAIL, OTHER),
    Fault(
        "an upstream with a name nobody here knows",
        f"{_SITE}a_name_of_the_site_that_nobody_knows_is_unknown",
        UPSTREAM,
        UNKNOWN,
        DNS,
        beside=NO_BALANCER_RUNS,
    ),
    Fault(
        "a site file that cannot be parsed",
        f"{_SITE}a_site_that_cannot_be_parsed_is_unknown_and_names_the_line",
        UPSTREAM,
        UNKNOWN,
        PROTOCOL,
        beside=NO_BALANCER_RUNS,
    ),
    Fault(
        "a site file that is gone",
        f"{_SITE}a_site_file_that_cannot_be_read_is_unknown[gone]",
        UPSTREAM,
        UNKNOWN,
        MISSING,
    ),
    Fault(
        "a site file without what NocoBase needs",
        f"{_SITE}the_sample_of_nocobases_page_lacks_in_its_file_what_it_lacks_when_it_runs",
        LIMITS,
        FAIL,
        OTHER,
        follows={
            "balancer.body": "The balancer that runs with the file lacks what the file lacks.",
            "balancer.origin": "The balancer that runs with the file lacks what the file lacks.",
            "balancer.websocket": "The balancer that runs with the file lacks what the file lacks.",
        },
    ),
    Fault("60 s of patience", f"{_SITE}times_that_are_too_short_are_a_warning", LIMITS, WARN, beside=NO_BALANCER_RUNS),
    Fault(
        "a rule of HAProxy that drops the upgrade",
        f"{_SITE}an_upgrade_that_haproxy_drops_is_told_from_its_file_and_seen",
        LIMITS,
        FAIL,
        OTHER,
        follows={"balancer.websocket": "The balancer that runs with the file drops the upgrade."},
    ),
    Fault(
        "headers in a file that is included",
        f"{_TERMS}what_an_included_file_may_say_is_unknown",
        LIMITS,
        UNKNOWN,
        beside=NOT_ALL_NODES,
    ),
    Fault("a line that HAProxy refuses", f"{_HAPROXY}haproxy_names_the_line_it_refuses", SYNTAX, FAIL, OTHER),
    Fault(
        "a certificate of HAProxy without its key", f"{_HAPROXY}a_certificate_without_its_key_fails", SYNTAX, FAIL, TLS
    ),
    Fault("a warning of HAProxy", f"{_HAPROXY}a_warning_of_haproxy_is_told", SYNTAX, WARN),
    Fault(
        "no HAProxy to test with",
        f"{_HAPROXY}without_haproxy_a_good_configuration_is_only_looked_at",
        SYNTAX,
        INFO,
    ),
    Fault(
        "a HAProxy that answers files/ by itself",
        f"{_HAPROXY}a_foreign_haproxy_that_tells_the_wrong_host_gets_its_own_lines",
        FILES,
        WARN,
    ),
    Fault(
        "a HAProxy that tells the wrong host",
        f"{_HAPROXY}a_foreign_haproxy_that_tells_the_wrong_host_gets_its_own_lines",
        "balancer.origin",
        FAIL,
        PERMISSION,
    ),
)
