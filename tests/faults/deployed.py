"""Ways of running the nodes that manifests and Compose files show to be wrong."""

from dataclasses import replace

from tests.faults.reasons import PIECES
from tests.faults.row import FAIL, MISSING, OTHER, REFUSED, UNKNOWN, VERSION, WARN, Fault

_KUBERNETES = "unit/test_kubernetes_run.py::test_"
_COMPOSE = "unit/test_compose_run.py::test_"
_LIMITS = f"{_KUBERNETES}an_ingress_lets_large_files_and_slow_answers_pass"

_ROWS = (
    Fault(
        "a Deployment that is updated by rolling",
        f"{_KUBERNETES}a_rolling_update_runs_two_versions_at_once",
        "plan.rolling_update",
        FAIL,
        OTHER,
        "crm",
    ),
    Fault(
        "a liveness probe that ends a migration",
        f"{_KUBERNETES}a_liveness_probe_alone_ends_a_migration",
        "plan.startup_probe",
        FAIL,
        OTHER,
        "crm",
    ),
    Fault(
        "a password in a ConfigMap",
        f"{_KUBERNETES}a_password_in_a_config_map_is_told",
        "plan.secret_objects",
        WARN,
        None,
        "ConfigMap all",
    ),
    Fault(
        "a Service called db",
        f"{_KUBERNETES}a_service_called_db_takes_the_place_of_db_port",
        "plan.service_links",
        FAIL,
        OTHER,
        "crm",
    ),
    Fault(
        "an Ingress of a version that is gone",
        f"{_KUBERNETES}an_ingress_of_a_former_version_is_told",
        "plan.api_versions",
        FAIL,
        VERSION,
        "Ingress crm",
    ),
    Fault(
        "an Ingress that refuses large files",
        f"{_KUBERNETES}an_ingress_with_its_own_default_refuses_large_files",
        "plan.ingress_limits",
        FAIL,
        OTHER,
        "crm: proxy-body-size",
    ),
    Fault(
        "an Ingress that waits a minute",
        f"{_KUBERNETES}an_ingress_with_its_own_default_waits_a_minute",
        "plan.ingress_limits",
        WARN,
        None,
        "crm: proxy-read-timeout",
    ),
    Fault(
        "an Ingress that takes the sub-path off",
        f"{_KUBERNETES}an_ingress_that_takes_the_sub_path_off_is_told",
        "plan.ingress_paths",
        FAIL,
        OTHER,
        "crm",
    ),
    Fault(
        "a claim for each pod",
        f"{_KUBERNETES}a_claim_for_each_pod_and_a_folder_for_each_pod_are_not_shared",
        "plan.shared_storage",
        FAIL,
        MISSING,
    ),
    Fault(
        "nodes on several machines with a volume on each",
        f"{_COMPOSE}a_volume_of_each_machine_is_not_shared",
        "plan.shared_storage",
        FAIL,
        MISSING,
    ),
    Fault(
        "a published port that nothing listens on",
        f"{_COMPOSE}a_port_that_the_image_does_not_listen_on_is_told",
        "plan.ports",
        FAIL,
        REFUSED,
        "app",
    ),
    Fault(
        "a database of the Compose file inside the storage",
        f"{_COMPOSE}a_database_inside_the_storage_is_told",
        "storage.database_files",
        FAIL,
        OTHER,
        "db",
    ),
    Fault(
        "a database server started with too few connections",
        f"{_COMPOSE}too_few_connections_are_known_before_the_server_is_asked",
        "plan.pool",
        FAIL,
        OTHER,
    ),
    Fault(
        "a unit that starts NocoBase without --quickstart",
        "unit/test_machine_sources.py::test_a_start_without_quickstart_is_told",
        "plan.start_command",
        WARN,
        None,
        "crm",
    ),
    Fault(
        "a kustomization with a patch",
        "unit/test_kustomization_source.py::test_what_is_not_followed_is_named_with_its_place",
        "plan.followed",
        UNKNOWN,
    ),
)
FAULTS = tuple(
    replace(row, beside={key: why for key, why in PIECES.items() if key not in {row.id, *row.follows}}) for row in _ROWS
)
