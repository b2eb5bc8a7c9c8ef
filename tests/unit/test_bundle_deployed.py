"""The Compose file and the manifests of a bundle are judged by what they give the nodes, wherever they were changed."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.bundle_files import beside
from wizard.app.export import export
from wizard.app.open_source import open_source
from wizard.checks.plan import bundle_deployed, bundle_env
from wizard.checks.plan.bundle_deployed import DeployedFacts
from wizard.engine.facts import Trouble
from wizard.engine.facts_json import facts_from_json, facts_to_json
from wizard.formats.files import SecretsMode
from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.redact import Redactor

COMPOSE, CONFIG = "compose/compose.yaml", "kubernetes/configmap.yaml"
EXAMPLES = sorted(Path("resources/examples").glob("*.yaml"))


@pytest.fixture(params=[SecretsMode.INLINE, SecretsMode.REFERENCE])
def bundle(request, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", request.param)
    return tmp_path / "out"


def _told(found):
    return {(one.id, one.subject, one.severity) for one in found}


def _of(check):
    facts = check.facts()
    check.probe(facts)
    return list(check.judge(facts))


def judged(bundle, plan=None, secrets=SECRETS):
    found = beside(bundle, edited=False)
    [check] = bundle_deployed.checks(found.deployed, found.opened, plan or good_plan(), secrets)
    return _told(_of(check))


def edit(bundle: Path, path: str, old: str, new: str) -> None:
    file = bundle / path
    before = file.read_text()
    file.write_text(re.sub(old, new, before, count=1))
    assert file.read_text() != before


def _deployment(bundle: Path) -> str:
    return str(next((bundle / "kubernetes").glob("deployment-*.yaml")).relative_to(bundle))


def test_of_files_as_they_were_exported_nothing_is_said(bundle):
    assert judged(bundle) == set()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("mode", [SecretsMode.INLINE, SecretsMode.REFERENCE])
def test_a_comment_in_them_changes_nothing(tmp_path, example, mode):
    plan = open_source(str(example)).plan
    secrets = dict.fromkeys((ref.name for _key, ref in plan.secret_refs()), SECRETS["application.aes_key"])
    export(plan, secrets if mode is SecretsMode.INLINE else {}, tmp_path / "out", mode)
    for path in (COMPOSE, CONFIG):
        edit(tmp_path / "out", path, r"\Z", "# mine\n")
    assert judged(tmp_path / "out", plan, secrets) == set()


def test_a_local_lock_of_one_service_alone_is_a_failure(bundle):
    edit(
        bundle,
        COMPOSE,
        r"    env_file:\n(?=(?:.*\n){1,2}.*node2)",
        "    environment: {LOCK_ADAPTER_DEFAULT: local}\n\\g<0>",
    )
    text = (bundle / COMPOSE).read_text()
    head, _mark, tail = text.partition("    environment: {LOCK")
    rest = tail.replace("    environment: *secrets\n", "", 1)
    (bundle / COMPOSE).write_text(f"{head}    environment: {{LOCK{rest}")
    assert ("plan.sources", f"{COMPOSE} LOCK_ADAPTER_DEFAULT", Severity.FAIL) in judged(bundle)


def test_a_service_that_takes_its_key_by_another_name_is_asked_about(tmp_path):
    export(good_plan(), SECRETS, tmp_path, SecretsMode.REFERENCE)
    edit(
        tmp_path,
        COMPOSE,
        r"(?s)(  node2:.*?)environment: \*secrets",
        r"\1environment: {<<: *secrets, APP_KEY: '${KEY_2}'}",
    )
    told = {(name, severity) for name, _subject, severity in judged(tmp_path)}
    assert ("plan.sources", Severity.UNKNOWN) in told


def test_a_service_without_the_common_file_is_given_no_key(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    edit(tmp_path / "out", COMPOSE, r"      - \.\./env/cluster\.env\n(?=.*node2)", "")
    assert ("plan.sources", f"{COMPOSE} application.app_key", Severity.FAIL) in judged(tmp_path / "out")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'LOCK_ADAPTER_DEFAULT: "redis"',
            'LOCK_ADAPTER_DEFAULT: "local"',
            ("plan.value", "kubernetes LOCK_ADAPTER_DEFAULT"),
        ),
        ('  LOCK_ADAPTER_DEFAULT: "redis"\n', "", ("plan.value", "kubernetes LOCK_ADAPTER_DEFAULT")),
        ('DB_HOST: ".*"', 'DB_HOST: "other.internal"', ("plan.sources", "kubernetes DB_HOST")),
        ("data:", "data", ("plan.sources", "kubernetes")),
    ],
)
def test_what_a_changed_config_map_gives_is_judged(bundle, old, new, told):
    edit(bundle, CONFIG, old, new)
    assert (*told, Severity.FAIL) in judged(bundle)


@pytest.mark.parametrize(
    ("old", "new", "identifier"),
    [
        ("type: Recreate", "type: RollingUpdate", "plan.rolling_update"),
        (r"replicas: \d+", "replicas: 40", "plan.worker_ids"),
        (
            r"          env:\n",
            "          env:\n            - {name: LOCK_ADAPTER_DEFAULT, value: local}\n",
            "plan.value",
        ),
        (r"            - name: APP_KEY\n.*\n.*\n", "", "plan.sources"),
    ],
)
def test_what_a_changed_deployment_asks_for_is_judged(tmp_path, old, new, identifier):
    plan = replace(
        good_plan(),
        nodes=tuple(
            replace(node, worker_mode=mode) for node, mode in zip(good_plan().nodes, ("!", "!", "*"), strict=True)
        ),
    )
    export(plan, SECRETS, tmp_path / "out", SecretsMode.INLINE)
    edit(tmp_path / "out", _deployment(tmp_path / "out"), old, new)
    assert (identifier, Severity.FAIL) in {
        (one, severity) for one, _subject, severity in judged(tmp_path / "out", plan)
    }


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (r"replicas: \d+", "replicas: {a: 1}", Severity.FAIL),
        (r"      volumes:\n", "      volumes:\n        - {}\n", None),
    ],
)
def test_what_stands_in_a_manifest_in_no_form_of_its_own_is_no_fault_of_ours(bundle, old, new, severity):
    edit(bundle, _deployment(bundle), old, new)
    told = {(one, found) for one, subject, found in judged(bundle) if subject == "kubernetes"}
    assert told == ({("plan.sources", severity)} if severity else set())


def test_a_bundle_that_was_packed_after_the_change_is_judged_alike(bundle, tmp_path):
    edit(bundle, CONFIG, 'LOCK_ADAPTER_DEFAULT: "redis"', 'LOCK_ADAPTER_DEFAULT: "local"')
    edit(bundle, COMPOSE, r"\Z", "# mine\n")
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", bundle))
    assert judged(packed) == judged(bundle)
    assert ("plan.value", "kubernetes LOCK_ADAPTER_DEFAULT", Severity.FAIL) in judged(packed)


def test_what_was_found_of_them_is_withheld_from_a_kept_run(bundle):
    edit(bundle, CONFIG, 'DB_HOST: ".*"', 'DB_HOST: "other.internal"')
    found = beside(bundle, edited=False)
    [check] = bundle_deployed.checks(found.deployed, found.opened, good_plan(), SECRETS)
    facts = check.facts()
    check.probe(facts)
    kept = facts_to_json(facts, Redactor([]))
    assert "other.internal" not in str(kept)
    [finding] = check.judge(facts_from_json(DeployedFacts, kept))
    assert (finding.id, finding.severity) == ("plan.sources", Severity.UNKNOWN)


def test_what_cannot_be_read_is_unknown():
    [finding] = bundle_deployed.judge(DeployedFacts(Trouble(ErrorKind.PERMISSION, "no")), dict, good_plan(), SECRETS)
    assert (finding.id, finding.severity, finding.detail) == ("plan.sources", Severity.UNKNOWN, "no")


def _env(bundle, secrets=SECRETS):
    [check] = bundle_env.checks(beside(bundle, edited=False).read, good_plan(), secrets)
    return _told(_of(check))


def test_a_node_file_that_is_gone_hides_nothing_of_the_others(bundle):
    (bundle / "env/node-node1.env").unlink()
    edit(bundle, "env/cluster.env", "LOCK_ADAPTER_DEFAULT=redis", "LOCK_ADAPTER_DEFAULT=local")
    assert ("plan.value", "env/cluster.env LOCK_ADAPTER_DEFAULT", Severity.FAIL) in _env(bundle)


def test_lines_that_end_as_on_windows_are_the_same_lines(bundle):
    file = bundle / "env/cluster.env"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert _env(bundle, {}) == {("plan.sources", "bundle", Severity.PASS)}


def test_the_file_for_docker_is_judged_too(bundle):
    edit(bundle, "env/cluster.docker.env", "LOCK_ADAPTER_DEFAULT=redis", "LOCK_ADAPTER_DEFAULT=local")
    assert _env(bundle) == {("plan.value", "env/cluster.docker.env LOCK_ADAPTER_DEFAULT", Severity.FAIL)}
