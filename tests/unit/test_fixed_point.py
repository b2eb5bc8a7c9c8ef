"""What is read, exported and read again is the same: of every kind of source, and of generated plans."""

import base64
import tempfile
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from tests.unit.env_plans import complete, plans, secrets_of
from tests.unit.plans import SECRETS, good_plan
from tests.unit.source_shapes import SHAPES, SITES, VARIABLES, written
from wizard.app.export import ExportError, export
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.checks.plan.specs_deployed import RULES as DEPLOYED
from wizard.export import bundle
from wizard.formats import dotenv
from wizard.formats.files import SecretsMode
from wizard.plan.finding import Severity
from wizard.plan.plan import Extra, Plan, Unreadable
from wizard.plan.sections import Deployment

FORM_ALONE = {"APP_ENV", "APP_PUBLIC_PATH", "DB_PORT", "DB_SCHEMA"} | {
    f"DB_POOL_{name}" for name in ("ACQUIRE", "EVICT", "IDLE", "MAX", "MAX_USES", "MIN")
}
"""What an export writes out although the source left it to NocoBase: a difference of form."""


def values(opened):
    """Return all variables of all nodes with their values, secrets too."""
    found = dotenv.variables(opened.plan)
    common = {one.name: one.reveal(opened.secrets) for one in found.common}
    return common, {name: {one.name: one.reveal(opened.secrets) for one in own} for name, own in found.nodes}


def placeless(plan):
    """Return a plan whose unreadable values do not say in which line they stood."""
    return replace(plan, unreadable=tuple(replace(item, where="") for item in plan.unreadable))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_form_of_one_cluster_says_what_its_nodes_are_given(tmp_path, shape):
    opened = open_source(written(tmp_path, SHAPES[shape]))
    common, _nodes = values(opened)
    assert {name: common.get(name) for name in VARIABLES} == VARIABLES
    assert set(common) - set(VARIABLES) <= FORM_ALONE
    assert (opened.plan.expressions, opened.plan.disagreements) == ((), ())
    place = opened.plan.place_of("database.host")
    line = Path(place.file).read_text().splitlines()[place.line - 1]
    assert "db.internal" in line or base64.b64encode(b"db.internal").decode() in line


@pytest.mark.parametrize("shape", SHAPES | SITES)
def test_what_is_exported_is_read_as_it_was_and_exported_alike(tmp_path, shape):
    opened = open_source(written(tmp_path, (SHAPES | SITES)[shape]))
    mode = SecretsMode.INLINE if opened.secrets else SecretsMode.REFERENCE
    first = export(opened.plan, opened.secrets, tmp_path / "first", mode)
    again = open_source(str(tmp_path / "first"))
    assert placeless(again.plan) == placeless(opened.plan)
    assert values(again) == values(opened)
    second = export(again.plan, again.secrets, tmp_path / "second", mode)
    assert {file.path: file.text for file in second.files} == {file.path: file.text for file in first.files}


def _in_files(plan, secrets, target, folder):
    """Write a target's files, and read the folder of the target as if nothing else were known."""
    with tempfile.TemporaryDirectory() as root:
        for file in bundle.render(plan, secrets, SecretsMode.INLINE, [target]):
            path = Path(root, file.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text)
        return open_source(str(Path(root, folder)))


def _deployed(plan, deployment):
    plan = complete(plan).with_value("application.deployment", deployment)
    for index in range(len(plan.nodes)):
        plan = plan.with_value(f"nodes.{index}.host", f"10.0.0.{index + 1}").with_value(
            f"nodes.{index}.worker_mode", ""
        )
        plan = plan.with_value(f"nodes.{index}.processes", 1)
    return plan.with_value("storage.path", "/srv/crm").with_value("application.version", "2.2.15")


ENOUGH = hypothesis.settings(deadline=None, max_examples=25, suppress_health_check=list(hypothesis.HealthCheck))


@ENOUGH
@hypothesis.given(plans().filter(lambda plan: plan.nodes))
def test_a_generated_plan_comes_back_from_its_compose_file(plan):
    plan = _deployed(plan, Deployment.DOCKER)
    secrets = secrets_of(plan)
    back = _in_files(plan, secrets, "compose", "compose")
    common, _nodes = values(back)
    written_out = {one.name: one.reveal(secrets) for one in dotenv.variables(plan).common}
    assert {name: common.get(name) for name in written_out} == written_out
    several = plan.several_machines  # else the file is the same whatever the one machine is called
    assert [(node.name, node.host, node.port) for node in back.plan.nodes] == [
        (node.name, node.host if several else "", node.port) for node in plan.nodes
    ]


@ENOUGH
@hypothesis.given(plans().filter(lambda plan: plan.nodes))
def test_a_generated_plan_comes_back_from_its_manifests(plan):
    plan = _deployed(plan, Deployment.KUBERNETES)
    secrets = secrets_of(plan)
    back = _in_files(plan, secrets, "kubernetes", "kubernetes")
    common, _nodes = values(back)
    written_out = {one.name: one.reveal(secrets) for one in dotenv.variables(plan).common}
    assert {name: common.get(name) for name in written_out} == written_out
    assert len(back.plan.nodes) == len(plan.nodes)


@pytest.mark.parametrize("target", ["kubernetes", "compose"])
def test_what_is_exported_runs_nodes_as_its_own_rules_want_it(target):
    plan = good_plan().with_value("application.public_path", "/crm/")
    kind = Deployment.KUBERNETES if target == "kubernetes" else Deployment.DOCKER
    plan = plan.with_value("application.deployment", kind)
    opened = _in_files(plan, SECRETS, target, target)
    ids = {spec.id for spec in DEPLOYED} | {"plan.shared_storage"}
    unsound = {Severity.WARN, Severity.FAIL}
    found = [one for one in rules(opened.plan, opened.secrets) if one.id in ids]
    assert [(one.id, one.summary) for one in found if one.severity in unsound] == []
    assert len(found) > 2


def test_a_name_that_no_shell_can_read_hinders_no_export_and_is_kept(tmp_path):
    (tmp_path / "app.env").write_text("DB_DIALECT=postgres\nmy.own-var=1\n")
    opened = open_source(str(tmp_path / "app.env"))
    told = export(opened.plan, {}, tmp_path / "first", SecretsMode.REFERENCE)
    assert told.unwritten == ("my.own-var",)
    again = open_source(str(tmp_path / "first"))
    assert [(one.name, one.value) for one in again.plan.extras] == [("my.own-var", "1")]


@pytest.mark.parametrize("name", ["A\nEVIL=1", "A\u2028EVIL", "A\x1b[2J", "A\u202eB"])
def test_a_name_that_would_be_a_line_of_its_own_is_written_nowhere(name, tmp_path):
    plan = replace(Plan(), extras=(Extra(name, "x"),))
    with pytest.raises(ExportError):
        export(plan, {}, tmp_path / "out", SecretsMode.REFERENCE)
    assert not (tmp_path / "out").exists()


def test_the_key_of_what_could_not_be_read_is_no_line_of_its_own(tmp_path):
    plan = good_plan().with_unreadable(Unreadable("A\nEVIL=1\n  EVIL: x", "x", "It cannot be read.", ""))
    told = export(plan, SECRETS, tmp_path / "out", SecretsMode.INLINE)
    texts = {file.path: file.text for file in told.files if "EVIL" in file.text and file.path != "cluster.yaml"}
    assert {"env/cluster.env", "env/cluster.docker.env", "kubernetes/configmap.yaml"} <= texts.keys()
    assert [line for text in texts.values() for line in text.splitlines() if line.lstrip().startswith("EVIL")] == []
