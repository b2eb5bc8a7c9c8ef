"""Who else uses a Redis server: other roles, another NocoBase, worker IDs. All with real servers."""

from tests.faults.row import FAIL, INFO, OTHER, PERMISSION, UNKNOWN, WARN, Fault

_COMPANY, _WORKERS = (f"live/test_redis_company.py::{name}::test_" for name in ("TestCompany", "TestWorkerIds"))

FAULTS = (
    Fault(
        "another NocoBase on the server",
        f"{_COMPANY}another_nocobase_on_the_server_is_a_warning",
        "redis.neighbours",
        WARN,
        None,
        "sync",
    ),
    Fault(
        "as many listeners as processes",
        f"{_COMPANY}as_many_listeners_as_the_plan_has_processes_may_be_this_cluster",
        "redis.neighbours",
        INFO,
        None,
        "sync",
    ),
    Fault(
        "foreign keys in the cache's database",
        f"{_COMPANY}foreign_keys_in_the_cache_are_a_warning_that_shows_no_whole_name",
        "redis.cache_alone",
        WARN,
        None,
        "cache",
    ),
    Fault(
        "as many worker IDs as processes",
        f"{_WORKERS}as_many_as_the_plan_has_processes_are_told",
        "redis.worker_ids",
        INFO,
        None,
        "worker-id",
    ),
    Fault(
        "another cluster's worker IDs",
        f"{_WORKERS}more_than_the_plan_has_processes_are_a_warning",
        "redis.worker_ids",
        WARN,
        None,
        "worker-id",
    ),
    Fault(
        "SCAN refused",
        f"{_WORKERS}an_account_that_may_not_scan_leaves_them_unknown",
        "redis.worker_ids",
        UNKNOWN,
        PERMISSION,
        "worker-id",
        follows={"redis.cache_alone": "The cache is looked through by SCAN, too."},
    ),
    Fault(
        "20,000 other keys beside the worker IDs",
        f"{_WORKERS}too_many_keys_to_look_through_are_unknown",
        "redis.worker_ids",
        UNKNOWN,
        None,
        "worker-id",
    ),
    Fault(
        "roles that share a database",
        f"{_COMPANY}other_roles_that_share_a_database_are_a_warning",
        "redis.distinct",
        WARN,
        None,
        "lock",
    ),
    Fault(
        "a lock in the cache's database",
        f"{_COMPANY}the_cache_must_not_share_its_database",
        "redis.distinct",
        FAIL,
        OTHER,
        "cache",
    ),
    Fault(
        "two names of one server",
        f"{_COMPANY}two_names_of_one_server_are_seen_through",
        "redis.distinct",
        FAIL,
        OTHER,
        "cache",
    ),
)
