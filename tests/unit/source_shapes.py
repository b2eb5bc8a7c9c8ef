"""One cluster in the forms that admins have it in, two of each kind at least: files by name, and the source's own."""

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


UNIT = "[Service]\n" + "".join(
    f'Environment="{name}={value.replace("%", "%%")}"\n' for name, value in VARIABLES.items()
)
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

SHAPES = {
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
SITES = {"nginx": ({"crm.conf": NGINX}, "crm.conf"), "HAProxy": ({"haproxy.cfg": HAPROXY}, "haproxy.cfg")}


def written(folder, shape):
    """Write a shape's files below a folder; return the path of the source."""
    files, name = shape
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return str(folder / name)
