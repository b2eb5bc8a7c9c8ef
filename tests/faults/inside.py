"""What only the nodes' own inside shows. The nodes are stand-ins: folders and processes as NocoBase's and PM2's are."""

from tests.faults.row import (
    CREDENTIALS,
    FAIL,
    MISSING,
    OTHER,
    PROTOCOL,
    REFUSED,
    TIMEOUT,
    UNKNOWN,
    VERSION,
    WARN,
    Fault,
)

_AT = "live/test_inside.py::test_"


def _row(scenario, test, identifier, *told, **more) -> Fault:
    return Fault(scenario, f"{_AT}{test}", f"inside.{identifier}", *told, **more)


_UNPLANNED = "The plan is edited, and the nodes still have what it gave them before."

FAULTS = (
    _row(
        "a node that nobody gets into",
        "a_node_that_does_not_answer_is_unknown_with_what_was_said",
        "answers",
        UNKNOWN,
        OTHER,
        subject="node2",
        follows=dict.fromkeys(
            (
                "inside.adapters",
                "inside.aes_key",
                "inside.app_key",
                "inside.balancer",
                "inside.database",
                "inside.endpoints",
                "inside.locks",
                "inside.package",
                "inside.processes",
                "inside.variables",
            ),
            "Nothing is known of a node that nobody gets into.",
        ),
    ),
    _row(
        "a node that keeps silent",
        "a_node_that_keeps_silent_is_unknown_in_its_time",
        "answers",
        UNKNOWN,
        TIMEOUT,
        subject="node1",
    ),
    _row("another APP_KEY", "another_app_key_is_named", "app_key", FAIL, CREDENTIALS),
    _row(
        "an APP_KEY that is not the plan's",
        "one_app_key_that_is_not_the_plans_is_a_warning",
        "app_key",
        WARN,
        CREDENTIALS,
    ),
    _row("another AES key", "another_aes_key_is_named", "aes_key", FAIL, CREDENTIALS),
    _row(
        "an AES key that is not the plan's",
        "one_aes_key_that_is_not_the_plans_is_a_warning",
        "aes_key",
        WARN,
        CREDENTIALS,
    ),
    _row("another database", "another_database_is_named", "database", FAIL, OTHER),
    _row(
        "a database that is not the plan's",
        "one_database_that_is_not_the_plans_is_a_warning",
        "database",
        WARN,
        OTHER,
    ),
    _row("another storage", "another_storage_is_named", "storage", FAIL, MISSING),
    _row("storage shared without locks", "locks_that_one_node_does_not_see_are_a_warning", "locks", WARN),
    _row("a stale variable", "a_stale_variable_is_named_without_its_value", "variables", FAIL, OTHER),
    _row(
        "a plan that was not brought to the nodes",
        "a_plan_that_was_not_brought_to_the_nodes_is_a_warning",
        "variables",
        WARN,
        OTHER,
    ),
    _row(
        "the local lock or a cache in memory",
        "a_local_lock_or_a_cache_in_memory_is_named",
        "adapters",
        FAIL,
        MISSING,
    ),
    _row("another package", "another_package_is_named", "package", FAIL, VERSION),
    _row(
        "a package renewed below a running node",
        "a_package_that_was_renewed_below_a_running_node_is_a_warning",
        "package",
        WARN,
        VERSION,
    ),
    _row("a clock off by 5 s", "a_clock_five_seconds_ahead_is_a_warning", "clocks", WARN, OTHER),
    _row(
        "an endpoint out of reach",
        "an_endpoint_that_nobody_reaches_is_named",
        "endpoints",
        FAIL,
        REFUSED,
        follows={"inside.variables": _UNPLANNED},
    ),
    Fault(
        "a name that leads one node to another server",
        "live/test_inside_hosts.py::test_a_name_that_leads_one_host_to_another_server_is_a_warning",
        "inside.endpoints",
        WARN,
        OTHER,
    ),
    _row("more processes than worker IDs", "more_processes_than_worker_ids_fail", "processes", FAIL, OTHER),
    _row(
        "another number of processes",
        "another_number_of_processes_than_planned_is_a_warning",
        "processes",
        WARN,
        OTHER,
    ),
    _row(
        "a node that the balancer does not know",
        "a_node_that_the_balancer_does_not_know_is_a_warning",
        "balancer",
        WARN,
        MISSING,
    ),
    _row("an entry without a node", "an_entry_without_a_node_is_a_warning", "balancer", WARN, MISSING),
    _row(
        "a licence key that cannot be read",
        "a_licence_key_that_the_kit_cannot_read_is_a_warning",
        "licence",
        WARN,
        PROTOCOL,
    ),
)
