"""One source of every kind with secrets at each place that it has for them: files by name, and the source's own.

`@0@` is the first secret, and so on. The first three are variables of the nodes (APP_KEY, DB_PASSWORD and one of the
admin's own), so that the program has them in hand; the others stand where a file of that kind may have one besides.
"""

from __future__ import annotations

import json

from wizard.dataclass import dataclass

NAMES = {"APP_KEY": "@0@", "DB_PASSWORD": "@1@", "MY_TOKEN": "@2@"}
VARIABLES = {"TZ": "UTC", "DB_DIALECT": "postgres", "DB_HOST": "127.0.0.1", "DB_PORT": "1", **NAMES}
IMAGE = "nocobase/nocobase:2.2.15-full"
ENV = "".join(f"{name}='{value}'\n" for name, value in VARIABLES.items())
HEADER = 'proxy_set_header Authorization "Bearer @3@"; set $token "@4@"; auth_basic "@5@";'
SITE = f"server {{ listen 80; location / {{ proxy_pass http://one:13000; {HEADER} }} }}\n"
FRONTEND = """\
global
  stats socket /run/x.sock
userlist admins
  user admin insecure-password @3@
frontend fe
  bind :80
  stats auth admin:@4@
  http-request set-header X-Token @5@
  default_backend be
backend be
  server one 127.0.0.1:1
"""


@dataclass(frozen=True)
class Row:
    """A source; `kind` is the module of `wizard.sources` that reads it, `at_hand` how many secrets it tells,
    `refused` says that no plan is read from it."""

    kind: str
    files: dict[str, str]
    name: str
    at_hand: int = 3
    refused: bool = False


def _pairs(**more: str) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in {**VARIABLES, **more}.items()]


def _service(**more: object) -> dict[str, object]:
    return {"image": IMAGE, "environment": VARIABLES, "ports": ["13001:80"], **more}


def _compose(*, more: object = (), **services: object) -> str:
    return json.dumps({"name": "crm", "services": services, **dict(more)}, indent=1)  # type: ignore[call-overload]


def _workload(env: object, **container: object) -> dict[str, object]:
    app = {"name": "app", "image": IMAGE, "env": env, **container}
    spec = {"replicas": 2, "template": {"spec": {"containers": [app]}}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "crm"}, "spec": spec}


def _object(kind: str, name: str, **more: object) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **more}


def _list(*items: object) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


FROM_SECRET = _workload([{"name": "TZ", "value": "UTC"}], envFrom=[{"secretRef": {"name": "all"}}])
PATCHED = _workload([{"name": "DB_DIALECT", "value": "postgres"}])
LAST_APPLIED = {"kubectl.kubernetes.io/last-applied-configuration": '{"stringData": {"DB_PASSWORD": "@3@"}}'}
OP = "op: replace, path: /stringData/DB_PASSWORD"
PATCHES = """\
resources: [app.json, secret.yaml]
secretGenerator: [{name: more, literals: ["EXTRA_PASSWORD=@3@", "EXTRA:@3@", "@4@"], envs: [odd.env]}]
patches:
- patch: |-
    apiVersion: v1
    kind: Secret
    metadata: {name: all}
    stringData: {APP_KEY: "@0@", EXTRA_SECRET: "@4@"}
- target: {kind: Secret, name: all}
  patch: |-
    - {op: replace, path: /stringData/DB_PASSWORD, value: "@1@"}
    - {op: add, path: /stringData/MY_TOKEN, value: "@2@"}
- target: {kind: Secret, name: elsewhere}
  patch: '[{op: add, path: /stringData/x, value: "@5@"}]'
"""
SECRET_OBJECT = """\
apiVersion: v1
kind: Secret
metadata: {name: all}
stringData: {DB_DIALECT: postgres, DB_HOST: 127.0.0.1, DB_PORT: "1", APP_KEY: x, DB_PASSWORD: x}
"""
UNIT = """\
[Service]
EnvironmentFile=/etc/crm/all.env
Environment=EXTRA_PASSWORD=@3@
SetCredential=token:@4@
ExecStartPre=/usr/bin/curl -u admin:@5@ http://127.0.0.1:1/
ExecStart=/usr/bin/yarn start
"""
ECOSYSTEM = f"""\
module.exports = {{
  apps: [{{
    name: 'crm', script: 'yarn', args: 'start --password @3@',
    env: {json.dumps(VARIABLES)},
    env_production: {{ EXTRA_PASSWORD: '@4@', OTHER_SECRET: process.env.X || '@5@' }},
  }}],
}};
"""
VALUES = "replicaCount: 2\nimage: {repository: nocobase/nocobase, tag: 2.2.15}\n" + "".join(
    (
        f"configMap:\n  data: {json.dumps(VARIABLES)}\n",
        'secret: {data: {EXTRA_PASSWORD: "@3@"}}\n',
        'imagePullSecrets: [{name: x, password: "@4@"}]\n',
        'postgresql: {auth: {password: "@5@"}}\n',
    )
)
INSPECTED = {
    "Id": "0" * 12,
    "Name": "/crm-1",
    "Path": "yarn",
    "Args": ["start", "--password=@3@"],
    "Config": {
        "Image": IMAGE,
        "Env": [f"{name}={value}" for name, value in VARIABLES.items()],
        "Healthcheck": {"Test": ["CMD", "curl", "-u", "admin:@4@", "http://127.0.0.1"]},
        "Labels": {"com.docker.compose.project": "crm", "token": "@5@"},
    },
    "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "13001"}]}},
}
TYPED = """\
schema: 1
id: 0b3c7d7e-1f0a-4c6e-9d4e-0a4c7c1d2e3f
name: crm
database: {dialect: postgres, host: "postgres://u:@0@@127.0.0.1/x", password: "@1@"}
redis: {server: {host: "redis://:@2@@127.0.0.1"}}
"""
WITH_SITE = {"configs": {"site": {"content": SITE.replace("$", "$$")}}}
MOUNTED = [{"source": "site", "target": "/etc/nginx/conf.d/default.conf"}]
WRITES = f"cat > /etc/nginx/conf.d/a.conf <<'EOF'\n{SITE.replace('$', '$$')}EOF\nexec nginx"


def _options():
    return " ".join(f"-e {name}='{value}'" for name, value in VARIABLES.items())


SOURCES = {
    "env file": Row("env_file", {"prod.env": ENV + "REDIS_URL=redis://:@3@@127.0.0.1:1/4\n"}, "prod.env", 4),
    "variables in JSON": Row(
        "variable_list", {"env.json": json.dumps({**VARIABLES, "OTHER_SECRET": "@3@"})}, "env.json", 3
    ),
    "docker run": Row(
        "docker_run",
        {"run.sh": f"docker run -d {_options()} -e OTHER_SECRET=@3@ {IMAGE} yarn start --password @4@\n"},
        "run.sh",
        3,
    ),
    "folder of env files": Row("env_folder", {"n/a.env": ENV, "n/b.env": ENV.replace("@1@", "@3@")}, "n"),
    "Compose": Row(
        "compose",
        {
            "compose.yaml": _compose(
                one=_service(command=["sh", "-c", "x --password @3@"], labels={"token": "@4@"}),
                db={"image": "postgres:16", "environment": {"POSTGRES_PASSWORD": "@5@"}},
            )
        },
        "compose.yaml",
    ),
    "site in a config of Compose": Row(
        "compose",
        {"compose.yaml": _compose(one=_service(), lb={"image": "nginx", "configs": MOUNTED}, more=WITH_SITE)},
        "compose.yaml",
    ),
    "site that a command of Compose writes": Row(
        "compose",
        {"compose.yaml": _compose(one=_service(), lb={"image": "nginx", "command": ["sh", "-c", WRITES]})},
        "compose.yaml",
    ),
    "manifests": Row(
        "kubernetes",
        {
            "all.json": _list(
                _object("Secret", "other", stringData={"DB_PASSWORD": "@3@"}, type="Opaque"),
                _workload(_pairs(OTHER_SECRET="@4@"), command=["yarn", "start", "--password", "@5@"]),
            )
        },
        "all.json",
    ),
    "manifests as kubectl prints them": Row(
        "kubernetes",
        {
            "all.json": _list(
                {
                    **_object("Secret", "all", stringData=VARIABLES),
                    "metadata": {"name": "all", "annotations": LAST_APPLIED},
                },
                FROM_SECRET,
            )
        },
        "all.json",
    ),
    "site in a ConfigMap": Row(
        "kubernetes",
        {
            "all.json": _list(
                _object("ConfigMap", "lb", data={"default.conf": SITE, "nginx.conf": f"http {{ {SITE} }}"}),
                _object("Secret", "all", stringData=VARIABLES),
                FROM_SECRET,
            )
        },
        "all.json",
    ),
    "patches of a kustomization": Row(
        "kustomization",
        {
            "k/kustomization.yaml": PATCHES,
            "k/secret.yaml": SECRET_OBJECT,
            "k/odd.env": "EXTRA_KEY: @5@\n@3@\n",
            "k/app.json": json.dumps(FROM_SECRET),
        },
        "k",
    ),
    "a kustomization that patches the workload": Row(
        "kustomization",
        {
            "k/kustomization.yaml": "resources: [app.json]\npatches: [{path: patch.json}]\n",
            "k/app.json": json.dumps(PATCHED),
            "k/patch.json": json.dumps(_workload(_pairs(OTHER_SECRET="@3@"), args=["--password", "@4@"])),
        },
        "k",
    ),
    "docker inspect": Row("docker_inspect", {"one.json": json.dumps([INSPECTED])}, "one.json"),
    "systemd unit with its EnvironmentFile": Row("systemd", {"crm.service": UNIT, "all.env": ENV}, "crm.service"),
    "PM2": Row("pm2", {"ecosystem.config.js": ECOSYSTEM}, "ecosystem.config.js"),
    "PM2 as JSON": Row("pm2", {"pm2.json": json.dumps({"apps": [{"name": "a", "env": VARIABLES}]})}, "pm2.json"),
    "values of the chart": Row("helm_values", {"values.yaml": VALUES}, "values.yaml"),
    "nginx": Row("site", {"crm.conf": SITE}, "crm.conf", 0),
    "HAProxy": Row("site", {"haproxy.cfg": FRONTEND}, "haproxy.cfg", 0),
    "cluster file with a secret typed into it": Row(
        "cluster_file", {"cluster.yaml": TYPED}, "cluster.yaml", 0, refused=True
    ),
    "bundle with a hand-made env file": Row(
        "bundle", {"b/cluster.yaml": TYPED, "b/node.env": ENV, "b/manifest.json": '{"x": "@3@"}'}, "b", 0, refused=True
    ),
    "Caddyfile": Row(
        "foreign", {"Caddyfile": "x.y {\n basicauth {\n  a @0@\n }\n reverse_proxy a\n}"}, "Caddyfile", 0, refused=True
    ),
    "Traefik": Row(
        "foreign",
        {"t.yaml": 'http:\n  routers: {}\n  middlewares: {a: {users: ["a:@0@"]}}\n'},
        "t.yaml",
        0,
        refused=True,
    ),
}
