"""The commands of a README for Kubernetes, run in their order before a stand-in for a cluster that counts pods."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace

import kubernetes_validate
import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.readmes import Shell, readme_of, script_with, scripts
from tests.unit.test_kubernetes import VERSIONS
from wizard.app.export import export
from wizard.export import bundle
from wizard.formats.files import SecretsMode
from wizard.plan.sections import Deployment, LicenceMethod, Node

KUBECTL = f"""#!{sys.executable}
import json, os, pathlib, sys
from ruamel.yaml import YAML

state = pathlib.Path(os.environ["STATE"])
cluster = json.loads(state.read_text())
words = sys.argv[1:]
yaml = YAML(typ="safe", pure=True)

def documents():
    for path in [word for before, word in zip(words, words[1:]) if before == "-f"]:
        if path == "-":
            text, decoder = sys.stdin.read().strip(), json.JSONDecoder()
            while text:
                found, end = decoder.raw_decode(text)
                yield found
                text = text[end:].strip()
        else:
            yield from yaml.load_all(pathlib.Path(path).read_text())

match words:
    case ["patch", "--local", *_]:
        for found in documents():
            found["spec"].update(json.loads(words[words.index("-p") + 1])["spec"])
            print(json.dumps(found))
        sys.exit()
    case ["apply", *_]:
        for found in documents():
            name = found["metadata"]["name"]
            if found["kind"] == "Deployment":
                cluster["deployments"][name] = found["spec"]["replicas"]
            else:
                cluster["others"].append(found["kind"] + "/" + name)
    case ["scale", *_]:
        for word in words:
            if word.startswith("deployment/"):
                cluster["deployments"][word.partition("/")[2]] = int(words[-1].partition("=")[2])
    case ["create", "secret", _kind, name, *_]:
        cluster["others"].append("Secret/" + name)
pods = sum(cluster["deployments"].values())
if not any(name.endswith("-secrets") for name in cluster["others"]):
    pods = 0
cluster["most"] = max(cluster["most"], pods)
state.write_text(json.dumps(cluster))
"""


def on_kubernetes(**values):
    plan = good_plan().with_value("application.deployment", Deployment.KUBERNETES)
    nodes = (Node(name="web1", worker_mode="!"), Node(name="web2", worker_mode="!"), Node(name="t", worker_mode="*"))
    plan = replace(plan, nodes=nodes)
    for key, value in values.items():
        plan = plan.with_value(key.replace("__", "."), value)
    return plan


class Cluster:
    def __init__(self, root, plan, mode):
        export(plan, SECRETS, root / "out", mode)
        self.folder, self.state = root / "out", root / "state"
        self.shell = Shell(root, kubectl=KUBECTL)
        self.is_now()
        secrets = self.folder / "secrets.env"
        if secrets.exists():
            secrets.write_text(re.sub("^#([A-Z_]+)=$", r"\1=x", secrets.read_text(), flags=re.MULTILINE))

    def is_now(self, deployments=(), others=()):
        self.state.write_text(json.dumps({"deployments": dict(deployments), "others": list(others), "most": 0}))

    def run(self, script):
        self.shell.run(script, self.folder, STATE=str(self.state))
        return json.loads(self.state.read_text())

    @property
    def readme(self):
        return (self.folder / "README.md").read_text()


@pytest.fixture(params=[SecretsMode.REFERENCE, SecretsMode.INLINE])
def cluster(tmp_path, request):
    return Cluster(tmp_path, on_kubernetes(), request.param)


@pytest.mark.parametrize("tried_before", [False, True])
def test_never_more_than_one_pod_meets_an_empty_database(cluster, tried_before):
    front, tasks = "nocobase-production-web", "nocobase-production-tasks"
    if tried_before:  # a whole folder was applied, and its pods wait for a Secret
        cluster.is_now({front: 2, tasks: 1})
    steps = scripts(cluster.readme, "## First start")
    begin = next(index for index, script in enumerate(steps) if f"scale deployment/{front} --replicas=1" in script)
    for script in steps[: begin + 1]:
        now = cluster.run(script)
    assert now["deployments"] == {front: 1, tasks: 0}
    assert now["most"] == 1


def test_the_secret_is_made_after_the_deployments_from_what_was_filled_in(cluster):
    script = script_with(cluster.readme, "kubernetes/configmap.yaml -f")
    assert script.index("patch --local") < script.index("secret")
    cluster.run(script)
    assert (cluster.folder / "secrets.env").exists() == ("sh fill-in-secrets.sh --raw" in script)
    assert "create secret generic nocobase-production-secrets" not in cluster.readme.partition("## First start")[0]


def test_the_way_in_opens_last_and_has_its_certificate(cluster):
    text = cluster.readme
    certificate = "kubectl create secret tls nocobase-production-tls --cert='/etc/ssl/app.pem' --key='/etc/ssl/app.key'"
    assert text.index(certificate) < text.index("kubectl apply -f kubernetes/ingress.yaml")
    opened = [script for script in scripts(text) if "ingress.yaml" in script]
    assert len(opened) == 1
    assert text.index("Start the others") < text.index("kubernetes/ingress.yaml")


def test_an_upgrade_takes_the_new_manifests_and_one_pod_goes_first(cluster):
    cluster.is_now({"nocobase-production-web": 2, "nocobase-production-tasks": 1}, ["Secret/x-secrets"])
    stop, start = scripts(cluster.readme, "## Upgrade")[:2]
    cluster.run(stop)
    assert "deployment-web.yaml" in start
    assert "NEW-VERSION" not in cluster.readme
    assert cluster.run(start)["deployments"] == {"nocobase-production-web": 1, "nocobase-production-tasks": 0}


def test_the_others_start_one_by_one(cluster):
    cluster.is_now({"nocobase-production-web": 1, "nocobase-production-tasks": 0})
    for script in scripts(cluster.readme, "Start the others")[:2]:
        now = cluster.run(script)
    assert now["deployments"] == {"nocobase-production-web": 2, "nocobase-production-tasks": 1}


def test_nodes_come_and_go_by_the_numbers_of_the_plan_and_a_new_mode_without_pods(cluster):
    resize, new = scripts(cluster.readme, "## Adding and removing")[:2]
    assert "--replicas=0\n" not in resize
    assert cluster.run(resize)["deployments"] == {"nocobase-production-web": 2, "nocobase-production-tasks": 1}
    cluster.is_now()
    shutil.copy(cluster.folder / "kubernetes/deployment-tasks.yaml", cluster.folder / "kubernetes/deployment-NEW.yaml")
    assert cluster.run(new)["deployments"] == {"nocobase-production-tasks": 0}


def test_maintenance_has_its_commands():
    closed, opened = scripts(readme_of(on_kubernetes()), "## Maintenance")[:2]
    assert "--replicas=0" in closed
    assert "kubectl scale deployment/nocobase-production-web --replicas=1\n" in opened


def test_a_licence_key_comes_to_the_claim_by_a_pod_that_goes_again():
    plan = on_kubernetes(licence__method=LicenceMethod.KEY, application__extra_ca_file="/app/nocobase/storage/t/ca.pem")
    text = readme_of(plan)
    order = ["-f kubernetes/storage.yaml", "kubectl run", "/storage/t/ca.pem' <", "generate-instance-id",
             "/.license/license-key' < 'license-key'", "kubectl delete pod", "Start one pod"]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "kubectl run" not in readme_of(on_kubernetes())


def test_a_secret_of_which_a_part_is_in_the_bundle_is_filled_in_there():
    known = {name: value for name, value in SECRETS.items() if name != "application.app_key"}
    files = bundle.render(on_kubernetes(), known, SecretsMode.INLINE)
    text = next(file.text for file in files if file.path == "README.md")
    assert "into `kubernetes/secret.yaml`" in text
    assert "kubectl apply -f kubernetes/secret.yaml" in text
    assert "secrets.env" not in text


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kubectl_itself_gives_deployments_without_pods(tmp_path):
    export(on_kubernetes(), SECRETS, tmp_path / "out")
    patch = re.search(r"kubectl patch --local [^|]*", (tmp_path / "out/README.md").read_text())[0]
    again = "kubectl patch --local --type=merge -p '{}' -o jsonpath='{.metadata.name}={.spec.replicas} ' -f -"
    done = subprocess.run(
        ["bash", "-c", f"{patch} | {again}"], cwd=tmp_path / "out", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "nocobase-production-web=0 nocobase-production-tasks=0 "), done.stderr


@pytest.mark.parametrize("version", VERSIONS)
def test_the_pod_that_brings_the_licence_key_is_one(version):
    script = script_with(readme_of(on_kubernetes(licence__method=LicenceMethod.KEY)), "kubectl run")
    given = shlex.split(script)
    overrides = next(word.partition("=")[2] for word in given if word.startswith("--overrides="))
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": given[2]}, **json.loads(overrides)}
    kubernetes_validate.validate(pod, version, strict=True)
    assert pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"] == "nocobase-production-storage"
