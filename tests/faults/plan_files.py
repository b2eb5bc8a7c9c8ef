"""Bundles and sources of a plan that do not agree with it."""

from tests.faults.reasons import A_FEW_LINES, PIECES
from tests.faults.row import (
    FAIL,
    INFO,
    MISSING,
    OTHER,
    PERMISSION,
    PROTOCOL,
    UNKNOWN,
    WARN,
    Fault,
)

_FILES = "unit/test_bundle_files.py::test_"

FAULTS = (
    Fault(
        "two sources of one plan that name two databases",
        "unit/test_sources.py::test_where_two_sources_disagree_both_places_are_named",
        "plan.sources",
        FAIL,
        OTHER,
        "database.host",
        beside={**A_FEW_LINES, "plan.app_key": "The test names the key and gives no value."},
    ),
    Fault(
        "a node without the lock that the others have",
        "unit/test_nodes_given_less.py::test_a_variable_that_one_node_lacks_is_told_with_the_node"
        "[names0-LOCK_ADAPTER_DEFAULT-LOCK_ADAPTER_DEFAULT]",
        "plan.sources",
        FAIL,
        MISSING,
        "LOCK_ADAPTER_DEFAULT",
        beside=A_FEW_LINES,
    ),
    Fault(
        "a storage moved away from what is mounted",
        "unit/test_storage_of_a_container.py::test_the_way_out_of_a_moved_storage_is_named",
        "plan.shared_storage",
        FAIL,
        MISSING,
        "",
        beside={name: why for name, why in PIECES.items() if name != "plan.shared_storage"},
    ),
    Fault(
        "an env file of a bundle changed by hand",
        f"{_FILES}a_file_changed_by_hand_is_told_and_which",
        "plan.bundle_files",
        WARN,
        OTHER,
        "env/cluster.env",
    ),
    Fault(
        "a file of a bundle that is gone",
        f"{_FILES}a_file_that_is_gone_is_told",
        "plan.bundle_files",
        WARN,
        MISSING,
        "README.md",
    ),
    Fault(
        "a foreign file in a bundle",
        f"{_FILES}a_foreign_file_is_told_and_a_foreign_folder_once",
        "plan.bundle_files",
        WARN,
        OTHER,
        "nginx/other.conf",
    ),
    Fault(
        "own lines around the block of a site",
        f"{_FILES}own_lines_around_the_block_are_told_and_are_no_fault",
        "plan.bundle_files",
        INFO,
        None,
        "nginx/production.conf",
    ),
    Fault(
        "secrets filled in at their placeholders",
        "unit/test_filled.py::test_what_was_filled_in_is_told_and_is_no_change",
        "plan.bundle_files",
        INFO,
        None,
        "env/cluster.env",
    ),
    Fault(
        "a file with secrets that others may read",
        f"{_FILES}a_file_with_secrets_that_others_may_read_is_told_with_what_to_do",
        "plan.bundle_files",
        WARN,
        PERMISSION,
        "env/cluster.env",
    ),
    Fault(
        "a manifest that nobody can read",
        f"{_FILES}a_manifest_that_cannot_be_read_is_told",
        "plan.bundle_files",
        WARN,
        PROTOCOL,
        "manifest.json",
    ),
    Fault(
        "a bundle that is gone",
        f"{_FILES}a_bundle_that_is_gone_is_unknown_and_never_a_pass",
        "plan.bundle_files",
        UNKNOWN,
        MISSING,
    ),
)
