"""Folders of the nastiest shapes: files that name one another, themselves, or a thousand others."""

import contextlib
import os
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

APP = "image: nocobase/nocobase, environment: {DB_DIALECT: mysql}"
LONG_ENV = "".join(f"V{number}={'x' * 180}\n" for number in range(4900))
VALUES = "".join(f"k{number}: v\n" for number in range(9000))
MERGED = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\n"
    "spec: {{template: {{spec: {{containers: [{{name: app, image: nocobase/nocobase, env: [{env}]}}]}}}}}}\n"
)
CHAIN = "A=1234567890\n" + "".join(f"V{n}=${{{f'V{n - 1}' if n else 'A'}}}" * 2 + "\n" for n in range(4000))


def _files(files: dict[str, str], source: str = "") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return folder / (source or next(iter(files)))

    return make


def _many_members(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("cluster.yaml", "schema: 1\n")
        for number in range(60_000):
            archive.writestr(f"f{number}", b"")
    return folder / "b.zip"


def _escaping(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        link = zipfile.ZipInfo("cluster.yaml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../outside.env", "A=1\n")
        archive.writestr("/etc/outside.env", "A=1\n")
    return folder / "b.zip"


def _odd_files(folder: Path) -> Path:
    """Devices, pipes, sockets and folders in the place of every file that is named."""
    os.mkfifo(folder / "pipe.env")
    (folder / "zero.env").symlink_to("/dev/zero")
    (folder / "terminal.env").symlink_to("/dev/tty")
    (folder / "self.env").symlink_to("/proc/self/fd/0")
    (folder / "memory.env").symlink_to("/proc/self/mem")
    (folder / "loop.env").symlink_to("loop.env")
    (folder / "folder.env").mkdir()
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as one:  # a socket's path may be 108 bytes long
        one.bind("socket.env")
    names = sorted(path.name for path in folder.iterdir())
    rows = ", ".join(f"{{path: {name}, required: false}}" for name in names)
    (folder / "compose.yaml").write_text(f"services: {{app: {{{APP}, env_file: [{rows}]}}}}\n")
    return folder / "compose.yaml"


def _odd_environment_files(folder: Path) -> Path:
    _odd_files(folder)
    names = sorted(path.name for path in folder.iterdir())
    lines = "".join(f"EnvironmentFile=-{folder / name}\nEnvironmentFile=-/proc/self/fd/0\n" for name in names)
    (folder / "crm.service").write_text(f"[Service]\nEnvironment=DB_DIALECT=mysql\n{lines}")
    return folder / "crm.service"


def _drop_ins(folder: Path) -> Path:
    (folder / "crm.service.d").mkdir()
    for number in range(1500):
        (folder / f"crm.service.d/{number:05}.conf").write_text("[Service]\n" + "Environment=A=b\n" * 600)
    (folder / "crm.service").write_text("[Service]\n")
    return folder / "crm.service"


def _many_env_files(folder: Path) -> Path:
    for number in range(200):
        (folder / f"n{number}.env").write_text(LONG_ENV)
    return folder


def _many_manifests(folder: Path) -> Path:
    for number in range(400):
        (folder / f"m{number}.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{VALUES}")
    return folder


def _many_nodes(folder: Path) -> Path:
    for number in range(4990):
        (folder / f"n{number}.env").write_text(f"APP_PORT={13000 + number}\n")
    return folder


FOLDERS = {
    "Compose, one file extended again and again": _files(
        {
            "compose.yaml": "services:\n"
            + "".join(f" s{n}: {{extends: {{file: b.yaml, service: a}}}}\n" for n in range(400)),
            "b.yaml": f"services: {{a: {{{APP}}}}}\n" + VALUES,
        }
    ),
    "Compose, one file included again and again": _files(
        {"compose.yaml": "include: [" + "b.yaml," * 90 + "]\nservices: {}\n", "b.yaml": "services: {}\n" + VALUES}
    ),
    "Compose, one env file named again and again": _files(
        {"compose.yaml": f"services: {{app: {{{APP}, env_file: [{'a.env,' * 9000}]}}}}\n", "a.env": LONG_ENV}
    ),
    "Compose, a raw env file of many lines": _files(
        {
            "compose.yaml": f"services: {{app: {{{APP}, env_file: [{{path: a.env, format: raw}}]}}}}\n",
            "a.env": "".join(f"a{n}=\n" for n in range(400_000)),
        }
    ),
    "Compose, variables put into one another": _files(
        {
            "compose.yaml": f"services: {{app: {{{APP}, env_file: a.env, command: $V3999}}}}\n",
            "a.env": CHAIN,
            ".env": CHAIN,
        }
    ),
    "Compose, a long variable put in everywhere": _files(
        {
            "compose.yaml": "services: {app: {image: nocobase/nocobase, environment: {"
            + "".join(f"V{n}: '${{A}}x', " for n in range(8000))
            + "}}}\n",
            ".env": f"A={'x' * 100_000}\n",
        }
    ),
    "Compose, many services": _files(
        {"compose.yaml": "x: &x {" + APP + "}\nservices:\n" + "".join(f" s{n}: *x\n" for n in range(490))}
    ),
    "Compose, many services with many variables": _files(
        {
            "compose.yaml": "x: &x {image: nocobase/nocobase, environment: {"
            + "".join(f"V{n}: x, " for n in range(30))
            + "}}\nservices:\n"
            + "".join(f" s{n}: *x\n" for n in range(490))
        }
    ),
    "env file, variables put into one another": _files({"a.env": CHAIN}),
    "manifests, variables put into one another": _files(
        {
            "a.yaml": "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nocobase/nocobase, env: ["
            "{name: V0, value: '0123456789'}, "
            + "".join(f"{{name: V{n}, value: $(V{n - 1})$(V{n - 1})}}, " for n in range(1, 4000))
            + "]}]}\n"
        }
    ),
    "manifests, a long prefix": _files(
        {
            "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
            + "".join(f"  k{n}: v\n" for n in range(6000))
            + "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: nocobase/nocobase, envFrom: "
            + f"[{{prefix: {'p' * 800_000}, configMapRef: {{name: c}}}}]}}]}}\n"
        }
    ),
    "manifests, one ConfigMap given again and again": _files(
        {
            "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
            + "".join(f"  k{n}: v\n" for n in range(4000))
            + "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: nocobase/nocobase, envFrom: ["
            + "{configMapRef: {name: c}}," * 3000
            + "]}]}\n"
        }
    ),
    "manifests, many pods": _files(
        {
            "a.yaml": "apiVersion: v1\nkind: List\nitems:\n"
            + "".join(
                f"- {{kind: Deployment, metadata: {{name: a{n}}}, spec: {{replicas: 500, template: {{spec: "
                f"{{containers: [{{image: nocobase/nocobase}}]}}}}}}}}\n"
                for n in range(1800)
            )
        }
    ),
    "manifests, many documents below empty lines": _files(
        {"a.yaml": "kind: A\napiVersion: v1\n" + "\n" * 190_000 + "---\napiVersion: v1\nkind: A\n" * 480}
    ),
    "a folder of many manifests": _many_manifests,
    "a folder of very many nodes": _many_nodes,
    "kustomization, lists merged into one another": _files(
        {
            "kustomization.yaml": "resources: [a.yaml]\npatchesStrategicMerge: [b.yaml, c.yaml, d.yaml]\n",
            "a.yaml": MERGED.format(env="{name: DB_DIALECT, value: mysql}"),
            **{
                f"{name}.yaml": MERGED.format(env=", ".join(f"{{name: {name.upper()}{n}}}" for n in range(1200)))
                for name in "bcd"
            },
        }
    ),
    "kustomization, one file named again and again": _files(
        {
            "kustomization.yaml": "resources: [" + "a.yaml," * 9000 + "]\n",
            "a.yaml": f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\n{VALUES}",
        }
    ),
    "kustomization, one env file named again and again": _files(
        {
            "kustomization.yaml": "configMapGenerator: [{name: a, envs: [" + "a.env," * 9000 + "]}]\n",
            "a.env": "".join(f"a{n}=\n" for n in range(300_000)),
        }
    ),
    "systemd, one file named again and again": _files(
        {"crm.service": "[Service]\n" + "EnvironmentFile=x.env\n" * 10_000, "x.env": LONG_ENV[:200_000]}
    ),
    "systemd, many drop-ins": _drop_ins,
    "PM2, many apps beside an env file": _files(
        {
            "ecosystem.config.js": "module.exports = {apps: [" + "{name: 'nocobase', env: {A: 1}}," * 1200 + "]}",
            ".env": LONG_ENV,
        }
    ),
    "nginx, expressions without end": _files(
        {
            "nginx.conf": "server { listen 80; server_name "
            + "a" * 60
            + ".x; location / { proxy_pass http://a; } }\n"
            + "server { listen 80; server_name ~(a+)+$; location / { proxy_pass http://b; } }\n" * 50
        }
    ),
    "nginx, locations without end": _files(
        {
            "nginx.conf": "server { listen 80; location ~ (/*)*x { proxy_pass http://a; } "
            "location " + "/" * 60 + " { proxy_pass http://b; } }\n"
        }
    ),
    "nginx, error pages that lead to many servers": _files(
        {
            "nginx.conf": "upstream a { "
            + "".join(f"server a{n}:1;" for n in range(3000))
            + "} server { location @a { proxy_pass http://a; } location / { "
            + "error_page 502 @a;" * 3000
            + " proxy_pass http://a; } }\n"
        }
    ),
    "Compose, texts in a command that have no end": _files(
        {"compose.yaml": "services:\n a:\n  image: nginx\n  command: |\n" + "   <<a\n" * 30_000}
    ),
    "Compose, many texts in a command": _files(
        {"compose.yaml": "services:\n a:\n  image: nginx\n  command: |\n" + "   <<a\n   b\n   a\n" * 15_000}
    ),
    "HAProxy, sections that inherit from one another": _files(
        {
            "haproxy.cfg": "".join(f"defaults d{n} from d{n - 1 if n else 0}\n" for n in range(4000))
            + "frontend f\n bind :80\n default_backend b\nbackend b\n server a a:1\n"
        }
    ),
    "a folder of many env files": _many_env_files,
    "an archive of many files": _many_members,
    "an archive that would write elsewhere": _escaping,
    "devices, pipes, sockets and folders in a Compose project": _odd_files,
    "devices, pipes, sockets and folders of a unit": _odd_environment_files,
}
