"""The package service, nodes, the balancer, and all together. nginx is real; services and nodes are stand-ins."""

from tests.faults.row import (
    CREDENTIALS,
    DNS,
    FAIL,
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

_LICENCE, _NODE = "live/test_licence.py::test_", "live/test_node.py::test_"
_BALANCER, _CLUSTER = "live/test_balancer.py::test_", "live/test_cluster.py::test_"
_CERTIFICATE = f"{_BALANCER}a_certificate_that_browsers_refuse_fails_and_the_rest_is_still_asked"
_SAMPLE = f"{_BALANCER}the_sample_of_nocobases_page_breaks_three_things"

_OF_LICENCE = (
    Fault("a wrong account", f"{_LICENCE}wrong_credentials_fail", "licence.login", FAIL, CREDENTIALS),
    Fault(
        "a licence that ran out",
        f"{_LICENCE}a_licence_that_is_not_valid_is_told_from_wrong_credentials",
        "licence.login",
        FAIL,
        PERMISSION,
    ),
    Fault(
        "a service that talks nonsense",
        f"{_LICENCE}a_service_that_talks_nonsense_is_never_a_pass",
        "licence.login",
        UNKNOWN,
        PROTOCOL,
    ),
    Fault(
        "a silent service", f"{_LICENCE}a_silent_service_is_unknown_by_the_deadline", "licence.login", UNKNOWN, TIMEOUT
    ),
    Fault("a service out of reach", f"{_LICENCE}a_service_out_of_reach_is_unknown", "licence.login", UNKNOWN, REFUSED),
    Fault(
        "a service behind a foreign certificate",
        f"{_LICENCE}a_service_behind_a_broken_certificate_is_unknown",
        "licence.login",
        UNKNOWN,
        TLS,
    ),
    Fault(
        "a proxy of the environment that cannot be used",
        f"{_LICENCE}a_proxy_of_the_environment_that_cannot_be_used_is_unknown_and_named",
        "licence.login",
        UNKNOWN,
        OTHER,
    ),
    Fault(
        "a beta that is not offered",
        f"{_LICENCE}a_beta_that_is_not_offered_is_a_warning",
        "licence.version",
        WARN,
        VERSION,
    ),
    Fault(
        "a plug-in that is not licensed",
        f"{_LICENCE}each_missing_plugin_is_a_failure_of_its_own",
        "licence.plugins",
        FAIL,
        MISSING,
        "lock-adapter-redis",
    ),
    Fault(
        "a version that is not offered",
        f"{_LICENCE}a_version_that_is_not_offered_fails_and_names_the_newest",
        "licence.version",
        FAIL,
        VERSION,
    ),
    Fault(
        "no licence key",
        f"{_LICENCE}a_key_that_is_not_there_is_told[None-secrets0-told0]",
        "licence.key",
        FAIL,
        MISSING,
    ),
)
_OF_NODE = (
    Fault(
        "a host that DNS does not know",
        f"{_NODE}an_unknown_host_is_a_matter_of_dns",
        "node.connect",
        FAIL,
        DNS,
        "node1",
    ),
    Fault(
        "a node that is not started",
        f"{_NODE}a_node_that_is_not_started_is_refused",
        "node.connect",
        FAIL,
        REFUSED,
        "node1",
    ),
    Fault("a silent node", f"{_NODE}a_silent_node_ends_by_the_deadline", "node.connect", FAIL, TIMEOUT, "node1"),
    Fault(
        "Redis on the node's port",
        f"{_NODE}a_port_that_speaks_another_protocol_is_told_as_such",
        "node.connect",
        FAIL,
        PROTOCOL,
        "node1",
    ),
    Fault(
        "a page instead of ok",
        f"{_NODE}a_wrong_sub_path_is_answered_with_the_page",
        "node.health",
        FAIL,
        PROTOCOL,
        "node1",
    ),
    Fault(
        "a web server before a dead node",
        f"{_NODE}a_web_server_before_a_dead_node_is_told_from_the_node",
        "node.health",
        FAIL,
        REFUSED,
        "node1",
    ),
    Fault(
        "a web server that drops the upgrade",
        f"{_NODE}a_web_server_that_drops_the_upgrade_is_found",
        "node.websocket",
        FAIL,
        PROTOCOL,
        "node1",
    ),
    Fault(
        "another version than planned",
        f"{_NODE}another_version_than_planned_is_a_warning",
        "node.version",
        WARN,
        VERSION,
        "node1",
    ),
    Fault("two versions", f"{_NODE}nodes_of_two_versions_fail_together", "cluster.versions", FAIL, VERSION),
)
_OF_BALANCER = (
    Fault("a line that nginx refuses", f"{_BALANCER}nginx_names_the_line_it_refuses", "balancer.syntax", FAIL, OTHER),
    Fault(
        "a certificate without its key",
        f"{_BALANCER}a_certificate_that_does_not_belong_to_its_key_fails",
        "balancer.syntax",
        FAIL,
        TLS,
    ),
    Fault(
        "a node's name nobody knows",
        f"{_BALANCER}a_nodes_name_nobody_knows_is_unknown",
        "balancer.syntax",
        UNKNOWN,
        DNS,
    ),
    Fault(
        "a balancer that is not deployed",
        f"{_BALANCER}a_balancer_that_is_not_deployed_yet_fails_and_says_that_it_may_be_so",
        "balancer.connect",
        FAIL,
        REFUSED,
    ),
    Fault(
        "a public name nobody knows",
        f"{_BALANCER}a_public_address_nobody_knows_is_a_matter_of_dns",
        "balancer.connect",
        FAIL,
        DNS,
    ),
    Fault("a silent balancer", f"{_BALANCER}a_silent_balancer_ends_by_the_deadline", "balancer.connect", FAIL, TIMEOUT),
    Fault(
        "a variable that names authorities which are gone",
        f"{_BALANCER}authorities_of_the_environment_that_are_gone_say_nothing_of_the_balancer",
        "balancer.connect",
        UNKNOWN,
        OTHER,
    ),
    Fault("https on a plain port", f"{_BALANCER}a_port_without_tls_is_told", "balancer.connect", FAIL, TLS),
    Fault("a certificate nobody trusts", f"{_CERTIFICATE}[untrusted]", "balancer.certificate", FAIL, TLS),
    Fault("a certificate for another name", f"{_CERTIFICATE}[another name]", "balancer.certificate", FAIL, TLS),
    Fault("an expired certificate", f"{_CERTIFICATE}[expired]", "balancer.certificate", FAIL, TLS),
    Fault(
        "a certificate that ends soon",
        f"{_BALANCER}a_certificate_that_ends_soon_is_a_warning",
        "balancer.certificate",
        WARN,
    ),
    Fault(
        "no living node behind",
        f"{_BALANCER}a_balancer_without_a_living_node_says_so",
        "balancer.health",
        FAIL,
        REFUSED,
    ),
    Fault("maintenance", f"{_BALANCER}maintenance_is_told_from_a_dead_node", "balancer.health", FAIL, OTHER),
    Fault("no upgrade passed on", _SAMPLE, "balancer.websocket", FAIL, PROTOCOL),
    Fault("no Host passed on", _SAMPLE, "balancer.origin", FAIL, PERMISSION),
    Fault("1 MiB for a body", _SAMPLE, "balancer.body", FAIL, OTHER),
)
_OF_ALL = (
    Fault(
        "a database two minutes ahead of Redis",
        f"{_CLUSTER}clocks_that_are_apart_are_a_warning",
        "cluster.clocks",
        WARN,
    ),
    Fault(
        "nodes of another version than the plan's database",
        f"{_CLUSTER}nodes_that_tell_another_version_than_the_database_fail",
        "cluster.database",
        FAIL,
        MISSING,
    ),
    Fault(
        "nodes that serve beside an empty database",
        f"{_CLUSTER}nodes_that_serve_beside_an_empty_database_fail",
        "cluster.database",
        FAIL,
        MISSING,
    ),
)
FAULTS = (*_OF_LICENCE, *_OF_NODE, *_OF_BALANCER, *_OF_ALL)
