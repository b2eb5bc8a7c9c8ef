"""A plan written to env files and read back says the same."""

import hypothesis

from tests.unit.env_plans import complete, plans, secrets_of
from tests.unit.plans import SECRETS, good_plan
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode


def values(plan, secrets):
    found = dotenv.variables(plan)
    return {variable.name: variable.reveal(secrets) for variable in found.common}


def cluster_env(plan, secrets, mode=SecretsMode.INLINE):
    return dotenv.write(plan, secrets, mode)[0].text


@hypothesis.settings(deadline=None, max_examples=60)
@hypothesis.given(plans().map(complete))
def test_every_variable_and_secret_comes_back(plan):
    secrets = secrets_of(plan)
    back, found = dotenv.read(cluster_env(plan, secrets), "cluster.env")
    assert not back.unreadable
    assert values(back, found) == values(plan, secrets)


def test_the_sections_that_an_env_file_carries_come_back_whole():
    plan = good_plan()
    back, found = dotenv.read(cluster_env(plan, SECRETS), "cluster.env")
    assert back.database == plan.database
    assert back.redis == plan.redis
    assert back.licence == plan.licence
    assert {name: SECRETS[name] for name in found} == found
    unsaid = {"public_url": plan.application.public_url, "version": plan.application.version}
    for name, value in unsaid.items():
        back = back.with_value(f"application.{name}", value)
    assert back.application == plan.application


def test_secrets_are_found_among_variables_by_the_plan_they_belong_to():
    plan = good_plan()
    read = {name: found.value for name, found in dotenv.parse(cluster_env(plan, SECRETS)).items()}
    assert dotenv.secrets_from(plan, read) == SECRETS


def test_an_empty_or_malformed_variable_gives_no_secret():
    plan = good_plan()
    assert dotenv.secrets_from(plan, {"APP_KEY": "", "CACHE_REDIS_URL": "redis:/x"}) == {}


def test_a_password_for_another_server_is_not_taken():
    elsewhere = {"CACHE_REDIS_URL": "redis://:other@elsewhere.example:6379/0"}
    assert dotenv.secrets_from(good_plan(), elsewhere) == {}
