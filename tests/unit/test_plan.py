"""The plan: settings declared once, edits that give new plans, texts that are never lost."""

import json
import pickle
import re
import string
import unicodedata

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.export import compose_file, kubernetes_manifests
from wizard.formats.sites import haproxy, nginx
from wizard.plan.env_text import EnvForm, form_of
from wizard.plan.generate import ALPHABET, generate
from wizard.plan.kinds import BadValueError, FilePath, Host, SecretValue, TimeZone, Url
from wizard.plan.plan import Plan, Unreadable, slug
from wizard.plan.plugins import needed_plugins, short_name
from wizard.plan.secret import HIDDEN, Secret, SecretRef
from wizard.plan.sections import Node, QueueKind, RedisRole
from wizard.plan.urls import Address, build, redis_database, split
from wizard.plan.worker_mode import doubt, read


def test_every_setting_has_a_label_and_a_unique_key():
    keys = [key for key, setting, _value in good_plan().settings() if setting.label]
    assert len(keys) == len(set(keys)) == len(list(good_plan().settings()))


def test_no_variable_is_declared_by_two_settings():
    names = [name for key, setting, _ in good_plan().settings() if "nodes." not in key for name in setting.env]
    assert len(names) == len(set(names))


def test_an_edit_gives_a_new_plan_and_leaves_the_old():
    old = good_plan()
    new = old.with_text("nodes.1.port", "13005")
    assert (old.nodes[1].port, new.nodes[1].port) == (13000, 13005)


def test_a_bad_text_is_kept_and_gone_with_the_next_good_one():
    plan = Plan().with_text("database.port", "70000")
    assert plan.text("database.port") == "70000"
    assert "65535" in plan.problem("database.port")
    plan = plan.with_text("database.port", "5433")
    assert (plan.problem("database.port"), plan.database.port) == ("", 5433)


@pytest.mark.parametrize("key", ["database.prot", "nodes.7.port", "nothing", "redis.server.host.x"])
def test_an_unknown_key_is_refused(key):
    with pytest.raises(KeyError):
        good_plan().setting(key)


def test_every_default_renders_to_a_text_that_reads_back_to_it():
    for key, setting, value in Plan(nodes=(Node(),)).settings():
        assert setting.kind.parse(setting.kind.render(value)) == value, key


def test_references_to_secrets_are_found_wherever_they_stand():
    assert {ref.name for _key, ref in good_plan().secret_refs()} == set(SECRETS)


def test_several_machines_means_more_than_one_host():
    assert good_plan().several_machines
    assert not Plan(nodes=(Node(host="a"), Node(host="a", port=1))).several_machines


def test_the_queue_plugin_follows_the_queue():
    assert "@nocobase/plugin-queue-adapter-redis" in needed_plugins(Plan())
    rabbit = needed_plugins(Plan().with_value("queue.kind", QueueKind.RABBITMQ))
    assert "queue-adapter-rabbitmq" in {short_name(name) for name in rabbit}
    assert len(rabbit) == 4


@pytest.mark.parametrize(
    "show",
    [repr, str, "{}".format, lambda secret: f"{secret!r:>40}", lambda secret: json.dumps({"a": str(secret)})],
)
def test_a_secret_never_shows_itself(show):
    assert "hunter2" not in show(Secret("hunter2"))


def test_a_secret_is_not_pickled_and_not_json():
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter2"))
    with pytest.raises(TypeError):
        json.dumps(Secret("hunter2"))


def test_fingerprints_tell_values_apart():
    assert Secret("a").fingerprint() == Secret("a").fingerprint() != Secret("b").fingerprint()


def test_generated_secrets_are_strong_and_readable_by_all():
    seen = {generate(SecretValue(length=48)).reveal() for _ in range(200)}
    assert len(seen) == 200
    assert all(form_of(value) is EnvForm.BARE and len(value) == 48 for value in seen)
    assert all(value[0] in string.ascii_letters + string.digits for value in seen)
    assert set(ALPHABET) <= set(string.ascii_letters + string.digits + "_./:@%+=,-")
    assert re.fullmatch("[0-9a-f]{64}", generate(SecretValue(length=64, hexadecimal=True)).reveal())


def test_no_secret_is_generated_where_another_side_decides_it():
    with pytest.raises(ValueError, match="no secret"):
        generate(SecretValue())


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("", EnvForm.BARE), ("a+b/c=", EnvForm.BARE), ("a#b", EnvForm.SINGLE), ("$HOME", EnvForm.SINGLE),
        ("it's", EnvForm.DOUBLE), ("it's $5", EnvForm.NONE), ("${x}", EnvForm.NONE), ("a\nb", EnvForm.NONE),
        ("a\\\\b", EnvForm.NONE), ("end\\", EnvForm.NONE), ("a\\b", EnvForm.SINGLE), ("`x`", EnvForm.SINGLE),
    ],
)  # fmt: skip
def test_the_form_of_a_value(value, form):
    assert form_of(value) is form


@pytest.mark.parametrize("text", ["http://x", "::1", "[::1]", "host:80", "a b", "-x", "a..b"])
def test_a_host_that_is_none_is_refused(text):
    with pytest.raises(BadValueError):
        Host().parse(text)


def test_a_host_with_a_part_that_is_too_long_is_told_what_is_wrong_with_it():
    whole = f"{'a' * 63}.internal"
    assert Host().parse(whole) == whole
    with pytest.raises(BadValueError, match=r"“a{64}” has 64 characters; a part of a host name has 63 at most\."):
        Host().parse(f"a{whole}")
    with pytest.raises(BadValueError, match="is not a host name"):
        Host().parse(f"a{whole}/x")


@pytest.mark.parametrize(
    "text", ["app.example.com", "ftp://x.y", "https://u:p@x.y", "https://x.y/?q", "https://x.y/sub", "https://"]
)
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(BadValueError):
        Url().parse(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("https://MÜNCHEN.example:8443/", "https://xn--mnchen-3ya.example:8443"),
        ("http://straße.example", "http://xn--strae-oqa.example"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_a_host_is_written_as_dns_and_browsers_know_it(text, url):
    assert Url().parse(text) == url
    assert Url().parse(url) == url


def test_a_host_that_is_no_name_is_refused_in_words():
    with pytest.raises(BadValueError, match="“mün chen” is no host name"):
        Url().parse("https://mün chen")


def test_kinds_refuse_what_breaks_nocobase():
    for kind, text in (
        (FilePath(), "-----BEGIN CERTIFICATE-----"),
        (TimeZone(), "Mars/Base"),
        (Url(path=True, slash=True), "https://x.y"),
    ):
        with pytest.raises(BadValueError):
            kind.parse(text)


@pytest.mark.parametrize("password", ["plain", "p@ss:w/rd#?%", "ünï cöde", "'\"\\$"])
def test_an_address_is_built_and_taken_apart_alike(password):
    address = Address("rediss", "redis.internal", 6380, "noco base", Secret(password), "3")
    assert split(build(address), ("redis", "rediss")) == address


def test_a_virtual_host_with_a_slash_is_encoded():
    assert build(Address("amqp", "mq", 5672, "u", Secret("p"), "/")).reveal() == "amqp://u:p@mq:5672/%2F"


@pytest.mark.parametrize(
    "text",
    ["redis:/host:6379/0", "http://host", "redis://", "redis://:S3cr3t#PW@host:6379", "redis://h:x/0", "redis://h/0?db=3",
     "redis://:p%zz@h/0", "", "redis://:S3cr3t/PW@host:6379/0"],
)  # fmt: skip
def test_a_malformed_address_is_refused_without_quoting_it(text):
    with pytest.raises(BadValueError) as caught:
        split(Secret(text), ("redis", "rediss"))
    assert "S3cr3t" not in str(caught.value)


@pytest.mark.parametrize(("path", "index"), [("", 0), ("0", 0), ("15", 15)])
def test_the_database_of_an_address(path, index):
    assert redis_database(Address("redis", "h", None, path=path)) == index


def test_a_database_that_is_no_number_is_refused():
    with pytest.raises(BadValueError):
        redis_database(Address("redis", "h", None, path="cache"))


@pytest.mark.parametrize(
    ("text", "serves", "takes", "problem"),
    [
        ("", True, True, False), ("!", True, False, False), ("*", False, True, False),
        ("workflow:process", False, True, False), ("!,workflow:process", True, True, False),
        ("!,*", True, False, True), ("-", False, False, True), ("!, workflow:process", True, False, True),
        ("workflow", False, False, False),
    ],
)  # fmt: skip
def test_worker_modes_are_read_as_nocobase_reads_them(text, serves, takes, problem):
    mode, words = read(text)
    assert (mode.serves, mode.takes("workflow:process"), bool(words)) == (serves, takes, problem)


@pytest.mark.parametrize(
    ("text", "odd"), [("workflow", True), ("!,a:b", False), ("", False), ("*", False), ("!,x", True)]
)
def test_a_task_unlike_nocobases_own_is_doubted_as_a_plug_in_may_define_it(text, odd):
    assert bool(doubt(text)) is odd


def test_a_role_has_a_field_a_name_becomes_a_slug_and_references_compare_by_name():
    assert RedisRole.WORKER_ID.field == "worker_id"
    assert slug("Über Cluster 1!") == "uber-cluster-1"
    assert SecretRef("a") == SecretRef("a")


@pytest.mark.parametrize("key", ["redis.server.host", "redis.cache.port", "redis.databases.cache", "redis.layout"])
def test_an_edit_of_an_address_settles_the_unreadable_variable_it_replaces(key):
    plan = good_plan().with_unreadable(Unreadable("CACHE_REDIS_URL", "x", "one slash"))
    assert plan.with_value("database.host", "db").unreadable
    assert not plan.with_value(key, plan.get(key)).unreadable


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Cluster A_1.b", "cluster-a-1-b"),
        ("x" * 60, "x" * 60),
        ("!!!", "cluster"),
        ("", "cluster"),
        ("Ünï", "uni"),
        ("Straße – Zürich", "strasse-zurich"),
    ],
)
def test_a_short_name_of_letters_with_or_without_accents_is_those_letters(name, short):
    assert slug(name) == short


def test_names_of_other_letters_have_short_names_of_their_own():
    names = [
        "日本",
        "北京",
        "Москва",
        "Й",
        "И",
        "prod 日本",
        "prod 北京",
        "a-very-long-name-of 日本",
        "a-very-long-name-of 北京",
    ]
    found = [slug(name) for name in names]
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", short) for short in found)
    assert slug("日本") == "cluster-cf2abf"


@pytest.mark.parametrize(
    "name_in", [nginx.file_name, haproxy.backend, compose_file.project, kubernetes_manifests.base_name]
)
def test_clusters_whose_names_differ_in_other_letters_alone_share_no_name_in_a_bundle(name_in):
    for one, other in (("日本", "北京"), ("a-very-long-name-of 日本", "a-very-long-name-of 北京")):
        assert name_in(Plan(name=one)) != name_in(Plan(name=other))


def test_a_short_name_does_not_depend_on_how_the_letters_are_composed():
    for name in ("Ünï", "Й", "が日本"):
        assert slug(unicodedata.normalize("NFD", name)) == slug(unicodedata.normalize("NFC", name))


@pytest.mark.parametrize(
    ("key", "is_one"),
    [("database.host", True), ("name", True), ("nodes.0.host", True), ("nodes.3.host", False), ("DB_HOST", False)],
)
def test_a_key_is_known_to_be_that_of_a_setting(key, is_one):
    assert good_plan().has_setting(key) is is_one


@pytest.mark.parametrize(
    ("value", "problem"), [("a", f"A pass “{HIDDEN}” is none: a."), ("a#bc", f"A pass “{HIDDEN}” is none: {HIDDEN}.")]
)
def test_of_a_problem_with_a_short_secret_no_letter_is_lost(value, problem):
    said = Unreadable("database.password", value, f"A pass “{value}” is none: {value}.")
    assert Plan().with_unreadable(said).problem("database.password") == problem
