"""Variables that NocoBase does not read are told with what it reads instead, and parts of one address together."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan.rules import rules
from wizard.plan.plan import Extra


def told(name, value="x"):
    plan = replace(good_plan(), extras=(Extra(name, value),))
    return [one for one in rules(plan, SECRETS) if one.id == "plan.unread_variables"]


SINGLE = ["DB_DIALECT", "DB_HOST", "DB_PORT", "DB_DATABASE", "DB_USER", "DB_PASSWORD"]
REDIS = [
    "REDIS_URL",
    "CACHE_REDIS_URL",
    "PUBSUB_ADAPTER_REDIS_URL",
    "LOCK_ADAPTER_REDIS_URL",
    "QUEUE_ADAPTER_REDIS_URL",
]


@pytest.mark.parametrize(
    ("name", "cause", "instead"),
    [
        ("DATABASE_URL", "address", SINGLE),
        ("REDIS_HOST", "redis-part", REDIS),
        ("REDIS_PORT", "redis-part", REDIS),
        ("REDIS_PASSWORD", "redis-part", REDIS),
        ("JWT_SECRET", "", ["APP_KEY"]),
        ("APP_KEY_FILE", "", ["APP_KEY"]),
        ("POSTGRES_PASSWORD", "", ["DB_PASSWORD"]),
    ],
)
def test_parts_of_one_address_have_one_cause_and_others_none(name, cause, instead):
    [finding] = told(name)
    assert (finding.subject, finding.cause) == (name, cause)
    assert finding.facts == {"setting": name, "instead": instead}
    assert finding.detail
