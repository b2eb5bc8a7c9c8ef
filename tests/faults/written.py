"""Env files as people write them: samples, expressions of Compose, variables that nobody reads."""

from tests.faults.reasons import A_FEW_LINES
from tests.faults.row import (
    FAIL,
    MISSING,
    PROTOCOL,
    TLS,
    WARN,
    Fault,
)

_RULES = "unit/test_rules.py::test_"
_WRITTEN = "unit/test_what_people_write.py::test_"
_BELIEVED = f"{_WRITTEN}a_variable_that_people_believe_in_is_told_with_what_is_read_instead"
_NAMES = "unit/test_wrong_names.py::test_"
_ONE = f"{_NAMES}a_wrong_name_and_what_lacks_the_right_one_are_one_thing_to_do"
_KIT = f"{_NAMES}what_the_licence_kit_makes_of_tls_is_judged"
_SAMPLE = "unit/test_placeholders.py::test_a_placeholder_is_a_failure_in_every_secret_and_account"
_NOT_SAID = {
    name: A_FEW_LINES[name] for name in ("plan.version", "plan.nodes", "plan.environment", "plan.database_localhost")
}
"""What a whole env file leaves open."""


FAULTS = (
    Fault(
        "an env file that is written for Compose",
        f"{_WRITTEN}what_is_written_for_compose_is_said_once_with_what_it_makes_of_each",
        "plan.expressions",
        WARN,
        beside={
            **A_FEW_LINES,
            "plan.app_key": "The lines hold no application key.",
            "plan.value": "The lines name no adapter: the ones of one process count.",
        },
    ),
    Fault(
        "a value that Compose itself refuses",
        f"{_WRITTEN}a_value_that_compose_itself_refuses_is_a_failure",
        "plan.expressions",
        FAIL,
        MISSING,
        beside=A_FEW_LINES,
    ),
    Fault(
        "DB_SSL, which nobody reads",
        f"{_BELIEVED}[DB_SSL=true-warn-not encrypted-DB_DIALECT_OPTIONS_SSL_MODE=verify-full]",
        "plan.unread_variables",
        WARN,
        TLS,
        "DB_SSL",
        beside=A_FEW_LINES,
    ),
    Fault(
        "WORKER_ID_REDIS_URL in the place of REDIS_URL",
        f"{_BELIEVED}[WORKER_ID_REDIS_URL=redis://redis:6379/4-fail-REDIS_URL-probably meant]",
        "plan.unread_variables",
        FAIL,
        MISSING,
        "WORKER_ID_REDIS_URL",
        beside=A_FEW_LINES,
    ),
    Fault(
        "LOCK_REDIS_URL in the place of LOCK_ADAPTER_REDIS_URL",
        f"{_ONE}[LOCK_ADAPTER_REDIS_URL-LOCK_REDIS_URL-plan.redis_address]",
        "plan.unread_variables",
        FAIL,
        MISSING,
        "LOCK_REDIS_URL",
        follows={"plan.redis_address": "The right variable is not there."},
        beside={**_NOT_SAID, "plan.required": A_FEW_LINES["plan.required"]},
    ),
    Fault(
        "a misspelt DB_HOST",
        f"{_ONE}[DB_HOST-DB_HSOT-plan.required]",
        "plan.unknown_variables",
        FAIL,
        MISSING,
        "DB_HSOT",
        follows={"plan.required": "The right variable is not there."},
        beside=_NOT_SAID,
    ),
    Fault(
        "TLS to PostgreSQL without the mode that the licence kit reads",
        f"{_KIT}[lines6-warn]",
        "plan.database_tls",
        WARN,
        beside=A_FEW_LINES,
    ),
    Fault(
        "TLS to PostgreSQL by a word that the licence kit does not know",
        f"{_KIT}[lines4-fail]",
        "plan.database_tls",
        FAIL,
        PROTOCOL,
        beside=A_FEW_LINES,
    ),
    Fault(
        "a password that is a sample's",
        f"{_SAMPLE}[DB_PASSWORD=<your password>-database.password]",
        "plan.unfilled",
        FAIL,
        MISSING,
        "database.password",
        follows={
            "plan.env_text": "The sample's words have signs that readers take differently.",
        },
        beside=A_FEW_LINES,
    ),
    Fault(
        "API_BASE_URL that leads to another host",
        f"{_WRITTEN}an_address_that_leads_the_browser_away_is_told[API_BASE_URL=https://old.example.com/api/-API_BASE_URL-warn]",
        "plan.client_addresses",
        WARN,
        None,
        "API_BASE_URL",
        beside=A_FEW_LINES,
    ),
    Fault(
        "API_BASE_URL that leads to a path where nobody serves",
        f"{_WRITTEN}an_address_that_leads_the_browser_away_is_told[APP_PUBLIC_PATH=/shop/\\nAPI_BASE_URL=/shop/shop/api/-API_BASE_URL-fail]",
        "plan.client_addresses",
        FAIL,
        MISSING,
        "API_BASE_URL",
        beside=A_FEW_LINES,
    ),
    Fault(
        "uploads beside the shared folder of nodes on hosts",
        f"{_WRITTEN}uploads_outside_the_shared_folder_are_told[STORAGE_PATH=/data/storage\\nLOCAL_STORAGE_DEST=/app/uploads-fail]",
        "plan.uploads",
        FAIL,
        MISSING,
        "LOCAL_STORAGE_DEST",
        beside=A_FEW_LINES,
    ),
    Fault(
        "uploads beside the folder of NocoBase's image",
        f"{_WRITTEN}uploads_outside_the_shared_folder_are_told[LOCAL_STORAGE_DEST=/var/uploads-warn]",
        "plan.uploads",
        WARN,
        None,
        "LOCAL_STORAGE_DEST",
        beside=A_FEW_LINES,
    ),
    Fault(
        "added plug-ins beside the shared folder of nodes on hosts",
        f"{_WRITTEN}plug_ins_outside_the_shared_folder_are_told[STORAGE_PATH=/data/storage\\nPLUGIN_STORAGE_PATH=/opt/plugins-fail]",
        "plan.uploads",
        FAIL,
        MISSING,
        "PLUGIN_STORAGE_PATH",
        beside=A_FEW_LINES,
    ),
    Fault(
        "a password that is guessed first",
        "unit/test_placeholders.py::test_a_weak_password_of_ones_own_is_called_weak_and_no_placeholder[mypass2024]",
        "plan.unfilled",
        WARN,
        None,
        "database.password",
        beside=A_FEW_LINES,
    ),
)
