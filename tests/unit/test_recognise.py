"""What kind of configuration a text or a file is, told by words at the beginning of a line or by its name alone."""

import pytest

from wizard.formats.recognise import Form, line_of, recognise

TEXTS = {
    Form.KUBERNETES: [
        "apiVersion: v1\nkind: Pod",
        "# x\napiVersion : v1",
        '{"apiVersion": "v1"}',
        ' \n{ "kind" : "Pod"}',
        '{"items": [\n {"apiVersion": "v1"}]}',
        '\t"apiVersion" : "v1"',
        "apiVersion: v1\ndata:\n  x: |\n    server { listen 80; }",
    ],
    Form.COMPOSE: [
        "services:\n  app:",
        "services:\n  app:\nstages: [a]",
        "services:\n- x",
        "version: '3'\nservices :",
        '{"services": {}}',
        '\n { "name" : "x"}',
    ],
    Form.SYSTEMD: [f"[{name}]\nx=y" for name in ("Unit", "Service", "Install", "Timer", "Socket", "Path", "Container")]
    + ["# x\n[Pod] \n"],
    Form.PM2: [
        "module.exports = { apps: [] }",
        "  module.exports={\n  apps : []}",
        "export default { apps: [] }",
        '{"apps": []}',
        "apps:\n  - name: x",
        "apps :\n - script : x",
    ],
    Form.NOMAD: ['job "x" {', '# a\njob  ""{', ' { "Job": {"ID": "x"}}'],
    Form.TERRAFORM: [
        'resource "a" "b" {',
        'data "a" "b"{',
        'variable "x" {',
        'provider "x" {',
        'module "x" {',
        'output "x" {',
        "terraform {",
        "locals{",
    ],
    Form.DOCKERFILE: ["FROM x", "# x\n\n  ARG A=1\nFROM\tx"],
    Form.KEEPALIVED: ["vrrp_instance V {", " vrrp_script x {", "vrrp_sync_group x {", "virtual_server 10.0.0.1 80 {"],
    Form.APACHE: [
        "<VirtualHost *:80>",
        "\t<Proxy x>",
        "<IfModule x>",
        "<Location />",
        "<Directory />",
        "ProxyPass / x",
        "  ProxyPassMatch ^ x",
    ],
    Form.TRAEFIK: [
        "entryPoints:",
        "certificatesResolvers :",
        "http:\n  routers:",
        "tcp :\n  services:",
        "http:\n\tmiddlewares :",
        "[entryPoints]",
        "[http.routers.x]",
        "[http.services]",
        "[http]\n  [http.routers]",
        "http: # x\n\n  # y\n  routers:",
        "[http.middlewares]",
        "[certificatesResolvers.x]",
    ],
    Form.HAPROXY: [
        "frontend web",
        "backend a-b:c.d # x",
        "listen x ",
        "global\n  maxconn 1",
        "defaults # x\n\tmode http",
    ],
    Form.SHELL: [
        "APP_KEY=x\nif [ -z $A ]; then\n",
        "A=b\nif ! docker ps; then",
        "if ((A)) ",
        "until curl -f x; do\n",
        "A=b\nfi\n",
        "export A=b\ndone < nodes",
        "if [ x ]; then\n  A=b\n  fi\n",
        "A=b\nesac # x",
        "for node in a b:1",
        "for ((i=0; i<3; i++))",
        'case "$1" in\n',
        "wait_for_db() {\n  A=b",
        "function up {",
        "set -euo pipefail\nA=b",
        "export A=b\n[ -f x ] && . x",
        "A=b\ndocker ps -q | xargs docker stop",
        "export A=b\nexec yarn start",
        "A=b\nexit 1",
        "docker run -d \\\n  -e A=b x",
        "#!/bin/sh\nA=b\nnode index.js",
        "#!/usr/bin/env bash\ncat > x <<EOF\nserver { listen 80; }\nEOF\necho done",
        "cd /etc/nginx\ncat > x <<EOF\nserver { listen 80; }\nEOF\n",
    ],
    Form.NGINX: [
        "proxy_pass http://x;",
        "  server_name a b;",
        "listen 80;",
        "worker_processes 1;",
        "root /x;",
        "server {",
        " http{",
        "events { }",
        "stream {}",
        "upstream a-b.c {",
    ],
    Form.CADDY: [
        '{"apps": {"http": {}}}',
        '{"admin": {},\n "apps":\n {"tls" : 1}}',
        "x {\n  reverse_proxy a b",
        "file_server",
        "php_fastcgi x",
        "handle_path /x",
    ],
    Form.DOCKER_INSPECT: [
        '[{"ID": "x", "Spec": {"TaskTemplate": {"Image": 1}}}]',
        '[{"Id": "x"}]',
        ' [ { "Id" : "x"}',
        '{"Id": "x"}',
    ],
    Form.LISTING: [
        '[{"ID":"1","Name":"a","Image":"x","Publishers":[]}]',
        '{"Command":"x","CreatedAt":"y","ID":"1","Image":"x"}\n{"Command":"x","ID":"2","Image":"x"}',
        '{\n  "Name": "crm", "Services": "3"}',
        "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n1   x",
        "ID    NAME   MODE   REPLICAS   IMAGE   PORTS\r\nx",
        "NAME    READY   STATUS    RESTARTS   AGE\ncrm-1   1/1",
        "NAMESPACE   NAME   UP-TO-DATE\nx  y",
        "Name:             crm-5d\nNamespace:        default\n    Environment:\n      DB_HOST:  db",
    ],
    Form.SUPERVISOR: ["[supervisord]", "[program:nocobase]", "x=1\n[group:all] "],
    Form.ECS: ['{"family": "x", "containerDefinitions": []}', "containerDefinitions:\n- name: x"],
    Form.ANSIBLE: [
        "- hosts: all",
        "---\n- name: x y\n  hosts : web",
        "- name: x\n  become: true\n  hosts: all",
        "# x\n\n---\n- import_playbook: x.yml\n- name: y\n  hosts: all",
    ],
    Form.CHART: [
        "apiVersion: v2\nname: x\nversion: 1.0.0",
        "version: 1\nname: x\napiVersion : 'v1'",
        'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ include "x.name" . }}',
        "kind: Service\nspec:\n  {{- with .Values.ports }}\n  ports:",
        "{{- if .Values.on -}}\napiVersion: v1\nkind: Secret",
    ],
    Form.GITHUB: ["on: push\njobs:\n  x:", "jobs :\n'on' : {}"],
    Form.GITLAB: [
        "stages: [a]\nb:\n  script: [x]",
        "services:\n- postgres:16\nstages: [a]\nb:\n  script: [x]",
        "stages: [a]\nservices: [redis]",
        "services: # x\n  - redis\nstages: [a]",
    ],
    Form.OPENAPI: ["openapi: 3.1.0", "swagger : '2.0'", '{"openapi": "3.0.0"}', '\n{ "swagger" : "2.0"}'],
    Form.PROMETHEUS: ["scrape_configs:", "rule_files : []"],
    Form.ENVOY: ["static_resources:\n  listeners: []", "dynamic_resources :"],
    Form.PYTHON: [
        "import os",
        "# x\nfrom pathlib import Path",
        "A = 1\ndef main():\n  pass",
        "class X(Y):\n",
        "#!/usr/bin/env python3\nx",
    ],
    Form.MAKE: ["A=1\nup: down\n\tdocker x", ".PHONY: up", "out/a.txt b: $(X) c\n\tcp"],
    Form.RUBY: ["require 'pg'", "ENV['A'] = 'b'", 'Vagrant.configure("2") do |config|'],
    Form.JENKINS: ["pipeline {\n  agent any"],
    Form.POWERSHELL: ['$env:APP_KEY = "x"', '# x\n  $env:A="b"'],
    Form.BATCH: ["@echo off\r\nset A=b", "SETLOCAL\nset A=b", "setx A b"],
    Form.SCRIPT: [
        "import x from 'y'",
        "const a = 1",
        "process.env.A = 'b'",
        "export const A = 1",
        "export function f() {}",
    ],
    Form.PROPERTIES: ["spring.datasource.url=x", "# x\n! y\na.b.c: 1"],
    Form.SQL: ["-- x\nCREATE TABLE a", "insert into a values (1)", "ALTER USER x"],
    Form.MARKUP: ['<?xml version="1.0"?>', "<!doctype html>", "\n<html>"],
    Form.CRON: ["SHELL=/bin/sh\n0 3 * * * root x", "@daily x", "*/5 1-2 * * 1,2 x"],
    Form.PEM: ["-----BEGIN CERTIFICATE-----\nx", "\n-----BEGIN RSA PRIVATE KEY-----"],
    Form.VARIABLES: ['{"APP_KEY": "x"}', '{"TZ": "UTC",\n "DB_PORT": 1}', '[{"name": "A", "value": 1}]'],
    Form.SECTIONS: ["[Units]", 'app = "x"\n[env]', "[[vm]] # x", "[a.b-c:d]", "[web:vars]", '[remote "origin"]'],
    Form.TOML: ['A = """\nx\n"""', "b = '''x'''"],
    Form.INI: ["; x\nA=1", "\n  ; x"],
    None: [
        "",
        "A=1\n; x",
        "; x\n# y\nA=1",
        'A = "x"\nB = 5432',
        "A=1\nB=2",
        "set -a\nexport A=1\nset +a\n",
        'export A=1\necho "loaded"\ncd /opt/nocobase\n',
        "#!/bin/sh\nexport A=1\nB='2 | 3'\n",
        'A="\nif [ x ]; then\n"\nB=1\n',
        "image: {tag: x}\nextra: |\n  exec foo\n  if [ x ]; then\n  fi\n",
        "local database\nif in doubt\nA=1",
        "x apiVersion: v1",
        "  services:",
        "[Unit] x",
        '["a"]',
        "[a",
        "A=[b]",
        "apps:\n  - x: y",
        "job x {",
        'variable "a" "b" {',
        "FROM",
        "RUN x\nFROM y",
        "vrrp_instance V\n{",
        "ProxyPass",
        "http:\n  x: y",
        "frontend web tls",
        "global\nmaxconn 1",
        "listen = 80;",
        "root x",
        "reverse_proxy x;",
        "x reverse_proxy y",
        '{"x": {"Id": "y"}}',
        '{"ID": "x"}',
        "NAME  =X",
        "Name: x\nOther: y",
        "NAME value",
        "on: push",
        "jobs: {}",
        "stages: [a]",
        "openapi: x",
        "- name: x\n  tasks: []",
        "ingress: {}\ntls:\n- secretName: x\n  hosts:\n  - a.b",
    ],
}
FILES = {
    Form.KUBERNETES: ["kustomization.yaml", "Kustomization.yml"],
    Form.COMPOSE: ["compose.yaml", "docker-compose.yml", "docker-compose.prod-2.yml"],
    Form.SYSTEMD: ["x.service", "x.timer", "x.socket", "x.container"],
    Form.PM2: ["ecosystem.config.js", "pm2.json", "process.cjs", "ecosystem.mjs"],
    Form.NOMAD: ["x.nomad", "x.nomad.hcl", "x.nomad.json"],
    Form.TERRAFORM: ["x.tf", "x.tfvars", "x.tf.json"],
    Form.DOCKERFILE: ["Dockerfile", "dockerfile.prod", "x.Dockerfile", "Containerfile"],
    Form.KEEPALIVED: ["keepalived.conf", "keepalived-2.conf"],
    Form.TRAEFIK: ["traefik.yml", "traefik.yaml", "traefik-x.toml"],
    Form.HAPROXY: ["haproxy.cfg", "HAProxy-2.cfg"],
    Form.NGINX: ["nginx.conf", "nginx-x.conf"],
    Form.CADDY: ["Caddyfile", "Caddyfile.prod", "x.caddyfile"],
    Form.SUPERVISOR: ["supervisord.conf", "supervisor.conf"],
    Form.ANSIBLE: ["ansible.cfg"],
    Form.ENVOY: ["envoy.yaml", "envoy-x.yml"],
    Form.CHART: ["Chart.yaml"],
    Form.GITLAB: [".gitlab-ci.yml"],
    Form.NPM: ["package.json", "composer.json"],
    Form.PYTHON: ["settings.py"],
    Form.MAKE: ["Makefile", "GNUmakefile", "build.mk"],
    Form.RUBY: ["Vagrantfile", "app.rb"],
    Form.JENKINS: ["Jenkinsfile", "Jenkinsfile.prod"],
    Form.POWERSHELL: ["start.ps1", "x.psm1"],
    Form.BATCH: ["start.bat", "x.cmd"],
    Form.PROPERTIES: ["application.properties"],
    Form.SQL: ["dump.sql"],
    Form.MARKUP: ["web.xml", "x.html", "x.htm"],
    Form.CRON: ["crontab"],
    Form.TOML: ["settings.toml"],
    Form.FOREMAN: ["Procfile", "Procfile.dev"],
    None: ["", "x.env", "mycompose.yaml", "compose.yaml.txt", "apache.conf", "haproxy.conf", "x.services", "nginx"],
}


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in TEXTS.items() for text in texts])
def test_a_text_is_told_by_its_words(form, text):
    assert recognise(text) is form


@pytest.mark.parametrize(
    ("text", "file", "form"),
    [
        ("frontend web\n  bind :80\n", "nginx.conf", Form.HAPROXY),
        ("shop.example.com {\n  reverse_proxy a:1 b:1\n}\n", "nginx-site.conf", Form.CADDY),
        ("server { listen 80; }\n", "haproxy.cfg", Form.NGINX),
        ("server { listen 80; }\nfrontend web\n", "nginx.conf", Form.NGINX),
        ("upstream", "nginx.conf", Form.NGINX),
        ("frontend web\n", "keepalived.conf", Form.KEEPALIVED),
        ('{"name": "x"}', "package.json", Form.NPM),
        ("[http.routers.a]\n", "dynamic.toml", Form.TRAEFIK),
        ('A = "x"\n', "flat.toml", Form.TOML),
    ],
)
def test_a_balancers_file_that_is_called_after_another_is_told_by_its_words(text, file, form):
    assert recognise(text, file) is form


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in TEXTS.items() if form for text in texts])
def test_the_words_that_tell_are_found_again_in_their_line(form, text):
    line = line_of(form, f"{text}\n\n")
    assert text.splitlines()[line - 1].strip()


@pytest.mark.parametrize(
    ("form", "text", "line"),
    [
        (Form.GITHUB, "name: x\non: push\njobs: {}\n", 3),
        (Form.ANSIBLE, "---\n- name: x\n  hosts: all\n", 3),
        (Form.OPENAPI, '{\n  "openapi": "3.0.0"\n}', 2),
        (Form.CADDY, "x\n", 0),
    ],
)
def test_the_line_is_that_of_the_words(form, text, line):
    assert line_of(form, text) == line


@pytest.mark.parametrize(("form", "file"), [(form, file) for form, files in FILES.items() for file in files])
def test_a_file_is_told_by_its_name(form, file):
    assert recognise("", file) is form


WRITES = 'NAME="nb"\nwrite() {\n  cat > compose.yaml << EOF\nservices:\n  app:\n    image: x\nEOF\n}\n'


@pytest.mark.parametrize("file", ["install.sh", "setup.BASH"])
def test_a_script_that_writes_another_kinds_file_is_one(file):
    assert (recognise(WRITES, file), recognise("export A=1\n", file)) == (Form.SHELL, None)


@pytest.mark.parametrize("file", ["settings.py", "Makefile", "start.ps1", "start.bat", "x.rb", "Jenkinsfile"])
def test_the_name_of_a_program_counts_also_where_it_begins_as_an_env_file(file):
    assert recognise("APP_KEY=x\nDB_HOST=db\ndocker run x\n", file) is not None
    assert recognise("APP_KEY=x\nDB_HOST=db\n", "application.properties") is None


def test_the_name_counts_before_the_words():
    assert recognise("server { }", "compose.yaml") is Form.COMPOSE
    assert recognise("server { }", "x.env") is Form.NGINX


def test_words_count_in_the_first_64_kib_alone():
    assert recognise("\n" * (65536 - 8) + "root /x;") is Form.NGINX
    assert recognise("\n" * (65536 - 7) + "root /x;") is None
