"""Contents of the nastiest shapes: one piece again and again, where something else belongs."""

from collections.abc import Iterator

Frame = tuple[bytes, bytes]

_RUN = b'{"schema": 1, "started": "2026-01-01T00:00:00+00:00", "elapsed_ms": 1, "tool": {"version": "1"}, "findings": ['
_POD = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{image: nocobase/nocobase, env: [{name: A, value: '"
_APP = b"services:\n app:\n  image: nocobase/nocobase\n  "
_NGINX = b"server { listen 80; "
_PASSES = b"{ proxy_pass http://a; } }"
_HAPROXY = b"frontend f\n bind :80\n default_backend b\n"

FRAMES: dict[str, tuple[Frame, ...]] = {
    "env": ((b"A='", b"'\n"), (b"A=", b"\n"), (b"CACHE_REDIS_URL=redis://", b"\n"), (b"", b"")),
    "secrets": ((b"APP_KEY='", b"'\n"), (b"", b"")),
    "cluster": ((b"schema: 1\nname: '", b"'\n"), (b"schema: 1\nextras:\n", b"\n"), (b"schema: 1\nnodes:\n", b"\n")),
    "saved": ((b"schema: 1\nunreadable:\n", b"\n"), (b"", b"")),
    "accepted": ((b"accepted:\n", b"\n"), (b"accepted: []\n# ", b"\n")),
    "compose": (
        (_APP + b"environment:\n   A: '", b"'\n"),
        (_APP + b"environment: [", b"]\n"),
        (_APP + b"command: |\n   ", b"\n"),
        (b"services:\n", b"\n"),
    ),
    "manifests": ((b"apiVersion: v1\nkind: List\nitems:\n", b"\n"), (_POD, b"'}]}]}\n")),
    "kustomization": ((b"resources: [", b"]\n"), (b"", b"")),
    "docker-inspect": ((b'[{"Id": "1", "Config": {"Image": "nocobase/nocobase", "Env": ["A=', b'"]}}]'), (b"[", b"]")),
    "helm": ((b"replicaCount: 1\nimage: {repository: nocobase/nocobase}\nconfigMap:\n data:\n  ", b"\n"),),
    "systemd": ((b"[Service]\nEnvironment=", b"\n"), (b"[Service]\n", b"\n")),
    "pm2": (
        (b"module.exports = {apps: [", b"]}"),
        (b"module.exports = {apps: [{name: 'nocobase', env: {A: '", b"'}}]}"),
        (b"module.exports = {apps: [{name: ", b"}]}"),
    ),
    "nginx": (
        (_NGINX + b"location / { proxy_pass http://a; ", b"} }"),
        (_NGINX + b"server_name ", b"; location / " + _PASSES),
        (_NGINX + b"location ", _PASSES),
        (b"", b""),
        (_NGINX, b"}"),
        (_NGINX + b"location / { ", b" proxy_pass http://$v1; } }"),
        (b"upstream a { ", b"} " + _NGINX + b"location / " + _PASSES),
        (b"", _NGINX + b"location / { proxy_pass http://a.b; } }"),
    ),
    "site": ((b"", b""), (_NGINX, b"}")),
    "haproxy": (
        (_HAPROXY + b"backend b\n", b"\n"),
        (_HAPROXY + b" acl a path ", b"\n use_backend b if a\nbackend b\n server a a:1\n"),
        (b"backend b\n server a a:1\nfrontend f\n bind :80\n", b"\n default_backend b\n"),
        (_HAPROXY + b"defaults\n", b"\nbackend b\n server a a:1\n"),
    ),
    "run": ((_RUN, b"]}"), (_RUN + b'], "run": {"good": true, "facts": [], "plan": {"schema": 1, "name": "', b'"}}}')),
    "facts": ((b'{"schema": 1, "kind": "nocobase-node", "variables": {', b"}}"), (b"[", b"]")),
    "saved-note": ((b'{"name": "', b'"}'), (b'{"name": [', b"]}")),
    "bundle": ((b'{"schema": 1, "files": [', b"]}"),),
    "consents": ((b'{"schema": 1, "allowed": [', b"]}"),),
    "window-settings": ((b'{"schema": 1, "a": ', b"}"), (b'{"schema": 1, "a": "', b'"}')),
    "encrypted": (
        (b"age-encryption.org/v1\n-> scrypt ", b"\n"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"\n-----END AGE ENCRYPTED FILE-----\n"),
    ),
    "encrypted-within": ((b'{"schema": 1, "secrets": {', b"}}"), (b'{"schema": 1, "secrets": {"a": "', b'"}}')),
    "certificates": (
        (b"-----BEGIN CERTIFICATE-----\n", b"\n-----END CERTIFICATE-----\n"),
        (b"-----BEGIN PRIVATE KEY-----\n", b"\n-----END PRIVATE KEY-----\n"),
    ),
    "pasted": ((b"redis://", b"\n"), (b"10.0.0.1 ", b"\n"), (b"A=", b"\n"), (b"", b"")),
    "archive": ((b"PK\x03\x04", b""), (b"", b"PK\x05\x06" + bytes(18))),
}
"""What stands before and behind the pieces; a reader that is not named gets them alone."""

_LINES = (
    "a|a: b|a=b|- a|a=|a='|a=\"|a=`|a\\|# |---|...|apiVersion: v1\n---|>|}|backend a|server a a:1|use_backend b if a"
    "|defaults|defaults from a|defaults a from a|EnvironmentFile=a|PassEnvironment=a|UnsetEnvironment=a|Environment=A=b"
    "|ExecStart=a|redis://a:b@c/0|-----BEGIN CERTIFICATE-----| "
)
_WORDS = (
    "- - |{a: |[[|[]|{}|[],|{},|${A:-|${A}|$(A)|$$|\\\"|\\'|''|\"\"|'a' |\"a\",|/*|/*,|*/|//|? |&a |*a |!!a || |<<: "
    '|%A |1,|1e9,|0.|true,|"a":1,|a:1,|a(|`${|a`|==|export |a;|a {|a { }|include a;|if ($a) {|server a a:1;'
    "|a |a,|a.|a:|a-|10.0.0.[1-250] |content-length "
    "|a.b |a@|%41|\\u0041|\\ud800|\\x41"
)
PIECES = (
    *(bytes([sign]) for sign in b"\x00\t\n\r !\"#$%&'()*+,-./0:;<=>?@A[\\]^_`{|}~\xff\xc3"),
    *(word.encode() for word in ("\u2028", "é", "\N{GRINNING FACE}", *_WORDS.split("|"))),
    *(f"{line}\n".encode() for line in _LINES.split("|")),
    *(b"9" * 4300 + b",", b"9" * 5000 + b" ", b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"),
)
PIECES = tuple(piece for piece in PIECES if piece)
"""Signs, words and lines that some reader opens, closes, counts or looks ahead for."""

CHANGING = {
    "keys": "k{n}: v\n",
    "keys in braces": "k{n}: v, ",
    "keys of JSON": '"k{n}": {n}, ',
    "anchors": "k{n}: &a{n} v\n",
    "rows": "- k{n}: v\n",
    "names": "- name: n{n}\n",
    "variables": "V{n}=x\n",
    "variables in one another": "V{n}=${{V{m}}}${{V{m}}}\n",
    "addresses": "V{n}_REDIS_URL=redis://a{n}:b@c/0\n",
    "lines of a unit": "Environment=V{n}=x\n",
    "names that are passed": "PassEnvironment=V{n}\n",
    "names that are unset": "UnsetEnvironment=V{n}\n",
    "services": " s{n}: {{image: nocobase/nocobase}}\n",
    "deep keys": "{indent}a:\n",
    "servers": "server {{ listen {n}; location / {{ proxy_pass http://a{n}:1; }} }} ",
    "locations": "location /{n} {{ proxy_pass http://a{n}; }} ",
    "named locations": "location @a{n} {{ proxy_pass http://$a{n}; }} error_page 502 @a{n}; ",
    "expressions": "location ~ a{n} {{ proxy_pass http://a; }} ",
    "upstreams": "upstream u{n} {{ server b:1; }} ",
    "servers of an upstream": "server a{n}:1; ",
    "maps": "map $a $v{n} {{ default {n}; }} ",
    "includes": "include a{n}.conf; ",
    "set variables": "set $v{n} $v{m}$v{m}; ",
    "lines of servers": "server s{n} a{n}:1\n",
    "backends": "backend b{n}\n server s a{n}:1\n",
    "frontends": "frontend f{n}\n bind :{n}\n default_backend b\n",
    "frontends and defaults": "defaults d{n}\n timeout client 1s\nfrontend f{n}\n bind :{n}\n default_backend b\n",
    "defaults from one another": "defaults d{n} from d{m}\n",
    "lines of binds": " bind :{n}\n",
    "routes": " use_backend b{n} if a{n}\n acl a{n} path /x\n",
    "accepted": "- {{id: a.b{n}, severity: fail, reason: x}}\n",
    "servers of Redis": "redis://a{n}:b@c/0\n",
    "hosts": "a{n}.example ",
    "lines of hosts": "a{n}.example:13000\n",
    "documents": "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{n}}}\n---\n",
    "pods": "- {{kind: Pod, metadata: {{name: a{n}}}, spec: {{containers: [{{image: nocobase/nocobase}}]}}}}\n",
    "objects": '{{"a{n}": [{n}]}},',
    "texts": '"n{n}",',
    "files": '{{"path": "a{n}", "sha256": "0"}},',
}
_ENV = "K{n}: v, "


def _used_again(before: str, piece: str, between: str, again: str, end: str = "]\n") -> bytes:
    """Return many entries, and what uses all of them again and again: each alone is short, together they are not."""
    entries = "".join(piece.format(n=n) for n in range(2000))
    return f"{before}{entries}{between}{''.join(again.format(n=n) for n in range(700))}{end}".encode()


_CONTAINER = "containers: [{image: nocobase/nocobase, "
_PODS = "]\nkind: List\nitems: ["
USED_AGAIN: dict[str, tuple[str, bytes]] = {
    "Compose, one environment in many services": (
        "compose",
        _used_again(
            "x: &x {", _ENV, "}\nservices: {", "s{n}: {{image: nocobase/nocobase, environment: *x}}, ", end="}\n"
        ),
    ),
    "Compose, one list of env files in many services": (
        "compose",
        _used_again(
            "x: &x [", "e{n}, ", "]\nservices: {", "s{n}: {{image: nocobase/nocobase, env_file: *x}}, ", end="}\n"
        ),
    ),
    "manifests, lists in one another by aliases": (
        "manifests",
        _used_again(
            "apiVersion: v1\nl: &l {kind: List, items: [",
            "{{kind: Pod}}, ",
            "]}\nm: &m {kind: List, items: [" + "*l, " * 2000 + "]}\nkind: List\nitems: [",
            "*m, ",
        ),
    ),
    "manifests, one list of variables in many pods": (
        "manifests",
        _used_again(
            "apiVersion: v1\nx: &x [",
            "{{name: K{n}, value: v}}, ",
            _PODS,
            "{{kind: Pod, metadata: {{name: p{n}}}, spec: {{" + _CONTAINER.replace("{", "{{") + "env: *x}}]}}}}, ",
        ),
    ),
    "manifests, one ConfigMap in many pods": (
        "manifests",
        _used_again(
            "apiVersion: v1\nkind: List\nitems: [{kind: ConfigMap, metadata: {name: c}, data: {",
            _ENV,
            "}}, ",
            "{{kind: Pod, metadata: {{name: p{n}}}, spec: {{"
            + _CONTAINER.replace("{", "{{")
            + "envFrom: [{{configMapRef: {{name: c}}}}]}}]}}}}, ",
        ),
    ),
    "docker inspect, one list of variables in many containers": (
        "docker-inspect",
        _used_again(
            '[{"Id": "1", "Config": {"Image": "nocobase/nocobase", "Env": &e [',
            '"K{n}=v", ',
            "]}}, ",
            '{{"Id": "{n}", "Config": {{"Image": "nocobase/nocobase", "Env": *e}}}}, ',
        ),
    ),
    "HAProxy, one condition of many lines in many rules": (
        "haproxy",
        b"frontend f\n bind :80\n"
        + b" acl a path /x\n" * 4500
        + b" use_backend b if a\n" * 2500
        + b" default_backend b\nbackend b\n server a a:1\n",
    ),
}
"""Contents whose cost is a product, by their names: with the reader."""

NESTED = {"nested locations": (b"location / { ", b"} "), "nested braces": (b"a { ", b"} ")}
"""What stands in itself again and again, and how it ends."""
_DEEPEST = 2000


def _changing(form: str, size: int) -> bytes:
    parts: list[bytes] = []
    length = number = 0
    while True:
        indent = " " * min(number, _DEEPEST)
        part = form.format(n=number, m=max(number - 1, 0), indent=indent).encode()
        if (length := length + len(part)) > size:
            return b"".join(parts)
        parts.append(part)
        number += 1


def shape(name: str, frame: int, piece: str | bytes, largest: int) -> bytes:
    """Return a content for a reader: a frame of its own, filled with a piece, or with what has that name."""
    begin, end = FRAMES.get(name, ((b"", b""),))[frame]
    room = largest - len(begin) - len(end)
    if piece in NESTED:
        opening, closing = NESTED[piece]
        depth = room // len(opening + closing)
        return begin + opening * depth + closing * depth + end
    if isinstance(piece, str):
        return begin + _changing(CHANGING[piece], room) + end
    return begin + piece * (room // len(piece)) + end


def every_shape(name: str) -> Iterator[tuple[int, str | bytes]]:
    """Go through all frames and pieces of a reader."""
    for frame in range(len(FRAMES.get(name, ((b"", b""),)))):
        for piece in (*PIECES, *CHANGING, *NESTED):
            yield frame, piece
