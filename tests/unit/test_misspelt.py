"""Which name is another one misspelt: no word more or less, no other word, no other number."""

import pytest

from wizard.plan.variables import alike


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DB_PASWORD", "DB_PASSWORD"),
        ("DBPASSWORD", "DB_PASSWORD"),
        ("db-dialekt", "DB_DIALECT"),
        ("DB_HSOT", "DB_HOST"),
        ("DB_USR", "DB_USER"),
        ("LOG_LEVEL", "LOGGER_LEVEL"),
        ("DB_POOL_MAXIMUM", "DB_POOL_MAX"),
        ("LOCK_ADAPTOR_DEFAULT", "LOCK_ADAPTER_DEFAULT"),
        ("APP_AES_SECERT_KEY", "APP_AES_SECRET_KEY"),
        ("NOCOBASE_PKG_USER", "NOCOBASE_PKG_USERNAME"),
        ("REDIS_ULR", "REDIS_URL"),
        ("QUEUE_ADAPTER_REDIS_URI", "QUEUE_ADAPTER_REDIS_URL"),
    ],
)
def test_a_misspelt_name_leads_to_the_one_that_is_meant(name, meant):
    assert alike(name) == meant


@pytest.mark.parametrize(
    "name",
    [
        *("WORKER_ID", "BASE_URL", "DB_POOL_MAX_SIZE", "APP_PORT2", "APP_V2_PORT", "UNSET_NODE_OPTIONS"),
        *("CDN_ALI_OSS_REGION", "DB_TEST_PREFIX", "API_URL", "HOST", "TX", "D_HOST_B", "DB_POOL_MEN2"),
        "DB_PASWORD" + "D" * 100,
    ],
)
def test_another_name_is_no_misspelt_one(name):
    assert alike(name) == ""


def test_of_two_names_the_nearer_one_is_meant():
    assert alike("DB_POTR") == "DB_PORT"  # DB_HOST is two letters away
