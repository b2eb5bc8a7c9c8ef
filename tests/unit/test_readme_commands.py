"""The commands of a bundle's README, run by a shell as they stand there; docker and yarn only note their calls."""

import re
import subprocess
from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from tests.unit.readmes import RECORDER, Shell, readme_of, script_with, scripts
from tests.unit.test_examples import EXAMPLES, plan_of, secrets_of
from wizard.app.bundle_files import look_at
from wizard.app.export import export
from wizard.checks.plan.bundle_files import State
from wizard.export import bundle
from wizard.formats.files import SecretsMode
from wizard.formats.sites.writers import WRITERS
from wizard.plan.plugins import needed_plugins
from wizard.plan.sections import BalancerKind, Deployment, LicenceMethod, Node, QueueKind, StorageKind, Tls


def bare():
    return good_plan().with_value("application.deployment", Deployment.BARE)


def one_machine():
    nodes = tuple(Node(name=f"node{number}", host="127.0.0.1", port=13000 + number) for number in (1, 2))
    return replace(good_plan(), nodes=nodes)


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path, **dict.fromkeys(("docker", "yarn", "curl", "mountpoint"), RECORDER))


@pytest.mark.parametrize("kind", list(BalancerKind))
@pytest.mark.parametrize("method", list(LicenceMethod))
@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("targets", [(), ("env", "kubernetes")])
def test_every_script_can_be_read_by_a_shell(deployment, targets, kind, method):
    plan = good_plan().with_value("application.deployment", deployment).with_value("balancer.kind", kind)
    plan = plan.with_value("storage.path", "/mnt/a b'c").with_value("licence.method", method)
    plan = plan.with_value("application.extra_ca_file", "/app/nocobase/storage/t l's/ca.pem")
    found = scripts(readme_of(plan, targets=targets))
    assert len(found) > 5
    for script in found:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), script


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_scripts_of_the_examples_can_be_read_by_a_shell(name):
    plan = plan_of(name)
    for script in scripts(readme_of(plan, secrets_of(plan))):
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0, script


def first_and_second_start(readme: str) -> tuple[str, str]:
    """Return the script of the very first start, and that of the next one with the cluster's lock."""
    return scripts(readme, "** alone, with the local lock")[0], scripts(readme, "and not before, start")[0]


def test_the_first_start_has_the_local_lock_and_the_second_leaves_the_bundle_as_it_was_exported(shell, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    found = []
    for script in first_and_second_start((tmp_path / "out/README.md").read_text()):
        calls = shell.run(script, tmp_path / "out/compose")
        found += re.findall(r"^docker.*\n  in .*\n(LOCK.*)$", calls, re.MULTILINE)
    assert found == ["LOCK_ADAPTER_DEFAULT=local", "LOCK_ADAPTER_DEFAULT=redis"]
    assert {file.state for file in look_at(tmp_path / "out")} == {State.SAME}


def test_docker_alone_starts_once_with_the_local_lock_and_again_with_the_clusters(shell, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE, ["env"])
    first, second = first_and_second_start((tmp_path / "out/README.md").read_text())
    for script, calls in ((first, ["run"]), (second, ["stop", "rm", "run"])):
        assert re.findall("^docker (\\w+) .*", shell.run(script, tmp_path / "out"), re.MULTILINE) == calls
    assert (first + second).count("-e LOCK_ADAPTER_DEFAULT=local") == first.count("-e LOCK_ADAPTER_DEFAULT=local") == 1


def test_without_compose_the_first_containers_goes_before_it_is_started_again(shell, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    gone, again, *_others = scripts((tmp_path / "out/README.md").read_text(), "Without Compose the same nodes")
    calls = shell.run(f"{gone}\n{again}", tmp_path / "out")
    assert re.findall("^docker (\\w+) .*", calls, re.MULTILINE) == ["stop", "rm", "run"]


@pytest.mark.parametrize(("deployment", "place"), [("docker", "10.0.0.1:13000/crm/"), ("bare", "10.0.0.1:13000/crm/")])
def test_the_first_admins_password_is_changed_at_the_node_itself_before_the_balancer_opens(deployment, place):
    plan = good_plan().with_value("application.deployment", Deployment(deployment))
    text = readme_of(plan.with_value("application.public_path", "/crm/"))
    assert f"at `http://{place}`; then open the balancer" in text


def test_it_says_what_to_do_while_a_plug_in_has_not_come():
    text = " ".join(readme_of(good_plan()).split())
    assert "One that the list does not have did not come" in text
    assert "keep the local lock and start no other node; or let the plan say" in text


def test_a_node_goes_back_into_a_balancer_of_another_make():
    text = readme_of(good_plan().with_value("balancer.kind", BalancerKind.OTHER))
    parts = ("Take it out of your balancer, wait", "curl -i", "Then put it back.")
    places = [text.index(part, text.index("## Restarting one node")) for part in parts]
    assert places == sorted(places)


def test_on_bare_metal_yarn_starts_in_the_folder_of_nocobase_with_the_variables_of_its_node(shell, tmp_path):
    export(bare(), SECRETS, tmp_path / "out", SecretsMode.INLINE)
    (tmp_path / "nocobase").mkdir()
    readme = (tmp_path / "out/README.md").read_text().replace("NOCOBASE-FOLDER", str(tmp_path / "nocobase"))
    starts = [script for script in scripts(readme, "## First start") if "yarn start" in script]
    for script, lock in zip(starts, ["local", "redis", "redis"], strict=False):
        assert f"yarn start --quickstart\n  in {tmp_path}/nocobase with lock {lock}" in shell.run(
            script, tmp_path / "out"
        )
    assert not re.search("&& yarn start(?! --quickstart)", "".join(starts))


def test_on_bare_metal_the_version_of_the_plan_comes_into_nocobases_folder(shell, tmp_path):
    (tmp_path / "nocobase").mkdir()
    package = tmp_path / "nocobase/package.json"
    package.write_text('{"dependencies": {"@nocobase/cli": "1.5.11", "pg": "^8.14.1"}}')
    readme = readme_of(bare()).replace("NOCOBASE-FOLDER", str(tmp_path / "nocobase"))
    calls = shell.run(script_with(readme, "package.json"), tmp_path)
    assert package.read_text() == '{"dependencies": {"@nocobase/cli": "2.2.15", "pg": "^8.14.1"}}'
    assert f"yarn install\n  in {tmp_path}/nocobase" in calls


@pytest.mark.parametrize(("targets", "program"), [((), "yarn start"), (("env",), "docker run")])
def test_nothing_starts_while_a_secret_is_missing(shell, tmp_path, targets, program):
    plan = bare() if program == "yarn start" else good_plan()
    export(plan, SECRETS, tmp_path / "out", targets=targets)
    (tmp_path / "nocobase").mkdir()
    readme = (tmp_path / "out/README.md").read_text().replace("NOCOBASE-FOLDER", str(tmp_path / "nocobase"))
    start = script_with(readme, program)
    for left in ("APP_KEY", "DB_PASSWORD"):
        for file in ("cluster.env", "cluster.docker.env"):
            path = tmp_path / "out/env" / file
            filled = re.sub("^#([A-Z_]+=)", r"\1x", path.read_text(), flags=re.MULTILINE)
            path.write_text(filled.replace(f"\n{left}=x", f"\n#{left}="))
        code, calls, said = shell.tried(start, tmp_path / "out")
        assert code != 0
        assert program not in calls
        assert left in said
        for file in ("cluster.env", "cluster.docker.env"):
            path = tmp_path / "out/env" / file
            path.write_text(path.read_text().replace(f"#{left}=", f"{left}=x"))
        assert program in shell.run(start, tmp_path / "out")


def test_a_plan_that_has_no_app_key_is_asked_for_it_too():
    plan = good_plan().with_value("application.app_key", None)
    assert '"${APP_KEY:?}"' in readme_of(plan.with_value("application.deployment", Deployment.BARE))
    assert "'^#(APP_KEY|" in readme_of(plan)
    files = {file.path: file.text for file in bundle.render(plan, SECRETS, SecretsMode.INLINE)}
    assert 'APP_KEY: "${APP_KEY:?' in files["compose/compose.yaml"]
    assert "- name: APP_KEY\n" in files["kubernetes/deployment-app.yaml"]
    assert "# APP_KEY: not at hand" in files["kubernetes/secret.yaml"]


def test_nothing_starts_where_the_shared_folder_is_not_mounted(shell, tmp_path):
    (shell.bin / "mountpoint").write_text("#!/bin/sh\nexit 1\n")
    for plan, targets, program in (
        (good_plan(), (), "docker"),
        (good_plan(), ("env",), "docker"),
        (bare(), (), "yarn"),
    ):
        export(plan, SECRETS, tmp_path / program / str(len(targets)), SecretsMode.INLINE, targets)
        start = scripts((tmp_path / program / str(len(targets)) / "README.md").read_text(), "Start **node1**")[0]
        assert shell.tried(start, tmp_path / program / str(len(targets)))[:2] == (1, "")
    local = good_plan().with_value("storage.kind", StorageKind.LOCAL)
    assert "mountpoint" not in readme_of(local)


def test_docker_alone_is_given_the_files_that_are_not_in_the_shared_folder(shell, tmp_path):
    plan = good_plan().with_value("database.tls", Tls.VERIFY).with_value("database.tls_ca", "/etc/a b/c,a.pem")
    export(plan, SECRETS, tmp_path / "out", SecretsMode.INLINE, targets=["env"])
    script = script_with((tmp_path / "out/README.md").read_text(), "docker run -d")
    call = shell.run(script, tmp_path / "out")
    assert '--mount type=bind,"source=/etc/a b/c,a.pem","target=/etc/a b/c,a.pem",readonly' in call
    assert "--mount type=bind,source=/srv/nocobase,target=/app/nocobase/storage" in call


def test_docker_alone_publishes_as_compose_does():
    text = readme_of(one_machine(), targets=["env"])
    assert "-p 127.0.0.1:13001:13001 " in text
    assert "-p 13000:13000 " in readme_of(good_plan(), targets=["env"])
    pods = replace(good_plan(), nodes=(Node(name="a"), Node(name="b")))
    text = readme_of(pods, targets=["env"])
    assert "-p 13001:13000 " in text
    assert "curl -i http://HOST:13001/" in text


def test_docker_alone_starts_no_container_beside_one_of_the_same_name(shell, tmp_path):
    stopped = scripts(readme_of(good_plan(), targets=["env"]), "## Upgrade")[0]
    for name in ("node1", "node2", "node3"):
        assert f"docker rm nocobase-{name}" in shell.run(stopped, tmp_path)


def test_a_node_is_added_on_a_machine_or_at_a_port_of_its_own():
    assert (
        "# on NEW-HOST\nmountpoint -- '/srv/nocobase' && docker compose"
        in scripts(readme_of(good_plan()), "- Adding")[0]
    )
    added = scripts(readme_of(one_machine(), targets=["env"]), "- Adding")[0]
    assert "--name nocobase-node3 " in added
    assert "-p 127.0.0.1:13003:13003" in added


@pytest.mark.parametrize("deployment", list(Deployment))
def test_a_cluster_that_has_all_worker_ids_is_exported_and_offered_no_more(deployment):
    nodes = tuple(Node(name=f"node{number}", host=f"10.0.0.{number}") for number in range(1, 33))
    for plan in (replace(good_plan(), nodes=nodes), replace(good_plan(), nodes=(replace(nodes[0], processes=32),))):
        text = readme_of(plan.with_value("application.deployment", deployment))
        assert "## First start" in text
        assert "node33" not in text
        assert ("all 32 worker IDs are taken" in text) == (deployment is not Deployment.KUBERNETES)


def test_a_removed_node_is_stopped_without_a_bundle_that_knows_it(shell, tmp_path):
    removed = scripts(readme_of(good_plan()), "- Removing")[0]
    assert "docker rm nocobase-production-node3-1" in shell.run(removed, tmp_path)


@pytest.mark.parametrize("deployment", list(Deployment))
@pytest.mark.parametrize("method", list(LicenceMethod))
def test_steps_are_numbered_without_a_gap(deployment, method):
    for nodes in (good_plan().nodes, good_plan().nodes[:1]):
        plan = replace(good_plan(), nodes=nodes).with_value("licence.method", method)
        text = readme_of(plan.with_value("application.deployment", deployment))
        steps = re.findall(r"^([0-9]+)\. ", text.partition("## First start")[2].partition("\n## ")[0], re.MULTILINE)
        assert len(steps) > 4
        assert steps == [str(number) for number in range(1, len(steps) + 1)]


@pytest.mark.parametrize(
    ("targets", "needed"),
    [
        (("kubernetes",), dict.fromkeys([Deployment.DOCKER, Deployment.BARE])),
        (("nginx",), dict.fromkeys(Deployment)),
        (("haproxy",), dict.fromkeys(Deployment)),
        (("env",), {Deployment.KUBERNETES: None}),
    ],
)
def test_without_the_files_it_has_no_command_for_them_and_names_the_target_that_brings_them(targets, needed):
    bring = {Deployment.DOCKER: "compose", Deployment.BARE: "env", Deployment.KUBERNETES: "kubernetes"}
    for deployment in needed:
        text = readme_of(good_plan().with_value("application.deployment", deployment), targets=targets)
        assert f"export with the target `{bring[deployment]}`" in text
        assert not re.search("kubectl|docker compose|docker run -d|yarn start", text)
        assert "## First start" not in text


def test_files_for_another_deployment_are_named_and_get_no_commands():
    text = readme_of(bare())
    assert "with `deployment: kubernetes` in the plan" in text
    assert "with `deployment: docker` in the plan" in text
    assert "kubectl" not in text
    assert "with `deployment:" not in readme_of(good_plan(), targets=["compose", "nginx"])


def test_the_balancers_container_is_switched_inside_it():
    text = readme_of(good_plan())
    assert "--profile balancer exec balancer touch -- '/etc/nginx/nocobase-maintenance'" in text
    taken = replace(good_plan(), nodes=(*good_plan().nodes, Node(name="balancer", host="10.0.0.9")))
    assert "exec balancer" not in readme_of(taken)


@pytest.mark.parametrize("kind", list(WRITERS))
def test_the_balancers_container_is_started_and_gets_a_new_configuration(kind):
    text = readme_of(good_plan().with_value("balancer.kind", kind))
    assert "--profile balancer up -d --force-recreate balancer" in text


def test_haproxys_container_is_reached_by_a_socket_that_the_machine_has():
    text = readme_of(good_plan().with_value("balancer.kind", BalancerKind.HAPROXY))
    assert "as a service of Compose: /run/nocobase-production/admin.sock" in text


def test_lines_of_an_admin_on_the_balancer_are_kept_beside_the_new_site(shell, tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    site = tmp_path / "conf.d/production.conf"
    site.parent.mkdir()
    site.write_text("# mine\n")
    copy = script_with((tmp_path / "out/README.md").read_text(), "cp --backup").partition("\n")[0]
    shell.run(copy.replace("/etc/nginx/conf.d/", str(site.parent)), tmp_path / "out")
    assert (site.parent / "production.conf.~1~").read_text() == "# mine\n"
    assert "NocoBase Cluster Wizard" in site.read_text()


@pytest.mark.parametrize("targets", [(), ("env",), ("kubernetes",)])
@pytest.mark.parametrize("deployment", list(Deployment))
def test_plug_ins_are_listed_and_enabled_by_nocobases_own_commands(deployment, targets):
    plan = good_plan().with_value("application.deployment", deployment)
    text = readme_of(plan, targets=targets)
    if "## First start" in text:
        assert "yarn nocobase pm list" in text
        assert f"yarn nocobase pm enable {' '.join(needed_plugins(plan))}" in text


@pytest.mark.parametrize("targets", [(), ("env",)])
@pytest.mark.parametrize("deployment", list(Deployment)[:2])
def test_a_licence_key_is_got_for_the_instance_and_put_in_its_place_before_the_start(deployment, targets):
    plan = good_plan().with_value("licence.method", LicenceMethod.KEY)
    text = readme_of(plan.with_value("application.deployment", deployment), targets=targets)
    if "## First start" not in text:
        return
    asked, placed, start = (text.index(part) for part in ("generate-instance-id", "license-key' '", "Start **node1**"))
    assert asked < placed < start


def test_the_licence_key_belongs_to_the_account_that_reads_it():
    text = readme_of(bare().with_value("licence.method", LicenceMethod.KEY))
    assert "install -D -m 600 -o NOCOBASE-ACCOUNT -- 'license-key' '/srv/nocobase/.license/license-key'" in text


def test_files_in_a_volume_of_dockers_come_through_a_container():
    plan = one_machine().with_value("storage.path", "").with_value("licence.method", LicenceMethod.KEY)
    put = script_with(readme_of(plan), "< 'license-key'")
    assert "run --rm -T node1 install -D -m 600 -- /dev/stdin '/app/nocobase/storage/.license/license-key'" in put


def test_files_that_nocobase_reads_in_the_shared_folder_are_brought_there_before_the_start():
    plan = good_plan().with_value("application.extra_ca_file", "/app/nocobase/storage/tls/ca.pem")
    text = readme_of(plan)
    assert text.index("YOUR-COPY-OF/tls/ca.pem' '/srv/nocobase/tls/ca.pem'") < text.index("Start **node1**")
    assert "YOUR-COPY-OF" not in readme_of(good_plan())


def test_names_of_rabbitmqs_variables_are_called_unverified():
    assert "unverified: see in the log" in readme_of(good_plan().with_value("queue.kind", QueueKind.RABBITMQ))
