"""A bundle: which files, the same bytes each time, no secret by default, and an nginx site without surprises."""

import hashlib
import json
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard import resources
from wizard.export import bundle
from wizard.export.targets import target_names
from wizard.formats import cluster_file
from wizard.formats.files import SecretsMode, UnwritableError
from wizard.formats.sites import nginx
from wizard.plan.plan import Plan
from wizard.plan.sections import Deployment, Distribution, LicenceMethod, Node

PATHS = [
    "README.md",
    "cluster.yaml",
    "compose/compose.yaml",
    "env/cluster.docker.env",
    "env/cluster.env",
    "env/node-node1.env",
    "env/node-node2.env",
    "env/node-node3.env",
    "fill-in-secrets.sh",
    "kubernetes/configmap.yaml",
    "kubernetes/deployment-app.yaml",
    "kubernetes/ingress.yaml",
    "kubernetes/service.yaml",
    "kubernetes/storage.yaml",
    "manifest.json",
    "monitoring/alerts.yaml",
    "monitoring/nocobase-cluster-check.service",
    "monitoring/nocobase-cluster-check.timer",
    "nginx/production.conf",
    "nginx/test/nginx.conf",
    "probe/probe.mjs",
    "secrets.env",
]


def files_of(plan, mode=SecretsMode.REFERENCE, targets=(), secrets=SECRETS):
    return {file.path: file for file in bundle.render(plan, secrets, mode, targets)}


def test_all_means_what_this_version_can_write():
    assert list(files_of(good_plan())) == PATHS


def test_one_target_alone_comes_with_plan_readme_and_manifest():
    always = ["README.md", "cluster.yaml", "manifest.json"]
    assert list(files_of(good_plan(), targets=["nginx"])) == [*always, *PATHS[-4:-1]]


@pytest.mark.parametrize("target", target_names())
def test_a_node_whose_name_cannot_be_read_is_written_under_no_other_name(target):
    plan = good_plan().with_text("nodes.1.name", "eu").with_text("nodes.1.name", "eu_")
    assert plan.nodes[1].name == "eu"
    with pytest.raises(UnwritableError) as refused:
        files_of(plan, targets=[target])
    assert refused.value.key == "nodes.1.name"
    assert files_of(plan.with_text("nodes.1.name", "eu"), targets=[target])


def test_an_unknown_target_is_refused_with_the_names_of_those_there_are():
    with pytest.raises(ValueError, match="there are env, nginx"):
        bundle.render(good_plan(), {}, SecretsMode.REFERENCE, ["ngnix"])


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.INLINE, SecretsMode.MASKED])
def test_the_same_plan_gives_the_same_bytes(mode):
    assert bundle.render(good_plan(), SECRETS, mode) == bundle.render(good_plan(), SECRETS, mode)


@pytest.mark.parametrize("mode", [SecretsMode.REFERENCE, SecretsMode.MASKED])
def test_no_file_holds_a_secret_unless_asked_for(mode):
    for file in files_of(good_plan(), mode).values():
        assert not file.secret or mode is SecretsMode.MASKED
        assert not [name for name, secret in SECRETS.items() if secret.reveal() in file.text]


def test_inline_secrets_are_in_env_files_and_the_secret_of_kubernetes_alone():
    holding = [path for path, file in files_of(good_plan(), SecretsMode.INLINE).items() if file.secret]
    assert holding == ["env/cluster.docker.env", "env/cluster.env", "kubernetes/secret.yaml"]
    for path, file in files_of(good_plan(), SecretsMode.INLINE).items():
        found = [name for name, secret in SECRETS.items() if secret.reveal() in file.text]
        assert bool(found) == (path in holding)


def test_the_manifest_knows_every_file():
    files = files_of(good_plan(), SecretsMode.INLINE)
    manifest = json.loads(files.pop("manifest.json").text)
    assert manifest["schema"] == 1
    assert [entry["path"] for entry in manifest["files"]] == sorted(files)
    for entry in manifest["files"]:
        file = files[entry["path"]]
        assert entry["sha256"] == hashlib.sha256(file.text.encode()).hexdigest()
        assert (entry["secret"], entry["mode"]) == (file.secret, f"{file.mode:04o}")


def test_the_plan_in_it_is_the_plan():
    assert cluster_file.read(files_of(good_plan())["cluster.yaml"].text, "cluster.yaml") == good_plan()


def test_the_readme_leads_through_the_first_start_of_this_cluster():
    text = files_of(good_plan())["README.md"].text
    assert "Start **node1** alone" in text
    assert "docker run -d --name nocobase-node2" in text
    assert (
        "--mount 'type=bind,source=/srv/nocobase,target=/app/nocobase/storage' \\\n  nocobase/nocobase:2.2.15" in text
    )
    assert "curl -i http://10.0.0.3:13000/api/__health_check" in text
    assert "| `APP_KEY` | `application.app_key` |" in text
    assert "@nocobase/plugin-lock-adapter-redis" in text
    assert "cp --backup=numbered nginx/production.conf /etc/nginx/conf.d/" in text
    assert "{{" not in text
    assert "\n\n\n" not in text


def test_the_readme_hands_docker_a_worker_mode_without_the_quotes_of_the_file():
    nodes = (Node(name="web", host="a", worker_mode="!"), Node(name="tasks", host="b", worker_mode="*"))
    text = files_of(replace(good_plan(), nodes=nodes))["README.md"].text
    assert "-e WORKER_MODE='*'" in text
    assert "env/node-tasks.env \\" not in text


@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("method", list(LicenceMethod))
def test_the_readme_is_whole_for_every_way_to_run(deployment, method):
    plan = good_plan().with_value("application.deployment", deployment).with_value("licence.method", method)
    text = files_of(plan, SecretsMode.INLINE, secrets={})["README.md"].text
    assert "were not at hand" in text
    assert "\n\n\n" not in text


def test_a_draft_without_nodes_has_env_files_and_says_what_it_lacks_for_the_others():
    made = bundle.bundle_of(Plan(id="x"), {})
    assert "env/cluster.env" in {file.path for file in made.files}
    assert not [file.path for file in made.files if file.path.startswith(("nginx/", "compose/", "kubernetes/"))]
    assert made.left_out == {
        "haproxy": "The plan's balancer is nginx.",
        "nginx": "No node serves requests, so nginx would have nobody to pass them to.",
        "compose": "The plan has no nodes to run.",
        "kubernetes": "The plan has no nodes to run.",
    }
    with pytest.raises(UnwritableError) as refused:
        bundle.render(Plan(id="x"), {}, targets=["nginx"])
    assert refused.value.key == "nodes"


def test_where_no_target_can_be_given_nothing_is_written():
    with pytest.raises(UnwritableError) as refused:
        bundle.render(good_plan().with_text("nodes.1.name", "eu_"), {})
    assert refused.value.key == "nodes.1.name"


def test_nodes_for_tasks_alone_are_not_behind_nginx():
    nodes = (Node(name="web", host="10.0.0.1"), Node(name="tasks", host="10.0.0.2", worker_mode="*"))
    site = nginx.render(replace(good_plan(), nodes=nodes))
    assert "server 10.0.0.1:13000" in site
    assert "10.0.0.2" not in site


def test_a_post_is_never_repeated_and_names_are_ours():
    site = nginx.render(good_plan())
    assert "proxy_next_upstream error timeout http_502 http_503 http_504;" in site
    assert "upstream nocobase_production_nodes" in site
    assert "listen [::]:443 ssl;" in site


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("balancer.server_name", "a;b"),
        ("balancer.server_name", "a{"),
        ("balancer.server_name", "~^(.*)$"),
        ("balancer.certificate", ""),
        ("balancer.certificate", "relative.pem"),
        ("balancer.certificate", '/a"; }'),
        ("balancer.certificate_key", "/a\nb"),
        ("balancer.maintenance_file", "/a$request_uri"),
        ("balancer.maintenance_file", ""),
        ("balancer.upload_limit", "1m; return 200"),
        ("application.public_path", "/a b/"),
        ("application.public_path", "/../"),
        ("nodes.1.host", "a;b"),
        ("nodes.1.host", ""),
        ("nodes.1.name", "a\nb"),
    ],
)
def test_what_would_change_the_meaning_of_the_site_is_refused_by_its_setting(key, value):
    with pytest.raises(UnwritableError) as refused:
        nginx.render(good_plan().with_value(key, value))
    assert refused.value.key == key


@pytest.mark.parametrize("key", ["balancer.port", "nodes.0.port", "nodes.2.host", "application.public_path"])
def test_nginx_gets_no_default_in_the_place_of_what_could_not_be_read(key):
    with pytest.raises(UnwritableError) as refused:
        nginx.render(good_plan().with_text(key, "://"))
    assert refused.value.key == key


def test_a_cluster_name_cannot_leave_its_comment():
    site = nginx.render(good_plan().with_value("name", "a\nserver { listen 1; }"))
    assert "\nserver { listen 1; }" not in site


def test_the_host_of_the_public_address_is_the_server_name_and_no_request_decides_the_redirect():
    site = nginx.render(good_plan())
    assert "server_name app.example.com;" in site
    assert "return 308 https://app.example.com$request_uri;" in site
    site = nginx.render(good_plan().with_value("balancer.tls_port", 8443))
    assert "return 308 https://app.example.com:8443$request_uri;" in site


def test_clients_behind_another_proxy_are_told_apart_by_what_it_says():
    plan = good_plan().with_value("balancer.distribution", Distribution.IP_HASH)
    assert "    ip_hash;" in nginx.render(plan)
    assert "hash $nocobase_production_client consistent;" in nginx.render(
        plan.with_value("balancer.behind_proxy", True)
    )


def test_the_test_needs_no_root_no_names_and_no_network():
    plan = good_plan().with_value("nodes.1.host", "app2.internal")
    text = nginx.render_for_test(plan, certificate="/tmp/c.pem", certificate_key="/tmp/k.pem")
    assert "listen 127.0.0.1:20443 ssl;" in text
    assert "app2.internal" not in text
    assert 'ssl_certificate "/tmp/c.pem";' in text


def test_resources_are_found_in_a_checkout_and_in_an_installation(tmp_path, monkeypatch):
    assert resources.path("templates/nginx-site.conf.j2").is_file()
    (tmp_path / "wizard" / "resources").mkdir(parents=True)
    monkeypatch.setattr(resources, "__file__", str(tmp_path / "wizard" / "resources.py"))
    assert resources.folder() == tmp_path / "wizard" / "resources"
