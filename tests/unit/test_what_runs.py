"""What programs print of what runs: services of Swarm are read; lists, and units that start containers, are named."""

import json

import pytest

from tests.unit.test_recognise import TEXTS
from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.formats.recognise import Form
from wizard.formats.units.by_container import Started, started
from wizard.plan.observed import Topic
from wizard.plan.secret import Secret


def service(mode=None, **more):
    container = {
        "Image": "nocobase/nocobase:2.2.15@sha256:0123",
        "Env": ["DB_DIALECT=postgres", "DB_HOST=db", "DB_PASSWORD=a=b", "NOTHING"],
        "Mounts": [{"Type": "volume", "Source": "crm_storage", "Target": "/app/nocobase/storage"}],
        "Hosts": ["10.0.0.9 db database"],
        **more,
    }
    ports = [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 13001, "PublishMode": "ingress"}]
    spec = {
        "Name": "crm_app",
        "Labels": {"com.docker.stack.namespace": "crm"},
        "TaskTemplate": {"ContainerSpec": container, "Networks": [{"Target": "n", "Aliases": ["app"]}]},
        "Mode": mode or {"Replicated": {"Replicas": 3}},
        "EndpointSpec": {"Mode": "vip", "Ports": ports},
    }
    return {"ID": "9zsx", "Version": {"Index": 21}, "Spec": spec, "PreviousSpec": {"Name": "old"}}


def read(tmp_path, *services, file="got.json"):
    (tmp_path / file).write_text(json.dumps(services, indent=4))
    return open_source(str(tmp_path / file))


def test_a_service_of_swarm_is_as_many_nodes_as_it_has_replicas(tmp_path):
    found = read(tmp_path, service())
    plan = found.plan
    assert [node.name for node in plan.nodes] == ["crm-app", "crm-app-2", "crm-app-3"]
    assert (plan.name, plan.application.version, plan.database.host) == ("crm", "2.2.15", "db")
    assert found.secrets["database.password"] == Secret("a=b")
    assert plan.place_of("database.host").line == 17


NFS = {"type": "nfs", "o": "addr=10.0.0.5", "device": ":/crm"}


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({"VolumeOptions": {"DriverConfig": {"Name": "local", "Options": NFS}}}, "pass"),
        ({"VolumeOptions": {"Labels": {"com.docker.stack.namespace": "crm"}}}, "fail"),  # each machine has its own
        ({"VolumeOptions": {"DriverConfig": {"Name": "rexray"}}}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_volume_of_a_service_is_shared_where_its_driver_says_so(tmp_path, more, severity):
    mount = {"Type": "volume", "Source": "crm_storage", "Target": "/app/nocobase/storage", **more}
    found = read(tmp_path, service(Mounts=[mount]))
    assert {one.id: one.severity for one in rules(found.plan, {})}["plan.shared_storage"] == severity


def test_a_service_of_one_task_is_reached_by_the_port_it_publishes(tmp_path):
    [node] = read(tmp_path, service({"Replicated": {"Replicas": 1}})).plan.nodes
    assert node.port == 13001


def test_a_service_on_each_machine_is_named_as_one_whose_nodes_are_not_known(tmp_path):
    plan = read(tmp_path, service({"Global": {}})).plan
    assert [item.subject for item in plan.seen(Topic.UNFOLLOWED)] == ["mode: global"]


def test_a_service_by_itself_is_read_with_the_port_that_swarm_chose(tmp_path):
    one = service({"Replicated": {"Replicas": 1}})
    del one["Spec"]["EndpointSpec"]["Ports"][0]["PublishedPort"]
    one["Endpoint"] = {"Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 30001}]}
    (tmp_path / "got.json").write_text(json.dumps(one))
    assert [node.port for node in open_source(str(tmp_path / "got.json")).plan.nodes] == [30001]


def test_services_and_containers_stand_in_one_answer(tmp_path):
    other = service()
    other["Spec"]["Name"] = "crm_worker"
    container = {"Id": "1", "Name": "/mine", "Config": {"Image": "nocobase/nocobase:2.2.15", "Env": ["DB_HOST=db"]}}
    plan = read(tmp_path, service(), other, container).plan
    assert {"crm-app", "crm-worker", "mine"} <= {node.name for node in plan.nodes}


@pytest.mark.parametrize("text", TEXTS[Form.LISTING])
@pytest.mark.parametrize("file", ["got.json", "got.txt", "got.yaml"])
def test_a_list_of_what_runs_is_refused_by_its_name(tmp_path, text, file):
    (tmp_path / file).write_text(text)
    with pytest.raises(SourceError, match="lists what runs, and does not say what a node is given"):
        open_source(str(tmp_path / file))


@pytest.mark.parametrize(
    ("command", "how"),
    [
        ("/usr/bin/docker run --rm -e DB_HOST=db nocobase/nocobase", Started.BY_RUN),
        ("-/usr/bin/docker start -a crm", Started.BY_RUN),
        ("podman run x", Started.BY_RUN),
        ("/usr/local/bin/nerdctl --namespace x run y", Started.BY_RUN),
        ("/bin/sh -c 'exec docker run nocobase/nocobase'", Started.BY_RUN),
        ("/usr/bin/env A=b docker run nocobase/nocobase", Started.BY_RUN),
        ("/usr/bin/docker compose up", Started.BY_COMPOSE),
        ("/usr/bin/docker --context far compose -f a.yaml up", Started.BY_COMPOSE),
        ("/usr/bin/docker-compose up", Started.BY_COMPOSE),
        ("/usr/bin/docker stack deploy -c a.yaml crm", Started.BY_COMPOSE),
        ("/bin/bash -c 'cd /srv/crm && docker compose up'", Started.BY_COMPOSE),
        ("/usr/bin/sudo docker run x", Started.BY_RUN),
        ("/usr/bin/flock /run/crm docker --context far compose up", Started.BY_COMPOSE),
        ("/bin/sh -c 'docker pull x; docker run x'", Started.BY_RUN),
        ("/bin/sh -c 'until docker ps; do sleep 1; done; exec yarn start'", Started.NOT),
        pytest.param("/bin/sh -c '" + "docker -a " * 20_000 + "'", Started.NOT, id="long"),
        ("/usr/bin/yarn start", Started.NOT),
        ("/usr/bin/env DB_HOST=docker yarn start", Started.NOT),
        ("/bin/sh -c 'cd /srv/docker-crm && yarn start'", Started.NOT),
        ("/opt/docker/bin/yarn start docker", Started.NOT),
        ("", Started.NOT),
    ],
)
def test_how_a_command_starts_containers(command, how):
    assert started(command) is how


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/usr/bin/docker run -e DB_HOST=other nocobase/nocobase", "give what “docker inspect” prints of it"),
        ("/usr/bin/docker compose up", "give the Compose file that it names"),
    ],
)
def test_the_variables_of_a_unit_that_starts_a_container_are_no_nodes(tmp_path, command, words):
    (tmp_path / "crm.service").write_text(f"[Service]\nEnvironment=DB_HOST=db\nExecStart={command}\n")
    with pytest.raises(SourceError, match=rf"crm\.service line 3\).*{words}"):
        open_source(str(tmp_path / "crm.service"))


def test_the_unit_of_a_container_itself_is_read(tmp_path):
    text = (
        "[Container]\nImage=nocobase/nocobase:2.2.15\nEnvironment=DB_HOST=db\n[Service]\nExecStart=/usr/bin/podman x\n"
    )
    (tmp_path / "crm.container").write_text(text)
    assert open_source(str(tmp_path / "crm.container")).plan.database.host == "db"
