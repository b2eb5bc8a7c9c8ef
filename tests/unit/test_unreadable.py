"""What could not be read is kept as it came; where it may hold a secret, it hides."""

import json
import pickle
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.bundle import clusterfile
from wizard.plan.plan import Unreadable
from wizard.plan.rules import rules
from wizard.plan.secret import HIDDEN, Secret, SecretRef
from wizard.verbs.diff import compare

PASTED = [
    ("application.public_url", "https://admin:S3cr3t@app.example.com", f"https://{HIDDEN}@app.example.com"),
    ("nodes.0.host", "redis://:S3cr3t/x@redis.internal", f"redis://{HIDDEN}@redis.internal"),
    ("database.tls_key", "-----BEGIN PRIVATE KEY----- S3cr3t", HIDDEN),
]


@pytest.mark.parametrize(("key", "text", "shown"), PASTED)
def test_a_secret_at_a_wrong_place_hides_wherever_the_plan_goes(key, text, shown):
    plan = good_plan().with_text(key, text)
    assert plan.text(key) == shown
    everything = [repr(plan), str(plan), repr(rules(plan, SECRETS)), clusterfile.write(plan)]
    everything.append(repr(compare(good_plan(), SECRETS, plan, SECRETS)))
    assert not [words for words in everything if "S3cr3t" in words]
    with pytest.raises(TypeError):
        pickle.dumps(plan.unreadable)
    with pytest.raises(TypeError):
        json.dumps(plan.unreadable[0].value)


@pytest.mark.parametrize(("key", "text", "_shown"), PASTED)
def test_the_text_is_not_lost_to_the_field_it_was_typed_into(key, text, _shown):
    plan = good_plan().with_text(key, text)
    assert plan.held_back(key).reveal() == text
    assert plan.with_text(key, text) == plan
    assert plan.with_value(key, "").held_back(key) is None


def test_what_holds_no_secret_stays_plain_text():
    plan = good_plan().with_text("database.port", "fifty")
    assert plan.held_back("database.port") is None
    assert plan.unreadable[0].value == plan.text("database.port") == "fifty"


def test_what_stands_at_a_secret_setting_is_a_secret_whatever_it_is():
    plan = good_plan().with_unreadable(Unreadable("database.password", "S3cr3t", "It is a number.", "line 3"))
    assert plan.unreadable[0].value == Secret("S3cr3t")
    assert plan.text("database.password") == HIDDEN
    assert "S3cr3t" not in repr(plan)
    text = clusterfile.write(plan)
    assert "S3cr3t" not in text
    back = clusterfile.read(text, "draft", tolerant=True)
    assert back.database.password == plan.database.password
    assert back.problem("database.password") == "It is a number."


def test_a_variable_with_an_address_is_written_without_its_account():
    plan = good_plan().with_unreadable(Unreadable("CACHE_REDIS_URL", "redis://:S3cr3t@h:x/0", "The port is no number."))
    text = clusterfile.write(plan)
    assert "S3cr3t" not in text
    assert clusterfile.read(text, "draft", tolerant=True).unreadable[0].value == f"redis://{HIDDEN}@h:x/0"


def test_nothing_typed_is_no_secret():
    assert good_plan().with_unreadable(Unreadable("database.password", "", "It is missing.")).unreadable[0].value == ""


def test_a_reference_stays_one_and_shows_nothing():
    plan = good_plan().with_unreadable(Unreadable("database.host", SecretRef("unreadable.database.host"), "No host."))
    assert plan.unreadable[0].shown == ""
    assert plan.text("database.host") == "db.internal"


def test_two_pasted_secrets_at_a_secret_setting_differ_by_fingerprint():
    left, right = (
        replace(good_plan(), id="x").with_unreadable(Unreadable("database.password", word, "no"))
        for word in ("S3cr3t-1", "S3cr3t-2")
    )
    [found] = compare(left, SECRETS, right, SECRETS)
    assert found.key == "database.password"
    assert found.left != found.right
    assert "S3cr3t" not in repr(found)
    [found] = compare(left, SECRETS, good_plan(), SECRETS)
    assert found.left != found.right
    assert "S3cr3t" not in repr(found)
