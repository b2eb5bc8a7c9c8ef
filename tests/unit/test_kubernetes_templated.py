"""Manifests that a program fills in first: what it fills in is not known, and a template that is no YAML is refused."""

import pytest

from wizard.app.open_source import open_source
from wizard.checks.plan.rules import rules
from wizard.formats.files import SourceError
from wizard.formats.kubernetes.templated import is_templated, refuse_unfilled
from wizard.plan.finding import Severity

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: nocobase}}
spec:
  replicas: {replicas}
  template:
    spec:
      containers:
        - name: app
          image: nocobase/nocobase:2.2.15
          env:
            - {{name: DB_DIALECT, value: postgres}}
            - {{name: APP_KEY, value: '{value}'}}
            - {{name: DB_HOST, value: '{value}'}}
            - {{name: TZ, value: '{value}'}}
"""
WRITTEN = [
    "{{ db_host }}",
    "${{ defaults.app_name }}-pg.${{ SEALOS_NAMESPACE }}.svc",
    "{{cluster}}",
    "${DB_HOST}",
    "${DB_HOST:-pg.internal}",
    "$DB_HOST",
    '{{ lookup("env", "HOST") }}',
]


def _opened(tmp_path, value, replicas="2"):
    file = tmp_path / "nocobase.yaml"
    file.write_text(DEPLOYMENT.format(value=value, replicas=replicas), encoding="utf-8")
    found = open_source(str(file))
    return found.plan, rules(found.plan, found.secrets)


@pytest.mark.parametrize("value", WRITTEN)
def test_of_what_a_program_fills_in_nothing_is_said_but_that(tmp_path, value):
    _plan, found = _opened(tmp_path, value)
    [said] = [one for one in found if one.id == "plan.expressions" and one.severity is not Severity.PASS]
    assert said.severity is Severity.UNKNOWN
    assert said.facts["variables"] == ["APP_KEY", "DB_HOST", "TZ"]
    about = {"application.app_key", "database.host", "application.time_zone"}
    judged = [one for one in found if one.facts.get("setting") in about and one is not said]
    assert {one.severity for one in judged} <= {Severity.SKIP}, judged


@pytest.mark.parametrize(
    "value", ["pg.internal", "$(HOST)", "Ab$ecret{1}", "$X", "$ECRET", "$MY_OWN", "a{b}c", "{json: {a: b}}", "100%"]
)
def test_what_kubernetes_takes_as_it_is_is_no_template(value):
    assert not is_templated(value)


def test_what_a_cluster_prints_is_filled_in_already(tmp_path):
    file = tmp_path / "printed.yaml"
    printed = DEPLOYMENT.replace("name: nocobase}}", "name: nocobase, uid: 0b1c}}")
    file.write_text(printed.format(value="{{x}}${DB_HOST}", replicas="2"), encoding="utf-8")
    assert open_source(str(file)).secrets["application.app_key"].reveal() == "{{x}}${DB_HOST}"


def test_a_number_of_pods_that_is_filled_in_is_not_one(tmp_path):
    plan, found = _opened(tmp_path, "pg.internal", replicas="${REPLICAS}")
    assert "nodes" in plan.unsaid
    assert all(one.severity in {Severity.UNKNOWN, Severity.SKIP} for one in found if one.id == "plan.nodes")


@pytest.mark.parametrize(
    "line",
    [
        '  name: {{ include "nocobase.fullname" . }}',
        "  replicas: {{ .Values.replicas }}",
        "{{- if .Values.enabled }}",
        "    {{- toYaml .Values.resources | nindent 4 }}",
        "{% if tls %}",
        "    - {{ .Values.host }}",
        "{{/* a comment */}}",
    ],
)
def test_a_template_that_is_no_yaml_is_refused_with_its_line(line):
    with pytest.raises(SourceError, match=r"^web\.yaml, line 3: it is a template"):
        refuse_unfilled(f"kind: Deployment\nmetadata:\n{line}\n", "web.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "data:\n  rules: |\n    {{ $labels.instance }}\n    summary: {{ $value }}\n\n    {{ end }}\n  more: 'x'\n",
        "data:\n  rules: >-  # a comment\n    {{ if x }}\n",
        "data: {summary: '{{ $value }}'}\n",
        "  # name: {{ .Values.name }}\n",
        "spec: {volumes: [{name: a, emptyDir: {}}]}\n",
        '{"a": {"b": {"c": {}}}}\n',
        "  name: ${{ defaults.app_name }}\n",
    ],
)
def test_texts_of_others_within_a_manifest_are_no_template_of_it(text):
    refuse_unfilled(f"kind: ConfigMap\n{text}", "web.yaml")
