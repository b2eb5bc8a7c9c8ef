"""Which findings of changed files count beside those of the plan, and how each is told with file and place."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.checks.plan import bundle_deployed, bundle_env
from wizard.checks.plan.bundle_deployed import Deployed, DeployedFacts
from wizard.checks.plan.bundle_env_read import EnvFacts
from wizard.engine.facts import Known
from wizard.formats.files import SourceError
from wizard.plan.finding import ErrorKind, Finding, Severity
from wizard.plan.place import Place
from wizard.plan.plan import Unreadable
from wizard.plan.secret import Secret, SecretRef

COMPOSE = "compose/compose.yaml"
FAIL, WARN = Severity.FAIL, Severity.WARN


def found(identifier="plan.app_key", severity=FAIL, subject="", **facts):
    return Finding(id=identifier, severity=severity, summary="It is so.", subject=subject, detail="Why.", facts=facts)


@pytest.fixture
def told(monkeypatch):
    """Return what is told where the rules find `of_files` in the files and `of_plan` in the plan."""

    def told(of_files=(), of_plan=(), one=None, plan=None, own=None):
        read = own or good_plan()
        monkeypatch.setattr(bundle_deployed, "rules", lambda asked, _secrets: of_files if asked is read else of_plan)
        facts = DeployedFacts(Known([one or Deployed(COMPOSE)]))
        return list(bundle_deployed.judge(facts, lambda _one: (read, SECRETS), plan or good_plan(), SECRETS))

    return told


@pytest.mark.parametrize(
    "identifier",
    [
        "plan.aes_key",
        "plan.api_versions",
        "plan.app_key",
        "plan.coverage",
        "plan.database_tls",
        "plan.environment",
        "plan.ingress_limits",
        "plan.ingress_paths",
        "plan.ports",
        "plan.rolling_update",
        "plan.secret_objects",
        "plan.service_links",
        "plan.shared_storage",
        "plan.sources",
        "plan.start_command",
        "plan.startup_probe",
        "plan.time_zone",
        "plan.value",
        "plan.version",
        "plan.worker_ids",
        "plan.worker_mode",
    ],
)
@pytest.mark.parametrize("severity", [FAIL, WARN])
def test_what_such_files_say_by_themselves_is_told_of_them(told, identifier, severity):
    [finding] = told([found(identifier, severity)])
    assert (finding.id, finding.severity, finding.subject) == (identifier, severity, COMPOSE)


@pytest.mark.parametrize("identifier", ["plan.public_url", "plan.required", "plan.root_password", "plan.pool"])
def test_what_only_a_plan_can_say_is_not_asked_of_them(told, identifier):
    assert told([found(identifier)]) == []


@pytest.mark.parametrize("severity", [Severity.PASS, Severity.INFO, Severity.SKIP, Severity.UNKNOWN])
def test_what_asks_nothing_of_a_person_is_not_told(told, severity):
    assert told([found(severity=severity)]) == []


def test_what_the_plan_is_told_already_is_not_told_again_of_its_files(told):
    assert told([found(subject="a")], [found(subject="a")]) == []
    assert len(told([found(subject="a")], [found(subject="b")])) == 1
    assert len(told([found(subject="a")], [found(subject="a", severity=WARN)])) == 1
    assert len(told([found(subject="a")], [found("plan.aes_key", subject="a")])) == 1


def test_a_finding_of_them_names_the_file_the_place_and_what_lies_over_it(told):
    own = replace(good_plan(), places={"application.app_key": Place(COMPOSE, 7, "APP_KEY")})
    [finding] = told([found(subject="application.app_key")], own=own)
    assert finding.subject == f"{COMPOSE} application.app_key"
    assert finding.detail == f"So it stands in the bundle (APP_KEY, {COMPOSE} line 7). Why."
    [finding] = told([found(subject="x", setting="application.app_key")], own=own)
    assert finding.detail.startswith(f"So it stands in the bundle (APP_KEY, {COMPOSE} line 7).")
    [finding] = told([found()], own=own)
    assert finding.detail == f"So it stands in the bundle ({COMPOSE}). Why."


@pytest.mark.parametrize("setting", ["application.version", "storage.path"])
def test_what_is_compared_part_by_part_is_not_told_of_the_setting_too(told, setting):
    text = "services: {node1: {image: 'nocobase/nocobase:2.2.15'}}\n"
    compared = Deployed(COMPOSE, {COMPOSE: Secret(text)}, {COMPOSE: text})
    assert told([found("plan.sources", setting=setting)], one=compared) == []
    assert len(told([found("plan.value", setting=setting)], one=compared)) == 1
    assert len(told([found("plan.sources", setting="database.host")], one=compared)) == 1
    assert len(told([found("plan.sources", setting=setting)])) == 1  # without the plan's own text nothing is compared


def test_a_setting_that_the_files_give_otherwise_is_told_where_no_rule_is_about_it(told):
    own = good_plan().with_value("database.host", "other.internal")
    [finding] = told(own=own)
    assert (finding.id, finding.severity, finding.subject) == ("plan.sources", FAIL, f"{COMPOSE} DB_HOST")
    assert finding.summary == f"{COMPOSE} gives DB_HOST otherwise than the plan."
    assert finding.detail == f"{COMPOSE}: a node gets what stands there, and what was checked is the plan."
    assert finding.facts == {"setting": "DB_HOST", "places": [COMPOSE]}
    told_of = told([found("plan.value", subject="database.host")], own=own)
    assert [one.id for one in told_of] == ["plan.value"]
    told_of = told([found("plan.value", subject="x", setting="database.host")], own=own)
    assert [one.id for one in told_of] == ["plan.value"]


@pytest.mark.parametrize(
    "own",
    [
        replace(good_plan().with_value("database.host", "other"), unsaid=frozenset({"database.host"})),
        good_plan().with_unreadable(Unreadable("database.host", "x y", "It is no host.", "line 3")),
        good_plan().with_value("balancer.tls", False),  # no variable of a node
        replace(good_plan(), nodes=good_plan().nodes[:2]),
    ],
    ids=["not said", "unreadable", "no variable", "fewer nodes"],
)
def test_what_the_files_do_not_surely_say_otherwise_is_not_told(told, own):
    assert told(own=own) == []


@pytest.mark.parametrize(
    ("secrets", "differs"),
    [
        ({"other": Secret("b" * 32)}, True),
        ({"other": SECRETS["application.app_key"]}, False),
        ({}, False),
        ({"other": Secret("")}, False),
    ],
)
def test_a_secret_is_compared_where_both_are_at_hand(monkeypatch, secrets, differs):
    own = good_plan().with_value("application.app_key", SecretRef("other"))
    monkeypatch.setattr(bundle_deployed, "rules", lambda _plan, _secrets: [])
    facts = DeployedFacts(Known([Deployed(COMPOSE)]))
    found = list(bundle_deployed.judge(facts, lambda _one: (own, {**SECRETS, **secrets}), good_plan(), SECRETS))
    assert [one.facts["setting"] for one in found] == (["APP_KEY"] if differs else [])


def test_a_file_that_cannot_be_read_any_more_fails_with_the_reason():
    def opened(_one):
        raise SourceError("It is no YAML.")

    facts = DeployedFacts(Known([Deployed(COMPOSE)]))
    [finding] = bundle_deployed.judge(facts, opened, good_plan(), SECRETS)
    assert finding.summary == f"{COMPOSE} cannot be read as what it was exported as."
    assert (finding.error, finding.subject, finding.detail) == (ErrorKind.PROTOCOL, COMPOSE, "It is no YAML.")


@pytest.mark.parametrize(
    "judge",
    [
        lambda: bundle_deployed.judge(DeployedFacts(), dict, good_plan(), SECRETS),
        lambda: bundle_env.judge(EnvFacts(), good_plan(), SECRETS),
    ],
    ids=["deployed", "env"],
)
def test_what_was_never_looked_at_is_unknown_without_a_reason(judge):
    [finding] = judge()
    assert (finding.id, finding.severity, finding.error) == ("plan.sources", Severity.UNKNOWN, ErrorKind.OTHER)
    assert (finding.subject, finding.detail) == ("bundle", "")


@pytest.mark.parametrize(
    ("name", "lies_over"),
    [
        ("compose.override.yml", True),
        ("compose.override.yaml", True),
        ("docker-compose.override.yml", True),
        ("docker-compose.override.yaml", True),
        ("override.yaml", False),
        ("more/compose.override.yaml", False),
    ],
)
def test_the_file_that_compose_lays_over_another_is_known_by_its_name(name, lies_over):
    path = f"compose/{name}"
    one = Deployed(COMPOSE, {COMPOSE: Secret(""), path: Secret("")})
    assert one.overriding == (path if lies_over else "")
    assert Deployed("kubernetes", {path: Secret("")}).overriding == ""


def test_the_manifests_that_were_added_to_its_folder_are_known_by_how_they_end():
    names = ("a.yaml", "b.yml", "c.json", "d.txt", "yaml")
    texts = {f"kubernetes/{name}": Secret(name) for name in names} | {"other/e.yaml": Secret("e")}
    one = Deployed("kubernetes", texts, {"kubernetes/a.yaml": "x", "kubernetes/gone.yaml": "y"})
    assert one.added == {f"kubernetes/{name}": name for name in ("a.yaml", "b.yml", "c.json")}
    assert one.own == {"kubernetes/a.yaml": "a.yaml"}
    assert one.revealed["other/e.yaml"] == "e"
