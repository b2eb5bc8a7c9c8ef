"""Each example cluster exports, and what its files are for takes them; nginx, HAProxy and Compose are in tests/live."""

import os
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
from compose_spec import PyOptions
from ruamel.yaml import YAML

from wizard import resources
from wizard.app.changes import ChangeKind
from wizard.app.export import changes, export
from wizard.checks.plan.rules import rules
from wizard.export import bundle
from wizard.formats import cluster_file, dotenv
from wizard.formats.files import SecretsMode
from wizard.guide.targets import offers
from wizard.plan.finding import Severity
from wizard.plan.secret import Secret

EXAMPLES = ["kubernetes", "rabbitmq", "single-server", "sub-path", "three-nodes", "tls-everywhere"]


def plan_of(name):
    return cluster_file.read(resources.text(f"examples/{name}.yaml"), name)


def secrets_of(plan):
    lengths = {"application.aes_key": 64}
    return {ref.name: Secret("0a" * (lengths.get(ref.name, 40) // 2)) for _key, ref in plan.secret_refs()}


def test_every_example_is_here():
    assert sorted(path.stem for path in Path(resources.path("examples")).glob("*.yaml")) == EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_rule_refuses_it(name):
    plan = plan_of(name)
    failed = [finding for finding in rules(plan, secrets_of(plan)) if finding.severity is Severity.FAIL]
    assert failed == []


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
@pytest.mark.parametrize("name", EXAMPLES)
def test_its_files_are_taken_by_those_who_read_them(name, mode):
    plan = plan_of(name)
    files = {file.path: file for file in bundle.render(plan, secrets_of(plan), mode)}
    assert cluster_file.read(files["cluster.yaml"].text, "cluster.yaml") == plan
    assert dotenv.read(files["env/cluster.env"].text, "cluster.env")
    options = PyOptions()
    options.apply_merge = True
    options.from_yaml(files["compose/compose.yaml"].text).validate()
    for path, file in files.items():
        if path.startswith("kubernetes/"):
            for document in YAML(typ="safe", pure=True).load_all(file.text):
                for version in ("1.29", "1.37"):
                    kubernetes_validate.validate(document, version, strict=True)


DIGEST = """
import hashlib, sys
from tests.unit.test_examples import EXAMPLES, every_way
print(hashlib.sha256(repr([every_way(name) for name in EXAMPLES]).encode()).hexdigest())
"""


def every_way(name):
    """Return what is rendered of an example with each way of secrets, and each target alone and all together."""
    plan = plan_of(name)
    found = []
    for mode in (SecretsMode.REFERENCE, SecretsMode.INLINE, SecretsMode.MASKED):
        for targets in [(), *((offer.name,) for offer in offers(plan) if not offer.unfit)]:
            files = bundle.render(plan, secrets_of(plan), mode, targets)
            found.append([(file.path, file.text, file.mode, file.secret) for file in files])
    return found


def test_the_same_plan_gives_the_same_bytes_in_another_process_in_every_way():
    """The order of sets differs between processes: each has its own seed."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            check=True,
            capture_output=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"), ("3", "America/Lima"))
    }
    assert len(digests) == 1


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_second_export_over_the_first_changes_nothing(tmp_path, name, mode):
    plan = plan_of(name)
    for place in ("out", "out.zip"):
        export(plan, secrets_of(plan), tmp_path / place, mode)
        found = changes(plan, secrets_of(plan), tmp_path / place, mode)
        assert {change.kind for change in found.files} == {ChangeKind.UNCHANGED}
        assert export(plan, secrets_of(plan), tmp_path / place, mode).kept is None
