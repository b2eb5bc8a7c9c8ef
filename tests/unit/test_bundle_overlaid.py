"""What lies beside the Compose file or the manifests of a bundle and is read with them is judged as what runs."""

import re
import shutil
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.test_bundle_run_otherwise import edit
from wizard.app import bundle_planned, language
from wizard.app.bundle_files import beside, look_at
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.checks.plan import bundle_deployed
from wizard.checks.plan.bundle_files import State
from wizard.formats.files import SecretsMode
from wizard.plan import i18n
from wizard.plan.finding import Severity

COMPOSE, OVERRIDE = "compose/compose.yaml", "compose/compose.override.yaml"
NODE1 = "services:\n  node1:\n"


@pytest.fixture(scope="module", params=[SecretsMode.INLINE, SecretsMode.REFERENCE], ids=lambda mode: mode.value)
def exported(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "out"
    export(good_plan(), SECRETS, folder, request.param)
    return folder, request.param


@pytest.fixture
def bundle(tmp_path, exported):
    shutil.copytree(exported[0], tmp_path / "out")
    return tmp_path / "out"


def told(bundle: Path, **files: str):
    """Put the files into the folder of the Compose file (`__` for a dot), and return what is said of it."""
    for name, text in files.items():
        (bundle / "compose" / name.replace("__", ".")).write_text(text)
    found = beside(bundle, edited=False)
    [check] = bundle_deployed.checks(found.deployed, found.opened, good_plan(), SECRETS)
    facts = check.facts()
    check.probe(facts)
    return {one.subject: one for one in check.judge(facts)}


@pytest.mark.parametrize(
    "name",
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"],
)
def test_a_lock_that_an_override_makes_local_fails_with_file_and_line(bundle, name):
    text = f"{NODE1}    environment:\n      LOCK_ADAPTER_DEFAULT: local\n"
    found = told(bundle, **{name: text})[f"{COMPOSE} LOCK_ADAPTER_DEFAULT"]
    assert (found.id, found.severity) == ("plan.value", Severity.FAIL)
    assert f"LOCK_ADAPTER_DEFAULT, compose/{name} line 4" in found.detail


@pytest.mark.parametrize(
    ("said", "name", "line"),
    [
        ("    image: nocobase/nocobase:2.2.14\n", "image", 3),
        ("    command: sleep 5\n", "command", 3),
        ("    restart: 'no'\n", "restart", 3),
        ("    ports: !override ['13005:13000']\n", "ports", 3),
        ("    scale: 3\n", "replicas", 3),
        ("    healthcheck: {disable: true}\n", "healthcheck", 3),
        ("    init: true\n    volumes: ['/srv:/app/nocobase/storage']\n", "volumes /app/nocobase/storage", 4),
        ("    env_file: !override [../env/cluster.env]\n", "env_file", 3),
        ("    extends: {service: base, file: common.yaml}\n", "image", 3),
    ],
)
def test_what_an_override_runs_otherwise_fails_with_file_and_line(bundle, said, name, line):
    common = "services:\n  base:\n    image: nocobase/nocobase:latest\n"
    found = told(bundle, compose__override__yaml=NODE1 + said, common__yaml=common)
    file = "compose/common.yaml" if "extends" in said else OVERRIDE
    finding = found[f"{file} services.node1.{name}"]
    assert finding.severity is Severity.FAIL
    assert finding.detail.startswith(f"{file} line {line}. ")


def test_a_further_node_that_an_override_starts_is_named(bundle):
    more = (
        "services:\n  node9:\n    extends: {service: node1, file: compose.yaml}\n    ports: !override ['14000:13000']\n"
    )
    found = told(bundle, compose__override__yaml=more)[f"{OVERRIDE} services.node9"]
    assert found.summary == f"{OVERRIDE} has services.node9, of which the plan knows nothing."


@pytest.mark.parametrize(
    "text",
    [
        "# nothing yet\n",
        f"{NODE1}    mem_limit: 4g\n    logging: {{driver: local}}\n",
        f"{NODE1}    ports: ['9229:9229']\n",
        "services:\n  backup:\n    image: myorg/nocobase-backup:3\n    env_file: [../env/cluster.env]\n",
        "services:\n  backup: {image: 'postgres:16', env_file: [../env/cluster.env], command: pg_dump}\n",
        "services:\n  mail: {image: mailhog}\n",
    ],
)
def test_an_override_that_changes_nothing_that_counts_is_no_failure(bundle, text):
    assert told(bundle, compose__override__yaml=text) == {}


def test_a_service_that_an_override_takes_its_env_files_from_lacks_what_stood_in_them(bundle):
    found = told(bundle, compose__override__yaml=f"{NODE1}    env_file: !reset []\n")
    assert f"{COMPOSE} LOCK_ADAPTER_DEFAULT" in found
    assert f"{OVERRIDE} services.node1.env_file" not in found


def test_an_override_that_cannot_be_read_is_told_with_its_line(bundle):
    found = told(bundle, compose__override__yaml="services: [\n")[COMPOSE]
    assert found.detail == f"{OVERRIDE}, line 2: it is not YAML."


def test_a_key_that_an_override_takes_from_one_node_fails_and_the_override_is_named(bundle, exported):
    found = told(bundle, compose__override__yaml=f"{NODE1}    environment:\n      APP_KEY: !reset null\n")
    if exported[1] is SecretsMode.INLINE:  # there it stands in the env file, which goes on giving it
        assert found == {}
        return
    finding = found[f"{COMPOSE} application.app_key"]
    assert finding.severity is Severity.FAIL
    assert finding.detail.endswith(f"Compose lays {OVERRIDE} over {COMPOSE}.")


def test_the_env_file_of_compose_is_judged_where_the_compose_file_takes_values_from_it(bundle, exported):
    found = told(bundle, __env="# by hand\nAPP_KEY=short\n")
    if exported[1] is SecretsMode.INLINE:  # there nothing is left to put in
        assert found == {}
        return
    [finding] = found.values()
    assert (finding.id, finding.severity) == ("plan.app_key", Severity.FAIL)
    assert "APP_KEY, compose/.env line 2" in finding.detail


def test_files_that_compose_reads_in_the_place_of_the_bundles_are_named(bundle):
    text = f"{NODE1}    image: nocobase/nocobase:2.2.13\n"
    found = told(bundle, __env="A=b\nCOMPOSE_FILE=prod.yaml\n", prod__yaml=text)["compose/.env COMPOSE_FILE"]
    assert found.summary == f"By compose/.env Compose reads prod.yaml in the place of {COMPOSE}."
    assert found.detail.startswith("compose/.env line 2. ")
    beside = told(bundle, __env="COMPOSE_FILE=compose.yaml:prod.yaml\n", prod__yaml=text)
    assert "compose/prod.yaml services.node1.image" in beside
    assert "compose/.env COMPOSE_FILE" not in beside


def test_an_image_whose_tag_the_env_file_of_compose_gives_is_compared(bundle):
    more = f"{NODE1}    image: nocobase/nocobase:${{TAG}}\n"
    found = told(bundle, __env="TAG=2.2.14\n", compose__override__yaml=more)
    assert "“nocobase/nocobase:2.2.14” stands there" in found[f"{OVERRIDE} services.node1.image"].detail


def test_a_manifest_that_was_added_is_judged_with_the_others(bundle):
    web = next((bundle / "kubernetes").glob("deployment-*.yaml"))
    text = web.read_text().replace("  name: ", "  name: more-", 1)
    (bundle / "kubernetes/more.yaml").write_text(text)
    found = told(bundle)
    [name] = [one for one in found if one.startswith("kubernetes/more.yaml Deployment.more-")]
    assert found[name].summary.endswith("of which the plan knows nothing.")


def _kustomized(bundle, more):
    folder = bundle / "kubernetes"
    names = sorted(one.name for one in folder.glob("*.yaml"))
    (folder / "kustomization.yaml").write_text(f"resources: [{', '.join(names)}]\n{more}")
    return told(bundle)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("images: [{name: nocobase/nocobase, newTag: 2.2.14}]\n", "image"),
        ("replicas: [{name: nocobase-example-web, count: 9}]\n", "replicas"),
    ],
)
def test_what_a_kustomization_that_was_added_makes_is_compared(tmp_path, more, name):
    plan = open_source("resources/examples/three-nodes.yaml").plan
    export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    found = _kustomized(tmp_path / "out", more.replace("nocobase-example", "nocobase-three-nodes"))
    [one] = [found[subject] for subject in found if subject.endswith(f"nodes-web.{name}") or f"}}.{name}" in subject]
    assert one.subject.startswith("kubernetes/kustomization.yaml ")
    assert one.detail.startswith("kubernetes/kustomization.yaml line 2. ")


def test_a_kustomization_that_changes_nothing_is_no_failure(bundle):
    assert _kustomized(bundle, "") == {}


def test_an_object_that_stands_there_twice_is_named(bundle):
    name = re.search(r"\n  name: (\S+)", (bundle / "kubernetes/configmap.yaml").read_text())[1]
    more = f"kind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{LOCK_ADAPTER_DEFAULT: local}}\n"
    (bundle / "kubernetes/zz.yaml").write_text(f"apiVersion: v1\n{more}")
    found = told(bundle)[f"kubernetes/zz.yaml ConfigMap.{name} again"]
    assert found.summary == f"kubernetes/zz.yaml has ConfigMap.{name}, which stands in another file, too."


def test_a_bundle_in_another_language_is_compared_with_what_it_was_exported_as(tmp_path):
    plan = open_source("resources/examples/three-nodes.yaml").plan
    with i18n.written_in("fr", language.catalogue("fr")):
        export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    paths = COMPOSE, "env/cluster.env", "kubernetes/configmap.yaml", "monitoring/nocobase-cluster-check.timer"
    for path in paths:
        edit(tmp_path / "out", path, r"\Z", "# mine\n")
    states = {one.path: one.state for one in look_at(tmp_path / "out")}
    assert [states[path] for path in paths] == [State.SAYS_THE_SAME] * 4


def test_the_files_of_a_changed_bundle_are_rendered_once_for_all_that_ask(bundle, monkeypatch):
    for path in (COMPOSE, "kubernetes/configmap.yaml"):
        edit(bundle, path, r"\Z", "# mine\n")
    made, render = [], bundle_planned.bundle.render
    monkeypatch.setattr(bundle_planned.bundle, "render", lambda *given: made.append(given) or render(*given))
    found = beside(bundle, edited=False)
    assert [one.state for one in found.files() if one.path == COMPOSE] == [State.SAYS_THE_SAME]
    assert [one.path for one in found.deployed()] == [COMPOSE, "kubernetes"]
    assert len(made) == 1
