"""Shared folders that cannot be shared: real file systems with faults, real folders with what should not be there."""

from tests.faults.row import FAIL, INFO, MISSING, OTHER, PERMISSION, TIMEOUT, UNKNOWN, WARN, Fault

_AT, _IN = "live/test_storage.py::test_", "unit/test_storage_contents.py::test_"
_LOCKS = "live/test_storage_locks.py::test_"

FAULTS = (
    Fault("a folder that is not there", f"{_AT}a_folder_that_is_not_there_is_missing", "storage.exists", FAIL, MISSING),
    Fault("a file in its place", f"{_AT}a_file_is_no_folder", "storage.exists", FAIL, OTHER),
    Fault(
        "an export that lets nobody in",
        f"{_AT}a_folder_that_may_not_be_entered_is_a_matter_of_permission",
        "storage.exists",
        FAIL,
        PERMISSION,
    ),
    Fault("a mount that hangs", f"{_AT}a_mount_that_hangs_is_given_up_and_named", "storage.exists", FAIL, TIMEOUT),
    Fault("a mount whose server died", f"{_AT}a_mount_whose_server_died_is_told", "storage.exists", FAIL, OTHER),
    Fault(
        "a folder that may not be listed",
        f"{_AT}what_may_not_be_seen_is_unknown_and_never_a_pass",
        "storage.markers",
        UNKNOWN,
        PERMISSION,
    ),
    Fault("a read-only mount", f"{_AT}a_read_only_mount_fails_twice", "storage.filesystem", FAIL, PERMISSION),
    Fault("nothing can be written", f"{_AT}a_read_only_mount_fails_twice", "storage.write", FAIL, PERMISSION),
    Fault(
        "a local disk under two machines",
        f"{_AT}a_local_disk_fails_where_nodes_are_on_several_machines",
        "storage.filesystem",
        FAIL,
        OTHER,
    ),
    Fault("GlusterFS where NFS is planned", f"{_AT}another_kind_than_planned_is_a_warning", "storage.filesystem", WARN),
    Fault("a file system nobody knows", f"{_AT}a_file_system_nobody_knows_is_unknown", "storage.filesystem", UNKNOWN),
    Fault("no byte left", f"{_AT}a_full_file_system_fails", "storage.space", FAIL, OTHER),
    Fault("no inode left", f"{_AT}a_file_system_without_inodes_fails", "storage.space", FAIL, OTHER),
    Fault("1 GiB in all", f"{_AT}a_small_file_system_is_a_warning", "storage.space", WARN),
    Fault("a disk that lies", f"{_AT}a_disk_that_lies_is_found_by_reading_back", "storage.write", FAIL, OTHER),
    Fault("no renaming", f"{_AT}a_folder_without_rename_fails_and_is_left_clean", "storage.write", FAIL, PERMISSION),
    Fault("no locks", f"{_AT}a_file_system_that_grants_no_locks_fails", "storage.lock", FAIL, OTHER),
    Fault("a lock granted twice", f"{_LOCKS}a_lock_that_is_granted_twice_fails", "storage.lock", FAIL, OTHER),
    Fault(
        "locks that another mount does not see",
        f"{_LOCKS}a_mount_known_to_keep_locks_to_itself_is_a_warning",
        "storage.lock",
        WARN,
    ),
    Fault(
        "a mount in user space that nobody knows to carry locks",
        f"{_LOCKS}a_mount_not_known_to_carry_locks_is_unknown_and_never_a_pass",
        "storage.lock",
        UNKNOWN,
    ),
    Fault("no deleting", f"{_AT}a_folder_that_forgets_its_deletions_fails", "storage.delete", FAIL, PERMISSION),
    Fault("0.3 s for each fsync", f"{_AT}a_slow_disk_is_a_warning", "storage.fsync", WARN),
    Fault("squashed owners", f"{_AT}a_server_that_changes_the_owner_is_a_warning", "storage.owner", WARN, PERMISSION),
    Fault(
        "a folder anybody may write to",
        f"{_AT}a_folder_anybody_may_write_to_is_a_warning",
        "storage.owner",
        WARN,
        PERMISSION,
    ),
    Fault("a database's files inside", f"{_IN}files_of_a_database_fail", "storage.database_files", FAIL, OTHER),
    Fault("a link that leads out", f"{_IN}a_link_that_leads_out_is_a_warning", "storage.links", WARN),
    Fault("an upgrade's left-over mark", f"{_IN}a_mark_of_an_unfinished_upgrade_is_a_warning", "storage.markers", WARN),
    Fault(
        "a jwt_secret.dat that beats APP_KEY",
        f"{_IN}a_stored_session_key_beats_the_application_key",
        "storage.jwt_key",
        WARN,
    ),
    Fault(
        "a jwt_secret.dat of another length",
        f"{_IN}a_session_key_of_another_length_stops_nocobase",
        "storage.jwt_key",
        FAIL,
        OTHER,
    ),
    Fault(
        "an aes_key.dat unlike the plan's",
        f"{_IN}the_plans_encryption_key_must_be_the_stored_one",
        "storage.aes_key",
        FAIL,
        OTHER,
    ),
    Fault(
        "no encryption key anywhere", f"{_AT}a_folder_on_the_disk_of_a_single_machine_passes", "storage.aes_key", INFO
    ),
    Fault(
        "a licence key against the account",
        f"{_IN}an_account_is_beaten_by_a_stored_licence_key",
        "storage.licence_files",
        WARN,
    ),
    Fault(
        "a licence key that is not in the folder",
        f"{_IN}a_licence_key_must_be_in_the_folder[None-stored-key-told0]",
        "storage.licence_files",
        WARN,
        MISSING,
    ),
)
