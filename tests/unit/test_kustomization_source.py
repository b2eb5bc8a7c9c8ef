"""Kustomizations as a source: resources, generators, images, replicas; what is not followed is named."""

import pytest

from tests.unit.workload import CRM
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
DEPLOYMENT = CRM + "          envFrom: [{configMapRef: {name: config}}, {secretRef: {name: secret}}]\n"
BASE = """\
resources: [deployment.yaml]
configMapGenerator:
  - name: config
    envs: [app.env]
    literals: [TZ=Europe/Paris, "DB_USER='shop'"]
secretGenerator:
  - {name: secret, files: [APP_KEY=key.txt], literals: [DB_PASSWORD=a=b]}
"""
APP = "# ours\nDB_DIALECT=postgres\nDB_HOST='db'\n\nDB_DATABASE=shop\n"


def written(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def base(folder, text=BASE):
    written(folder, kustomization__yaml=text, deployment__yaml=DEPLOYMENT, app__env=APP, key__txt=KEY)


def test_generators_give_what_resources_refer_to(tmp_path):
    base(tmp_path / "base")
    found = open_source(str(tmp_path / "base"))
    plan = found.plan
    assert (plan.database.name, plan.database.user, plan.application.time_zone) == ("shop", "shop", "Europe/Paris")
    assert found.secrets["application.app_key"] == Secret(KEY)
    assert found.secrets["database.password"] == Secret("a=b")
    place = plan.place_of("database.name")
    assert (place.file, place.line) == (str(tmp_path / "base/app.env"), 5)
    assert plan.expressions == ()


def test_kustomize_takes_no_quotes_off_the_values_of_a_file(tmp_path):
    base(tmp_path)
    plan = open_source(str(tmp_path / "kustomization.yaml")).plan
    assert plan.database.host != "db"


def test_an_overlay_changes_images_replicas_and_what_was_generated(tmp_path):
    base(tmp_path / "base")
    overlay = """\
namePrefix: prod-
resources: [../../base]
images: [{name: nocobase/nocobase, newTag: 2.2.15-full}]
replicas: [{name: crm, count: 3}]
configMapGenerator: [{name: config, behavior: merge, literals: [DB_DATABASE=prod]}]
"""
    written(tmp_path / "overlays/prod", kustomization__yaml=overlay)
    plan = open_source(str(tmp_path / "overlays/prod/kustomization.yaml")).plan
    assert (plan.application.version, plan.database.name, plan.database.user) == ("2.2.15", "prod", "shop")
    assert [node.name for node in plan.nodes] == ["prod-crm-0", "prod-crm-1", "prod-crm-2"]


def test_what_is_not_followed_is_named_with_its_place(tmp_path):
    more = 'patches: [{path: worker.yaml}, {patch: "- op: remove"}]\npatchesStrategicMerge: [more.yaml]\n'
    base(tmp_path, BASE.replace("[deployment.yaml]", "[deployment.yaml, gone.yaml]") + more)
    found = open_source(str(tmp_path))
    [finding] = [one for one in rules(found.plan, {}) if one.id == "plan.followed"]
    assert finding.severity is Severity.UNKNOWN
    for name in ("gone.yaml", "worker.yaml", "patches", "more.yaml"):
        assert name in finding.summary
    assert "kustomization.yaml line 1" in finding.detail


@pytest.mark.parametrize(
    "kind", ["patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "transformers", "generators"]
)
def test_every_kind_of_patch_is_named(tmp_path, kind):
    base(tmp_path, BASE + f"{kind}: [{{path: changes.yaml}}]\n")
    [finding] = [one for one in rules(open_source(str(tmp_path)).plan, {}) if one.id == "plan.followed"]
    assert (finding.severity, "changes.yaml" in finding.summary) == (Severity.UNKNOWN, True)


def test_helm_charts_are_named(tmp_path):
    base(tmp_path, BASE + "helmCharts: [{name: redis, repo: x}]\n")
    [finding] = [one for one in rules(open_source(str(tmp_path)).plan, {}) if one.id == "plan.followed"]
    assert (finding.severity, "helmCharts" in finding.summary) == (Severity.UNKNOWN, True)


def test_all_that_is_followed_passes(tmp_path):
    base(tmp_path)
    found = open_source(str(tmp_path))
    assert [one.severity for one in rules(found.plan, {}) if one.id == "plan.followed"] == [Severity.PASS]


def test_generators_without_their_workload_still_say_what_nodes_get(tmp_path):
    text = BASE + "replicas: [{name: crm, count: 2}]\nimages: [{name: nocobase/nocobase, newTag: 2.2.15}]\n"
    base(tmp_path, text)
    (tmp_path / "deployment.yaml").unlink()
    plan = open_source(str(tmp_path)).plan
    assert ([node.name for node in plan.nodes], plan.application.version) == (["crm-0", "crm-1"], "2.2.15")
    assert plan.database.name == "shop"


@pytest.mark.parametrize(("text", "words"), [("resources: [.]\n", "builds on itself"), ("resources: [\n", "not YAML")])
def test_a_circle_and_no_yaml_are_said_with_file_and_line(tmp_path, text, words):
    written(tmp_path, kustomization__yaml=text)
    with pytest.raises(SourceError, match=words) as refused:
        open_source(str(tmp_path))
    assert "kustomization.yaml, line" in str(refused.value)
