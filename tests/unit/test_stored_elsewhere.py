"""A value that names a secret in a store, or holds it encrypted, is not the secret: nothing is judged by it."""

import pytest

from tests.unit.test_nodes_given_less import without
from tests.unit.test_what_people_write import judged
from wizard.checks.plan.rules import rules
from wizard.formats import dotenv
from wizard.plan.finding import Severity
from wizard.plan.stored_elsewhere import is_stored_elsewhere

STORED = [
    "op://vault/nocobase/password",
    "vault:secret/data/nocobase#db_password",
    "ref+awsssm://prod/nocobase/app_key",
    "awssm://prod/nocobase",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:nocobase-AbCdEf",
    "projects/shop/secrets/app-key/versions/latest",
    "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/key/)",
    "{{resolve:secretsmanager:nocobase:SecretString:key}}",
    "ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]",
    "$ANSIBLE_VAULT;1.1;AES256",
    "encrypted:" + "BDb7t3QkTRp2" * 4,
]


@pytest.mark.parametrize("value", STORED)
def test_where_a_secret_is_kept_is_not_the_secret(value):
    text = f"{without('APP_KEY')}APP_KEY='{value}'\n"
    plan, secrets = dotenv.read(text, "x.env")
    assert "application.app_key" not in secrets
    [finding] = judged(text, "plan.expressions")
    assert (finding.severity, "APP_KEY" in finding.summary) == (Severity.UNKNOWN, True)
    assert plan.is_expression("application.app_key")
    assert not [one for one in rules(plan, secrets) if one.id == "plan.app_key" and one.severity is Severity.PASS]
    assert judged(text, "plan.unfilled") == []


@pytest.mark.parametrize(
    "value",
    [
        *("redis://:p@redis:6379/0", "amqp://u:p@mq", "https://shop.example.com/api/", "vault", "op:x", "k" * 40),
        *("projects/shop", "encrypted:short", "postgres://u:p@db/x", "sm//x", "op://"),
    ],
)
def test_what_says_something_itself_is_kept(value):
    assert not is_stored_elsewhere(value)


def test_a_whole_address_in_a_store_is_not_said_to_be_no_address():
    text = f"{without('REDIS_URL')}REDIS_URL=op://vault/redis/url\n"
    assert [one for one in judged(text, "plan.value") if one.severity is Severity.FAIL] == []


def test_what_a_pipeline_fills_in_is_one_placeholder_not_a_wrong_sign_too():
    from tests.unit.test_wrong_names import WHOLE, to_do

    [action] = to_do(WHOLE.replace("DB_PASSWORD=Vt8kQ2mW", "DB_PASSWORD=${{ secrets.DB_PASSWORD }}"))
    assert "placeholder" in action.title


def test_the_note_of_an_export_does_not_speak_of_compose():
    plan, _secrets = dotenv.read(f"{without('DB_PASSWORD')}DB_PASSWORD=op://vault/db/password\n", "x.env")
    assert "comes from elsewhere" in plan.problem("database.password")
