"""What kind of configuration a text is, told by its name and by words that no other kind has. Nothing is parsed."""

from __future__ import annotations

import re
from enum import StrEnum

from wizard.dataclass import dataclass
from wizard.formats.shell_script import begins_as_script, script_line
from wizard.pattern import pattern


class Form(StrEnum):
    """Kinds of configuration that people have beside a cluster; the value is what they call it."""

    NGINX = "nginx"
    HAPROXY = "HAProxy"
    CADDY = "Caddy"
    TRAEFIK = "Traefik"
    APACHE = "Apache"
    KEEPALIVED = "keepalived"
    SYSTEMD = "systemd"
    PM2 = "PM2"
    TERRAFORM = "Terraform"
    NOMAD = "Nomad"
    DOCKERFILE = "Dockerfile"
    DOCKER_INSPECT = "docker inspect"
    COMPOSE = "Compose"
    KUBERNETES = "Kubernetes"
    SUPERVISOR = "Supervisor"
    ECS = "Amazon ECS"
    ANSIBLE = "Ansible"
    ENVOY = "Envoy"
    NPM = "npm"
    CHART = "Helm"
    GITHUB = "GitHub Actions"
    GITLAB = "GitLab CI"
    OPENAPI = "OpenAPI"
    PROMETHEUS = "Prometheus"
    LISTING = "docker ps"
    SHELL = "sh"
    PYTHON = "Python"
    MAKE = "make"
    RUBY = "Ruby"
    JENKINS = "Jenkins"
    POWERSHELL = "PowerShell"
    BATCH = "cmd.exe"
    SCRIPT = "JavaScript"
    PROPERTIES = "Java"
    SQL = "SQL"
    MARKUP = "XML/HTML"
    CRON = "cron"
    FOREMAN = "foreman"
    PEM = "PEM"
    VARIABLES = "JSON"
    SECTIONS = "INI/TOML"
    TOML = "TOML"
    INI = "INI"


@dataclass(frozen=True, slots=True)
class _Signs:
    """A file's name that tells the kind, if one does, and words at the beginning of a line that do.

    `surely` the name tells it also of what begins as an env file: a program sets variables, too.
    """

    form: Form
    words: re.Pattern[str]
    file: re.Pattern[str] | None = None
    surely: bool = False


def _signs(form: Form, words: str, file: str = "", *, surely: bool = False) -> _Signs:
    return _Signs(form, pattern(words, re.MULTILINE), pattern(file, re.IGNORECASE) if file else None, surely)


_KINDS = (
    _signs(
        Form.CHART,
        r"\A(?![^\0]*?^kind[ \t]*:)(?=[^\0]*?^version[ \t]*:)"
        r"(?=[^\0]*?^(?P<sign>apiVersion)[ \t]*:[ \t]*['\"]?v[12]\b)",
        r"Chart\.ya?ml",
    ),
    # a template of a chart, which is no YAML before it is rendered
    _signs(
        Form.CHART,
        r"\A(?=[^\0]*?^kind[ \t]*:)(?=[^\0]*?(?P<sign>\{\{-?[ \t]*"
        r"(?:include[ \t]+\"|(?:(?:toYaml|with|if|range)[ \t]+)?\.(?:Values|Release|Chart)\.)))",
    ),
    # first: what is set into another kind's file, such as a site of nginx in a ConfigMap, does not make it one
    _signs(
        Form.KUBERNETES,
        r"^apiVersion\s*:|\A\s*\{\s*\"(?:apiVersion|kind)\"\s*:"
        r"|^[ \t]*(?:\{[ \t]*)?\"apiVersion\"[ \t]*:",
        r"kustomization\.ya?ml",
    ),
    _signs(Form.NPM, r"(?!)", r"(?:package|package-lock|tsconfig|composer|lerna)\.json"),
    _signs(Form.ECS, r"\"containerDefinitions\"\s*:|^containerDefinitions\s*:"),
    _signs(Form.CADDY, r"\"apps\"\s*:\s*\{\s*\"(?:http|tls|layer4|pki|events)\"\s*:"),
    # before Compose: a pipeline has services, too, as a list
    _signs(
        Form.GITLAB,
        r"\A(?=[^\0]*?^(?P<sign>stages)[ \t]*:)"
        r"(?=[^\0]*?(?:^[ \t]+script[ \t]*:|^services[ \t]*:[ \t]*(?:\[|(?:#[^\n]*)?\n[ \t]*-[ \t])))",
        r"\.gitlab-ci\.ya?ml",
    ),
    _signs(
        Form.COMPOSE,
        r"^services\s*:|\A\s*\{\s*\"(?:services|name)\"\s*:",
        r"(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml",
    ),
    _signs(
        Form.GITHUB,
        r"\A(?=[^\0]*?^['\"]?on['\"]?[ \t]*:)(?=[^\0]*?^(?P<sign>jobs)[ \t]*:)",
    ),
    _signs(Form.OPENAPI, r"^(?:openapi|swagger)[ \t]*:[ \t]*['\"]?[0-9]|\A\s*\{\s*\"(?:openapi|swagger)\"\s*:"),
    _signs(Form.PROMETHEUS, r"^(?:scrape_configs|rule_files)[ \t]*:"),
    _signs(
        Form.SYSTEMD,
        r"^\[(?:Unit|Service|Install|Timer|Socket|Path|Container|Pod)\]\s*$",
        r".*\.(?:service|timer|socket|container)",
    ),
    _signs(
        Form.SUPERVISOR,
        r"^\[(?:supervisord|supervisorctl|unix_http_server|(?:program|group|eventlistener):[^\]\n]+)\][ \t]*$",
        r"supervisor(?:d)?\.conf",
    ),
    _signs(
        Form.PM2,
        r"^[ \t]*(?:module\.exports\s*=|(?:module\.)?exports\.apps\s*=|export\s+default\b)|\A\s*\{\s*\"apps\"\s*:"
        r"|^apps[ \t]*:[ \t]*(?:#.*)?\n\s*-[ \t]+(?:name|script|cwd|args|instances|exec_mode|interpreter|env)\s*:",
        r"(?:ecosystem|pm2|process)(?:\.[\w-]+)*\.(?:c?js|mjs|json|ya?ml)",
    ),
    _signs(Form.NOMAD, r"^job\s+\"[^\"\n]*\"\s*\{|\A\s*\{\s*\"Job\"\s*:\s*\{", r".*\.nomad(?:\.hcl|\.json)?"),
    _signs(
        Form.TERRAFORM,
        r"^(?:resource|data)\s+\"[^\"\n]*\"\s+\"[^\"\n]*\"\s*\{|^(?:variable|provider|module|output)\s+\"[^\"\n]*\"\s*\{"
        r"|^(?:terraform|locals)\s*\{",
        r".*\.(?:tf|tfvars|tf\.json)",
    ),
    _signs(
        Form.DOCKERFILE,
        r"\A(?:[ \t]*(?:#.*|ARG[ \t].*)?\n)*FROM[ \t]+\S",
        r"(?:.*\.)?(?:dockerfile|containerfile)(?:\..*)?",
    ),
    _signs(
        Form.KEEPALIVED,
        r"^[ \t]*(?:vrrp_(?:instance|script|sync_group)|virtual_server)\b[^\n]*\{",
        r"keepalived.*\.conf",
    ),
    _signs(Form.APACHE, r"^[ \t]*(?:<(?:VirtualHost|Proxy|IfModule|Location|Directory)\b|ProxyPass(?:Match)?\s+\S)"),
    _signs(
        Form.TRAEFIK,
        r"^(?:entryPoints|certificatesResolvers)\s*:"
        r"|^(?:http|tcp)[ \t]*:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]+(?:routers|services|middlewares)\s*:"
        r"|^[ \t]*\[(?:entryPoints|http\.(?:routers|services|middlewares)|certificatesResolvers)\b",
        r"traefik.*\.(?:ya?ml|toml)",
    ),
    _signs(
        Form.HAPROXY,
        r"^(?:frontend|backend|listen)[ \t]+[\w.:-]+[ \t]*(?:#.*)?$|^(?:global|defaults)[ \t]*(?:#.*)?\n[ \t]+\w",
        r"haproxy.*\.cfg",
    ),
    _signs(
        Form.NGINX,
        r"^[ \t]*(?:proxy_pass|server_name|listen|worker_processes|root)[ \t][^;{}=\n]*;"
        r"|^[ \t]*(?:server|http|events|stream)[ \t]*\{"
        r"|^[ \t]*upstream[ \t]+[\w.-]+[ \t]*\{",
        r"nginx.*\.conf",
    ),
    _signs(
        Form.CADDY,
        r"^[ \t]*(?:reverse_proxy|file_server|php_fastcgi|handle_path)\b[^;=\n]*$",
        r"caddyfile.*|.*\.caddyfile",
    ),
    _signs(
        Form.DOCKER_INSPECT,
        r"\A\s*(?:\[\s*)?\{\s*\"Id\"\s*:|\A\s*\[\s*\{[^\0]{0,60000}?\"(?:Config|HostConfig|TaskTemplate)\"\s*:\s*\{"
        r"|\A\s*\{\s*\"ID\"\s*:[^\0]{0,60000}?\"TaskTemplate\"\s*:\s*\{",
    ),
    # what docker (compose) ps, docker stack and docker service list, kubectl get, and kubectl describe
    _signs(
        Form.LISTING,
        r"\A\s*(?:\[\s*)?\{\s*\"(?:ID|Name|Command|CreatedAt|CurrentState)\"\s*:(?=[^\0]{0,3000}?"
        r"\"(?:Image|Services|Publishers|Ports|Replicas|DesiredState)\"\s*:)"
        r"|\A\s*(?:CONTAINER ID|ID|NAME|NAMESPACE|SERVICE) {2,}[A-Z][A-Z()-]*(?: +[A-Z()-]+)*[ \t\r]*$"
        r"|\AName:[ \t]+\S[^\n]*\n(?:Namespace|CreationTimestamp|Labels|Priority):[ \t]",
    ),
    # a playbook is a list, which begins the text: lists with hosts stand below keys of other kinds
    _signs(
        Form.ANSIBLE,
        r"\A(?:(?:[ \t]*#[^\n]*|---[^\n]*|[ \t\r]*)\n)*+(?=-[ \t])"
        r"(?=[^\0]*?^-[ \t]+(?:\w+[ \t]*:[^\n]*\n[ \t]+){0,8}?(?P<sign>hosts)[ \t]*:)",
        r"ansible\.cfg",
    ),
    _signs(Form.ENVOY, r"^(?:static_resources|dynamic_resources)[ \t]*:", r"envoy.*\.ya?ml"),
    _signs(
        Form.PYTHON,
        r"^(?:import[ \t]+[\w.]+(?:[ \t]*,[ \t]*[\w.]+)*(?:[ \t]+as[ \t]+\w+)?[ \t]*$|from[ \t]+[\w.]+[ \t]+import\b"
        r"|(?:async[ \t]+)?def[ \t]+\w+\(|class[ \t]+\w+(?:\([^\n]*\))?:[ \t]*$)|\A#![^\n]*\bpython",
        r".*\.py",
        surely=True,
    ),
    # what is made, and below it what is to be done, behind a tab that no YAML takes
    _signs(
        Form.MAKE,
        r"^[\w./%$()-]+(?:[ \t]+[\w./%$()-]+)*[ \t]*::?(?!=)[^=\n]*\n\t|^\.PHONY[ \t]*:",
        r"(?:gnu)?makefile|.*\.mk",
        surely=True,
    ),
    _signs(
        Form.RUBY,
        r"^(?:require(?:_relative)?[ \t]+['\"]|ENV\[['\"]|Vagrant\.configure\b)",
        r".*\.rb|vagrantfile",
        surely=True,
    ),
    _signs(Form.JENKINS, r"^pipeline[ \t]*\{", r"jenkinsfile(?:\..*)?", surely=True),
    _signs(Form.POWERSHELL, r"^[ \t]*\$env:\w+[ \t]*=|^\[Environment\]::", r".*\.psm?1", surely=True),
    _signs(
        Form.BATCH, r"^@?(?i:echo[ \t]+off|setlocal)[ \t\r]*$|^(?i:setx[ \t]+\w+[ \t])", r".*\.(?:bat|cmd)", surely=True
    ),
    _signs(
        Form.SCRIPT,
        r"^[ \t]*(?:import\b[^\n]*\bfrom[ \t]*['\"]|import[ \t]*['\"][^'\"\n]*['\"];"
        r"|(?:const|let|var)[ \t]+[\w{\[][^\n]*=|process\.env\.\w+[ \t]*="
        r"|export[ \t]+(?:const|let|async|function|class|interface|type)\b)",
    ),
    _signs(
        Form.PROPERTIES,
        r"\A(?:[ \t\r]*(?:[#!][^\n]*)?\n)*[ \t]*[a-z][\w-]*(?:\.[\w-]+)+[ \t]*[=:]",
        r".*\.properties",
    ),
    _signs(
        Form.SQL,
        r"^(?i:create|alter|drop)[ \t]+(?i:table|database|user|role|schema)\b|^(?i:insert[ \t]+into)\b",
        r".*\.sql",
    ),
    _signs(Form.MARKUP, r"\A\s*<(?:\?xml|!DOCTYPE|html|(?i:!doctype))", r".*\.(?:xml|html?)"),
    _signs(
        Form.CRON, r"^(?:[0-9*,/-]+[ \t]+){5}\S|^@(?:reboot|yearly|monthly|weekly|daily|hourly)[ \t]+\S", r"crontab"
    ),
    _signs(Form.FOREMAN, r"(?!)", r"procfile(?:\..*)?"),
    _signs(
        Form.VARIABLES,
        r"\A\s*\{\s*(?=[^\0]*?\"[A-Z]+_[A-Z0-9_]+\"\s*:)\"[A-Z_][A-Z0-9_]*\"\s*:\s*[\"0-9tfn-]"
        r"|\A\s*\[\s*\{\s*\"name\"\s*:\s*\"[A-Z_][A-Z0-9_]*\"\s*,\s*\"value",
    ),
    _signs(Form.PEM, r"\A\s*-----BEGIN [A-Z0-9 ]+-----"),
    # last but those without one: a section's title on a line of its own is in no env file, and in many other kinds
    _signs(Form.SECTIONS, r"^\[\[?[\w.:-]+(?:[ \t]+[^\[\]\n]+)?\]\]?[ \t]*(?:[#;].*)?$"),
    # without a section both are told from an env file by a name, and by what no reader of one takes
    _signs(Form.TOML, r"^[ \t]*[\w.-]+[ \t]+=[ \t]+(?:\"\"\"|''')", r".*\.toml", surely=True),
    _signs(Form.INI, r"\A(?![^\0]*?^[ \t]*#)\s*;"),
)


_LOOKED_AT = 64 * 1024
"""Characters at a text's beginning that tell its kind."""


_SCRIPT = pattern(r".*\.(?:ba|da|z|k)?sh", re.IGNORECASE)
"""How a script is called, which may have another kind's file in it, to write it."""
_ASSIGNMENT = pattern(r"\A(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*=")


def line_of(form: Form, text: str) -> int:
    """Return the line with the words that tell that a text is of a kind; 0 where only the file's name does."""
    start = text[:_LOOKED_AT]
    if form is Form.SHELL:
        return script_line(start)
    found = next((match for kind in _KINDS if kind.form is form and (match := kind.words.search(start))), None)
    if found is None:
        return 0
    told = start[: found.start("sign")] if "sign" in found.re.groupindex else start[: found.end()].rstrip()
    return told.count("\n") + 1


def begins_as_env(text: str) -> bool:
    """Whether a text's first line that is no comment gives a variable a value, as no other kind's does."""
    return _ASSIGNMENT.match(text.replace("\r", "")) is not None


def has_script(text: str) -> bool:
    """Whether a text has a line of a shell's script, whatever else it is."""
    return bool(script_line(text[:_LOOKED_AT]))


_NAMED_LOOSELY = {Form.NGINX, Form.HAPROXY, Form.CADDY, Form.TRAEFIK, Form.TOML}
"""Those after whom people call another one's files, and what files of other kinds are written in."""


def recognise(text: str, file: str = "") -> Form | None:
    """Return what kind of configuration a text is, by its file's name first, then by its words; None for any other.

    The name of what begins as an env file tells nothing, and that of one balancer's file nothing where another's words
    are in it; what is written in TOML may be of another kind.
    """
    start = text[:_LOOKED_AT]
    named = next((kind for kind in _KINDS if file and kind.file and kind.file.fullmatch(file)), None)
    scripted = begins_as_script(start) or _SCRIPT.fullmatch(file)
    if not (named and named.surely) and scripted and script_line(start):
        return Form.SHELL
    by_name = named if named and (named.surely or not begins_as_env(start)) else None
    if by_name and (by_name.form not in _NAMED_LOOSELY or by_name.words.search(start)):
        return by_name.form
    found = next((kind for kind in _KINDS if kind.words.search(start)), by_name)
    if found:
        return found.form
    return Form.SHELL if script_line(start) else None
