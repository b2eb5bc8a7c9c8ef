"""What `docker inspect` and `docker service inspect` print of a node, field by field, as Docker's engine writes it."""

import copy
import json

import pytest

from wizard.formats.compose.inspected import read

CONTAINER = {
    "Name": "/app",
    "Config": {
        "Hostname": "c0ffee",
        "Image": "nocobase/nocobase:2.2.15",
        "Env": ["A=b=c", "NONE"],
        "Entrypoint": ["/entry"],
        "Cmd": ["yarn", "start"],
        "Labels": {"com.docker.compose.project": "shop"},
    },
    "State": {"Running": True},
    "Mounts": [
        {"Type": "bind", "Source": "/srv/a", "Destination": "/app/storage/"},
        {"Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data", "Destination": "/data"},
    ],
    "HostConfig": {
        "PortBindings": {"13000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "13001"}], "53/udp": [{"HostPort": "53"}]},
        "ExtraHosts": ["db:[2001:db8::1]"],
    },
    "NetworkSettings": {"Networks": {"shop": {"Aliases": ["app", "node1"]}}},
}
SERVICE = {
    "ID": "x",
    "Spec": {
        "Name": "shop_app",
        "Labels": {"com.docker.stack.namespace": "shop"},
        "TaskTemplate": {
            "ContainerSpec": {
                "Image": "nocobase/nocobase:2.2.15@sha256:00",
                "Command": ["/entry"],
                "Args": ["yarn", "start"],
                "Env": ["A=b=c", "NONE"],
                "Labels": {"a": "b"},
                "Hosts": ["2001:db8::1 db database", ""],
                "Mounts": [
                    {
                        "Type": "volume",
                        "Source": "data",
                        "Target": "/app/storage/",
                        "VolumeOptions": {"DriverConfig": {"Options": {"type": "nfs"}}},
                    },
                    {"Type": "bind", "Source": "/srv/a", "Target": "/data"},
                ],
            },
            "Networks": [{"Aliases": ["node1"]}],
        },
        "Mode": {"Replicated": {"Replicas": 3}},
        "EndpointSpec": {"Ports": [{"Protocol": "tcp", "TargetPort": 13000}]},
    },
    "Endpoint": {"Ports": [{"Protocol": "tcp", "PublishedPort": 80, "TargetPort": 13000}, {"Protocol": "udp"}]},
}


def _one(base, **changes):
    data = copy.deepcopy(base)
    for path, value in changes.items():
        *above, last = path.split("__")
        part = data
        for key in above:
            part = part[key]
        if value is None:
            del part[last]
        else:
            part[last] = value
    project, name = read(json.dumps([data], indent=1), "seen.json")
    [service] = project.services.values()
    return service, project, name


def test_a_container_is_read_with_all_that_it_is_given():
    service, _project, name = _one(CONTAINER)
    assert (service.name, service.names, service.replicas, name) == ("app", {"app", "node1"}, 1, "shop")
    assert (service.image, service.command) == ("nocobase/nocobase:2.2.15", "/entry yarn start")
    assert (service.place.file, service.place.line, service.image_place.line) == ("seen.json", 3, 6)
    assert {key: (one.value, one.line, one.quote, one.file) for key, one in service.from_environment.items()} == {
        "A": ("b=c", 8, "'", "seen.json")
    }
    mounts = {target: (one.source, one.kind) for target, one in service.mounts.items()}
    assert mounts == {"/app/storage": ("/srv/a", "bind"), "/data": ("data", "volume")}
    assert [*service.ports] == [("127.0.0.1", "13001", "13000")]
    assert (service.hosts["db"][0], service.hosts["db"][1].name) == ("2001:db8::1", "ExtraHosts")


@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "app"), ({"Name": None}, "c0ffee"), ({"Name": None, "Config__Hostname": None}, "node")],
)
def test_a_container_without_a_name_is_called_by_its_host(changes, name):
    assert _one(CONTAINER, **changes)[0].name == name


def test_podmans_image_name_comes_before_the_image():
    assert _one(CONTAINER, ImageName="docker.io/nocobase/nocobase:2")[0].image == "docker.io/nocobase/nocobase:2"


@pytest.mark.parametrize(("running", "replicas"), [(True, 1), (False, 0)])
def test_a_container_that_does_not_run_counts_for_none(running, replicas):
    assert _one(CONTAINER, State__Running=running)[0].replicas == replicas


@pytest.mark.parametrize("variable", ["PATH", "NODE_VERSION", "YARN_VERSION", "HOSTNAME", "HOME", "TERM", "container"])
def test_what_the_image_brings_is_no_variable_of_ours(variable):
    assert _one(CONTAINER, Config__Env=[f"{variable}=x", "A=b"])[0].from_environment.keys() == {"A"}


def test_where_no_port_is_asked_for_those_that_are_bound_count():
    ports = {"13000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "32768"}], "80/tcp": None}
    service, _project, _name = _one(CONTAINER, HostConfig__PortBindings={}, NetworkSettings__Ports=ports)
    assert [*service.ports] == [("", "32768", "13000")]


def test_the_first_projects_name_is_that_of_all():
    other = copy.deepcopy(CONTAINER)
    other["Name"], other["Config"]["Labels"] = "/other", {"com.docker.compose.project": "second"}
    project, name = read(json.dumps([CONTAINER, other]), "seen.json")
    assert ([*project.services], name) == (["app", "other"], "shop")


def test_a_service_of_swarm_is_read_with_all_that_its_tasks_are_given():
    service, project, name = _one(SERVICE)
    assert (service.name, service.names, service.replicas, name) == ("shop_app", {"shop_app", "node1"}, 3, "shop")
    assert (service.image, service.command, service.swarm) == ("nocobase/nocobase:2.2.15", "/entry yarn start", True)
    assert {key: (one.value, one.quote) for key, one in service.from_environment.items()} == {"A": ("b=c", "'")}
    mounts = {target: (one.source, one.kind) for target, one in service.mounts.items()}
    assert mounts == {"/app/storage": ("data", "volume"), "/data": ("/srv/a", "bind")}
    assert {name: address for name, (address, _place) in service.hosts.items()} == {
        "db": "2001:db8::1",
        "database": "2001:db8::1",
    }
    assert [*service.ports] == [("", "80", "13000")]
    assert {key: value for key, (value, _place) in service.labels.items()} == {
        "a": "b",
        "com.docker.stack.namespace": "shop",
    }
    assert project.volumes == {"data": {"driver": "local", "type": "nfs"}}


@pytest.mark.parametrize(("asked", "replicas"), [(0, 0), (500, 500), (501, 500), ("many", 1)])
def test_five_hundred_replicas_are_counted(asked, replicas):
    assert _one(SERVICE, Spec__Mode={"Replicated": {"Replicas": asked}})[0].replicas == replicas


def test_a_service_on_each_machine_says_where_it_says_so():
    service = _one(SERVICE, Spec__Mode={"Global": {}})[0]
    assert (service.everywhere.name, service.everywhere.file) == ("Mode", "seen.json")


def test_the_ports_that_are_asked_for_count_where_none_is_given_yet():
    assert [*_one(SERVICE, Endpoint={})[0].ports] == [("", "", "13000")]


def test_a_service_without_a_name_is_a_node():
    assert _one(SERVICE, Spec__Name=None)[0].name == "node"
