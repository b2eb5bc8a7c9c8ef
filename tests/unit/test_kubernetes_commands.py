"""Commands of kubectl that a finding gives: what manifests call a thing is one word of them, or in none."""

import json
import os
import shlex
import subprocess

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.plan.remedy import RemedyKind

MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: WORKLOAD, namespace: SPACE}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: CONTAINER
          image: nocobase/nocobase:2.2.15
          env: [{name: DB_HOST, value: db}]
          livenessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: WORKLOAD, namespace: SPACE, annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 1m}}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: crm, port: {number: 80}}}}]}}]}
"""
HOSTILE = [
    'app","image":"evil',
    "crm'; touch made; '",
    "crm $(touch made)",
    "crm`touch made`",
    "crm\ntouch made",
    "crm\u2028touch made",
    "-oyaml",
    "--kubeconfig=x",
    "crm web",
    "crm;touch made",
    "crm|touch made",
    "Crm",
    "$HOME",
    "*",
    "a/b",
]


def commands(folder, **names):
    """Return what the findings give to be pasted, of manifests with these names."""
    text = MANIFESTS
    for word in ("WORKLOAD", "SPACE", "CONTAINER"):
        text = text.replace(word, json.dumps(names.get(word.lower(), "crm")))
    (folder / "crm.yaml").write_text(text)
    found = open_source(str(folder / "crm.yaml"))
    told = [one for one in rules(found.plan, found.secrets) if "kubectl" in one.remedy]
    assert all(one.remedy_kind is RemedyKind.COMMANDS for one in told)
    return {one.id: one.remedy for one in told}


def run(folder, lines):
    """Paste the lines where kubectl prints the words it got; return those of each call."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin/kubectl").write_text('#!/bin/sh\nprintf "%s\\0" "$@"; printf "\\n"\n')
    (folder / "bin/kubectl").chmod(0o755)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-ec", lines],
        env={"PATH": path, "HOME": "/"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split("\0")[:-1] for line in done.stdout.splitlines()]


def test_plain_names_are_in_all_commands(tmp_path):
    told = commands(tmp_path)
    assert set(told) == {"plan.rolling_update", "plan.startup_probe", "plan.service_links", "plan.ingress_limits"}
    for lines in told.values():
        for words in run(tmp_path, lines):
            assert words[:1] in (["patch"], ["annotate"])
            assert {"deployment/crm", "ingress/crm"} & set(words)
            assert words[words.index("-n") + 1] == "crm"
            assert "-p" not in words or json.loads(words[words.index("-p") + 1])


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("where", ["workload", "space", "container"])
def test_a_name_that_a_command_would_obey_is_in_none(tmp_path, where, name):
    for lines in commands(tmp_path, **{where: name}).values():
        assert name not in lines
        for words in run(tmp_path, lines):
            assert "-p" not in words or json.loads(words[words.index("-p") + 1])
            assert not [word for word in words if word.startswith("-") and word not in shlex.split(lines)]
    assert not (tmp_path / "made").exists()
