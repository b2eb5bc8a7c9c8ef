"""What an editor, or a hand at night, did to the files of a bundle: what says the same is no alarm."""

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_bundle_deployed import edit, judged
from wizard.app.bundle_files import beside, look_at
from wizard.app.export import export
from wizard.checks.balancer.site import wanted_of
from wizard.checks.balancer.site.probe import SiteFacts, probe
from wizard.checks.plan import bundle_env, bundle_files
from wizard.checks.plan.bundle_files import State
from wizard.engine.facts import Trouble
from wizard.formats.files import SecretsMode
from wizard.formats.sites.model import SiteFile
from wizard.plan.finding import Severity

COMPOSE, COMMON, NODE = "compose/compose.yaml", "env/cluster.env", "env/node-node1.env"
RAW, INGRESS = "env/cluster.docker.env", "kubernetes/ingress.yaml"


@pytest.fixture(params=[SecretsMode.INLINE, SecretsMode.REFERENCE])
def bundle(request, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", request.param)
    return tmp_path / "out"


@pytest.fixture
def empty(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.REFERENCE)
    return tmp_path / "out"


def states(bundle):
    return {file.path: file for file in look_at(bundle)}


def told(bundle):
    [check] = bundle_files.checks(lambda: look_at(bundle), str(bundle))
    facts = check.facts()
    check.probe(facts)
    return {one.subject: one for one in check.judge(facts)}


def env(bundle, secrets):
    [check] = bundle_env.checks(beside(bundle, edited=False).read, good_plan(), secrets)
    facts = check.facts()
    check.probe(facts)
    return [one for one in check.judge(facts) if one.severity is not Severity.PASS]


@pytest.mark.parametrize("change", [lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data])
def test_other_ends_of_lines_and_a_mark_are_no_alarm_where_every_reader_takes_them(bundle, change):
    for path in (COMPOSE, COMMON, NODE, INGRESS):
        (bundle / path).write_bytes(change((bundle / path).read_bytes()))
    found = told(bundle)
    assert {found[path].severity for path in (COMPOSE, COMMON, NODE, INGRESS)} == {Severity.INFO}
    assert env(bundle, SECRETS) == []
    assert judged(bundle) == set()


def test_a_site_of_a_balancer_may_end_its_lines_otherwise_and_not_begin_with_a_mark(bundle):
    site = next((bundle / "nginx").glob("*.conf"))
    name, data = str(site.relative_to(bundle)), site.read_bytes()
    site.write_bytes(data.replace(b"\n", b"\r\n"))
    assert told(bundle)[name].severity is Severity.INFO
    site.write_bytes(b"\xef\xbb\xbf" + data)
    finding = told(bundle)[name]
    assert finding.severity is Severity.WARN
    assert finding.remedy == "Save it as UTF-8 without a mark, with the line ends of Unix."


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COMMON, r"TZ=UTC", "TZ='UTC'"),
        (COMMON, r"TZ=UTC", "export TZ=UTC   "),
        (COMMON, r"\n\Z", "\n# mine\n"),
        (COMMON, r"\n\Z", ""),
        (RAW, r"\n\Z", "\n# mine\n"),
        (COMPOSE, r'hostname: "node1"', "hostname: 'node1'"),
        (COMPOSE, r"\nservices:", "\n# mine\nservices:"),
    ],
)
def test_quotes_comments_and_blanks_say_the_same_and_keep_their_lines(bundle, path, old, new):
    edit(bundle, path, old, new)
    assert states(bundle)[path].state is State.SAYS_THE_SAME
    finding = told(bundle)[path]
    assert (finding.severity, f"{path} line " in finding.detail) == (Severity.INFO, True)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (COMMON, r"DB_PORT=5432", "DB_PORT=5433"),
        (COMMON, r"TZ=UTC", "TZ=Europe/Paris\nTZ=UTC"),
        (RAW, r"TZ=UTC", "TZ='UTC'"),
        (COMPOSE, r"replicas: 2|stop_grace_period: 60s", "stop_grace_period: 1s"),
        ("kubernetes/configmap.yaml", r'DB_PORT: "5432"', "DB_PORT: 5432"),
    ],
)
def test_what_may_be_read_otherwise_is_a_change_with_its_line(bundle, path, old, new):
    edit(bundle, path, old, new)
    line = next(
        number for number, text in enumerate((bundle / path).read_text().split("\n"), 1) if new.split("\n")[0] in text
    )
    finding = told(bundle)[path]
    assert (finding.severity, finding.detail) == (Severity.WARN, f"Changed there: {path} line {line}.")


def test_a_changed_secret_of_an_inline_file_is_no_text_that_says_the_same(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    edit(tmp_path / "out", COMMON, r"DB_PASSWORD=", "DB_PASSWORD=x")
    assert states(tmp_path / "out")[COMMON].state is State.CHANGED


def test_lines_that_are_gone_are_told_by_the_line_above(bundle):
    edit(bundle, COMMON, r"(?m)^TZ=.*\n", "")
    assert told(bundle)[COMMON].detail.startswith(f"Gone there: lines below {COMMON} line ")


def test_of_a_plan_that_was_changed_by_hand_nobody_says_that_the_plan_knows_nothing(bundle):
    edit(bundle, "cluster.yaml", r"(?m)^name: .*", "name: other")
    assert "the other files are still those of the former plan" in told(bundle)["cluster.yaml"].summary


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (NODE, "Compose starts no node"),
        (COMPOSE, "Nothing here starts"),
        ("kubernetes/configmap.yaml", "kubectl makes"),
    ],
)
def test_of_a_file_that_is_gone_is_told_what_follows(bundle, path, word):
    (bundle / path).unlink()
    assert told(bundle)[path].detail.startswith(word)


def test_workloads_that_went_with_their_file_are_a_failure(bundle):
    path = next((bundle / "kubernetes").glob("deployment-*.yaml"))
    path.unlink()
    name = f"kubernetes/{path.name} Deployment.nocobase-"
    assert [one for one in judged(bundle) if one[1].startswith(name) and one[2] is Severity.FAIL]


def test_a_folder_that_is_gone_as_a_whole_is_not_used(bundle):
    for path in (bundle / "kubernetes").iterdir():
        path.unlink()
    assert judged(bundle) == set()


def test_an_env_file_that_is_gone_is_a_failure_of_what_reads_it(bundle):
    (bundle / NODE).unlink()
    assert {(severity, COMPOSE in subject) for _id, subject, severity in judged(bundle)} >= {(Severity.FAIL, True)}


def test_a_key_that_one_node_alone_is_given_is_a_failure_with_its_line(empty):
    edit(empty, NODE, r"\Z", "APP_KEY=Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE\n")
    [finding] = [one for one in env(empty, {}) if one.severity is Severity.FAIL]
    line = (empty / NODE).read_text().count("\n")
    assert (finding.id, finding.subject) == ("plan.sources", f"{NODE} APP_KEY")
    assert finding.detail.startswith(f"APP_KEY, {NODE} line {line}: ")


def test_a_key_that_every_node_is_given_alike_by_its_own_file_is_none(empty):
    for path in (empty / "env").glob("node-*.env"):
        path.write_text(f"{path.read_text()}APP_KEY=Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE\n")
    assert [one for one in env(empty, {}) if one.severity is Severity.FAIL] == []


def test_a_variable_that_stands_twice_is_told_also_where_the_right_one_counts(bundle):
    edit(bundle, COMMON, r"LOCK_ADAPTER_DEFAULT=redis", "LOCK_ADAPTER_DEFAULT=local\nLOCK_ADAPTER_DEFAULT=redis")
    [finding] = env(bundle, SECRETS)
    assert (finding.id, finding.severity) == ("plan.env_text", Severity.WARN)
    assert "stands in the file twice" in finding.summary
    assert COMMON in finding.detail


def test_a_file_without_any_variable_is_one_failure(bundle):
    (bundle / COMMON).write_text("")
    [finding] = [one for one in env(bundle, SECRETS) if one.subject == COMMON]
    assert (finding.id, finding.severity) == ("plan.sources", Severity.FAIL)


def test_of_two_forms_of_one_secret_both_places_are_told(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    edit(tmp_path / "out", RAW, r"APP_KEY=.*", "APP_KEY=Yr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE")
    [finding] = env(tmp_path / "out", SECRETS)
    assert finding.summary == f"{RAW} gives APP_KEY otherwise than {COMMON}."


def test_another_key_in_the_secret_of_kubernetes_is_a_failure(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    edit(tmp_path / "out", "kubernetes/secret.yaml", r'APP_KEY: ".*"', 'APP_KEY: "Yr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"')
    assert ("plan.sources", "kubernetes APP_KEY", Severity.FAIL) in judged(tmp_path / "out")


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("compose/compose.override.yaml", "Compose reads it"),
        ("compose/docker-compose.override.yml", "Compose reads it"),
        ("compose/.env", "Compose takes values from it"),
        ("kubernetes/more.yaml", "kubectl applies it"),
        ("compose/notes.txt", ""),
    ],
)
def test_of_a_file_that_was_added_is_told_who_reads_it(bundle, path, word):
    (bundle / path).write_text("services: {}\n")
    assert told(bundle)[path].detail.startswith(word)
    assert bool(told(bundle)[path].detail) is bool(word)


def test_a_site_that_begins_with_a_mark_is_said_to_be_unreadable_at_its_first_line():
    facts = SiteFacts()
    probe(
        SiteFile("site.conf", lambda: "\ufeffupstream nodes { server 10.0.0.1:13000; }\n"),
        wanted_of(good_plan()),
        facts,
    )
    assert isinstance(facts.site, Trouble)
    assert (facts.site.about, "byte-order mark" in facts.site.message) == ("1", True)
