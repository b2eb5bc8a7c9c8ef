"""One cluster in the forms that admins have it in, two of each kind at least: files by name, and the source's own."""

import base64
import json

KEY = "Zr4vT9qLmX2bN7hWc5kYd8fJg3sPa6uE"
VARIABLES = {
    "APP_KEY": KEY,
    "TZ": "Europe/Paris",
    "DB_DIALECT": "postgres",
    "DB_HOST": "db.internal",
    "DB_DATABASE": "shop",
    "DB_USER": "shop",
    "DB_PASSWORD": "a$b c",
    "CACHE_DEFAULT_STORE": "redis",
    "LOCK_ADAPTER_DEFAULT": "redis",
    "QUEUE_ADAPTER": "redis",
    "CACHE_REDIS_URL": "redis://:p%40ss@redis:6379/0",
    "PUBSUB_ADAPTER_REDIS_URL": "redis://:p%40ss@redis:6379/1",
    "LOCK_ADAPTER_REDIS_URL": "redis://:p%40ss@redis:6379/2",
    "QUEUE_ADAPTER_REDIS_URL": "redis://:p%40ss@redis:6379/3",
    "REDIS_URL": "redis://:p%40ss@redis:6379/4",
    "MY_OWN": "kept",
    "MY_TOKEN": "Xr4vT9qLmX2bN7hWc5k",
}
ENV = "".join(f"{name}='{value}'\n" for name, value in VARIABLES.items())
EXPORTED = "".join(f"export {name}='{value}'  # kept\n" for name, value in VARIABLES.items())
RAW = "".join(f"{name}={value}\n" for name, value in VARIABLES.items())
DOUBLED = {name: value.replace("$", "$$") for name, value in VARIABLES.items()}
IMAGE = "nocobase/nocobase:2.2.15-full"


def _compose(*, listed):
    environment = [f"{name}={value}" for name, value in DOUBLED.items()] if listed else DOUBLED
    service = {
        "image": IMAGE,
        "environment": environment,
        "volumes": ["/srv/crm:/app/nocobase/storage"],
        "ports": ["13001:80"],
    }
    other = {**service, "ports": [{"target": 80, "published": "13002", "protocol": "tcp", "mode": "ingress"}]}
    return json.dumps({"name": "crm", "services": {"one": service, "two": other}}, indent=1)


ENV_FILES = """\
x-node: &node
  image: nocobase/nocobase:2.2.15
  env_file: [{path: app.env, format: raw}]
  volumes: [{type: bind, source: /srv/crm, target: /app/nocobase/storage}]
services:
  one: {<<: *node, ports: ["13001:80"]}
  two:
    extends: one
    ports: !override ["13002:80"]
"""


def _workload(env, env_from=()):
    container = {"name": "app", "image": IMAGE, "env": env, "envFrom": list(env_from)}
    spec = {"replicas": 2, "template": {"spec": {"containers": [container]}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "crm"}, "spec": spec}


def _secret():
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "all"}, "stringData": VARIABLES}


FROM_SECRET = [{"secretRef": {"name": "all"}}]
ONE_BY_ONE = [{"name": name, "value": value.replace("$", "$$")} for name, value in VARIABLES.items()]
KUSTOMIZATION = "resources: [app.json]\nsecretGenerator: [{name: all, envs: [all.env]}]\n"


def _inspect(*names):
    return [
        {
            "Id": "0" * 12,
            "Name": f"/{name}",
            "Config": {"Image": IMAGE, "Env": [f"{key}={value}" for key, value in VARIABLES.items()]},
            "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": str(13001 + number)}]}},
            "Mounts": [{"Type": "bind", "Source": "/srv/crm", "Destination": "/app/nocobase/storage"}],
        }
        for number, name in enumerate(names)
    ]


def _podman():
    """Return one container as podman prints it: names without a slash, the image's name apart, other keys beside."""
    [one] = _inspect("crm")
    one |= {"Name": "crm", "ImageName": f"docker.io/{IMAGE}", "Image": "9e1f", "State": {"Running": True, "Pid": 7}}
    one["Config"]["Env"] = ["container=podman", "PATH=/usr/bin", *one["Config"]["Env"]]
    return [{"Id": one.pop("Id"), "Created": "2026-01-01T00:00:00Z", "Args": ["start"], **one}]


def _stopped():
    """Return a node and what else runs on the machine: another program, and a node that has stopped."""
    one, old = _inspect("crm-1", "crm-0")
    old["State"] = {"Running": False, "Status": "exited"}
    other = {"Id": "1" * 12, "Name": "/pg", "Config": {"Image": "postgres:16", "Env": ["POSTGRES_DB=x"]}}
    return [other, old, one]


def _noise(one):
    """Return an object as `kubectl get -o json` prints it."""
    applied = json.dumps({"kind": one["kind"], "spec": {"replicas": 9}})
    noise = {
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": applied},
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "managedFields": [{"apiVersion": "v1", "fieldsV1": {"f:data": {"f:DB_HOST": {}}}, "manager": "kubectl"}],
        "namespace": "shop",
        "resourceVersion": "1",
        "uid": "0",
    }
    return {**one, "metadata": {**noise, **one["metadata"]}, "status": {"replicas": 2}}


def _base64_secret():
    data = {name: base64.b64encode(value.encode()).decode() for name, value in VARIABLES.items()}
    return {"apiVersion": "v1", "data": data, "kind": "Secret", "metadata": {"name": "all"}, "type": "Opaque"}


def _pods():
    spec = _workload([], FROM_SECRET)["spec"]["template"]["spec"]
    pods = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"crm-{at}"}, "spec": spec, "status": {"phase": phase}}
        for at, phase in enumerate(("Running", "Failed"))
    ]
    return {"apiVersion": "v1", "items": [_noise(_base64_secret()), *pods], "kind": "List"}


UNIT = "[Service]\n" + "".join(
    f'Environment="{name}={value.replace("%", "%%")}"\n' for name, value in VARIABLES.items()
)
CHART = {
    "replicaCount": 2,
    "image": {"repository": "nocobase/nocobase", "tag": "2.2.15"},
    "configMap": {"data": VARIABLES},
}
REAL = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: real}\ndata:\n  host: db.internal\n"
REPLACED = """\
replacements:
- source: {kind: ConfigMap, name: real, fieldPath: data.host}
  targets: [{select: {kind: Secret, name: all}, fieldPaths: [data.DB_HOST]}]
"""
UNIT_WITH_FILE = "[Unit]\nDescription=x\n[Service]\nEnvironmentFile=/nowhere/all.env\nExecStart=/bin/yarn start\n"
PM2 = f"module.exports = {{\n  apps: [{{ name: 'crm', script: 'yarn', env: {json.dumps(VARIABLES)} }}],\n}};\n"
PM2_JSON = json.dumps({"apps": [{"name": "a", "env": VARIABLES}, {"name": "b", "env": VARIABLES}]})
VALUES = "replicaCount: 2\nimage: {repository: nocobase/nocobase, tag: 2.2.15}\nconfigMap:\n  data:\n" + "".join(
    f"    {name}: {json.dumps(value)}\n" for name, value in VARIABLES.items()
)
NGINX = """\
upstream app { server 10.0.0.1:13000; server 10.0.0.2:13000; }
server { listen 80; location / { proxy_pass http://app; } }
"""
HAPROXY = """\
frontend fe
  bind *:80
  default_backend be
backend be
  server n1 10.0.0.1:13000
  server n2 10.0.0.2:13000
"""

PM2_CONSTANTS = (
    f"const env = {json.dumps(VARIABLES)};\nconst apps = [{{ name: 'crm', script: 'yarn', env: {{ ...env }} }}];\n"
    "module.exports = { apps };\n"
)
PROFILES = """\
services:
  one: {image: "nocobase/nocobase:2.2.15", env_file: {env_file}}
  jobs: {image: "nocobase/nocobase:2.2.15", env_file: {env_file}, profiles: [jobs]}
  debug: {image: "nocobase/nocobase:2.2.15", environment: {DB_HOST: elsewhere}, profiles: [debug]}
""".replace("{env_file}", "[{path: app.env, format: raw}]")


def _command(name, port):
    options = "".join(f" \\\n  -e {key}='{value}'" for key, value in VARIABLES.items())
    return f"docker run -d --name {name} -p {port}:80 -v /srv/crm:/app/nocobase/storage{options} \\\n  {IMAGE}\n"


SHAPES = {
    "docker run with each variable": (
        {"run.sh": f"#!/bin/sh\n{_command('one', 13001)}{_command('two', 13002)}"},
        "run.sh",
    ),
    "docker run with an env file": (
        {"run.sh": f"docker run -d -p 13001:80 --env-file=app.env {IMAGE}\n", "app.env": RAW},
        "run.sh",
    ),
    "variables in JSON": ({"crm.json": json.dumps(VARIABLES, indent=1)}, "crm.json"),
    "variables in JSON as a list": (
        {"list.json": json.dumps([{"name": key, "value": value} for key, value in VARIABLES.items()])},
        "list.json",
    ),
    "folder of env files by their endings": ({"n/.env.a": ENV, "n/.env.b": ENV, "n/.env.example": "DB_HOST=x\n"}, "n"),
    "folder of folders, each with an env file": ({"n/a/.env": ENV, "n/b/.env": ENV, "n/docs/x.md": "x"}, "n"),
    "env file with export and comments": ({"crm": "# ours\n" + EXPORTED}, "crm"),
    "env file by its usual name, in its folder": ({"shop/.env": ENV, "shop/x.md": "x"}, "shop"),
    "Compose with profiles": (
        {"p/compose.yaml": PROFILES, "p/app.env": RAW, "p/.env": "COMPOSE_PROFILES=jobs\n"},
        "p/compose.yaml",
    ),
    "podman inspect": ({"podman.json": json.dumps(_podman(), indent=5)}, "podman.json"),
    "docker inspect of all that runs": ({"all.json": json.dumps(_stopped())}, "all.json"),
    "kubectl get as JSON with its noise": (
        {
            "all.json": json.dumps(
                {
                    "apiVersion": "v1",
                    "items": [_noise(_base64_secret()), _noise(_workload([], FROM_SECRET))],
                    "kind": "List",
                    "metadata": {"resourceVersion": ""},
                },
                indent=4,
            )
        },
        "all.json",
    ),
    "two answers of kubectl, one behind the other": (
        {"two.json": json.dumps(_noise(_workload([], FROM_SECRET)), indent=2) + "\n" + json.dumps(_secret(), indent=2)},
        "two.json",
    ),
    "pods, one of them ended": ({"pods.json": json.dumps(_pods())}, "pods.json"),
    "PM2 with constants": ({"ecosystem.config.cjs": PM2_CONSTANTS}, "ecosystem.config.cjs"),
    "values of the chart as JSON": ({"values.json": json.dumps(CHART)}, "values.json"),
    "kustomization with replacements": (
        {
            "k/kustomization.yaml": KUSTOMIZATION.replace("[app.json]", "[app.json, real.yaml]") + REPLACED,
            "k/all.env": RAW.replace("db.internal", "old"),
            "k/real.yaml": REAL,
            "k/app.json": json.dumps(_workload([], FROM_SECRET)),
        },
        "k",
    ),
    "env file": ({"prod.env": ENV}, "prod.env"),
    "folder of env files": ({"nodes/a.env": ENV, "nodes/b.env": ENV}, "nodes"),
    "folder with a common env file": ({"n/common.env": ENV, "n/a.env": "APP_PORT=13001\n"}, "n"),
    "Compose, environment as a mapping": ({"compose.yaml": _compose(listed=False)}, "compose.yaml"),
    "Compose, environment as a list": ({"crm/compose.yml": _compose(listed=True)}, "crm"),
    "Compose, env_file and extends": ({"stack.yml": ENV_FILES, "app.env": RAW}, "stack.yml"),
    "manifests, one by one": ({"app.yaml": json.dumps(_workload(ONE_BY_ONE))}, "app.yaml"),
    "manifests, a list from a Secret": (
        {
            "all.json": json.dumps(
                {"apiVersion": "v1", "kind": "List", "items": [_secret(), _workload([], FROM_SECRET)]}
            )
        },
        "all.json",
    ),
    "a folder of manifests": (
        {"k/a.yaml": json.dumps(_secret()), "k/b.yml": json.dumps(_workload([], FROM_SECRET))},
        "k",
    ),
    "kustomization": (
        {"kustomization.yaml": KUSTOMIZATION, "all.env": RAW, "app.json": json.dumps(_workload([], FROM_SECRET))},
        "kustomization.yaml",
    ),
    "kustomization's folder": (
        {"k/kustomization.yml": KUSTOMIZATION, "k/all.env": RAW, "k/app.json": json.dumps(_workload([], FROM_SECRET))},
        "k",
    ),
    "docker inspect of one": ({"one.json": json.dumps(_inspect("crm-1")[0], indent=4)}, "one.json"),
    "docker inspect of two": ({"two.json": json.dumps(_inspect("crm-1", "crm-2"))}, "two.json"),
    "systemd unit": ({"crm.service": UNIT}, "crm.service"),
    "systemd unit with a file": ({"crm.service": UNIT_WITH_FILE, "all.env": ENV}, "crm.service"),
    "PM2": ({"ecosystem.config.js": PM2}, "ecosystem.config.js"),
    "PM2 as JSON": ({"ecosystem.json": PM2_JSON}, "ecosystem.json"),
    "values of the chart": ({"values.yaml": VALUES}, "values.yaml"),
    "values of the chart, another name": ({"values.prod.yml": VALUES}, "values.prod.yml"),
}
SITES = {
    "nginx": ({"crm.conf": NGINX}, "crm.conf"),
    "HAProxy": ({"haproxy.cfg": HAPROXY}, "haproxy.cfg"),
    "nginx, the whole configuration": ({"nginx.conf": f"events {{}}\nhttp {{\n{NGINX}}}\n"}, "nginx.conf"),
    "nginx, servers at IPv6 addresses": ({"site": NGINX.replace("10.0.0.1", "[fd00::1]")}, "site"),
    "HAProxy, a template": ({"lb": HAPROXY.replace("server n1 10.0.0.1", "server-template t 2 crm.internal")}, "lb"),
    "HAProxy, listen alone": (
        {"lb.cfg": "listen web\n  bind *:80\n  server n1 fd00::1:13000\n  server n2 10.0.0.2:13000\n"},
        "lb.cfg",
    ),
}


def written(folder, shape):
    """Write a shape's files below a folder; return the path of the source."""
    files, name = shape
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return str(folder / name)
