"""What nginx and HAProxy say about a configuration, and what their parsers say in their place."""

from pathlib import Path

import pytest

from wizard.checks.balancer import judge_syntax, judge_syntax_haproxy
from wizard.checks.balancer.judge_syntax import with_line
from wizard.checks.balancer.trial import Parsed, Said, SyntaxFacts
from wizard.engine.facts import PENDING, Known, Trouble
from wizard.plan.finding import ErrorKind, Severity

PASS, INFO, WARN, FAIL, UNKNOWN = Severity.PASS, Severity.INFO, Severity.WARN, Severity.FAIL, Severity.UNKNOWN
TEXT = "server {\n    listen 80;\n    lisen 81;\n}\n"
NGINX, HAPROXY = judge_syntax.judge, judge_syntax_haproxy.judge


def told(judge, facts):
    (finding,) = judge(TEXT, facts)
    return finding.severity, finding.error


def said(output, code=1, *, stand_in=False):
    return SyntaxFacts(Known(Path("/usr/sbin/it")), tested=Known(Said("1.22.1", code, output, stand_in), 8))


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        ("nginx: the configuration file nginx.conf syntax is ok", 0, (PASS, None)),
        ("nginx: [warn] 12#12: low address bits are meaningless in nginx.conf:3", 0, (WARN, None)),
        ("nginx: [warn] one in nginx.conf:2\nnginx: [warn] two", 0, (WARN, None)),
        ("nginx: [notice] using the epoll method", 0, (PASS, None)),
        ('nginx: [emerg] 12#12: unknown directive "lisen" in nginx.conf:3', 1, (FAIL, ErrorKind.OTHER)),
        ('nginx: [emerg] unknown directive "lisen" in nginx.conf:5', 1, (FAIL, ErrorKind.OTHER)),
        ("nginx: [alert] could not open error log file", 1, (FAIL, ErrorKind.OTHER)),
        ("nginx: [crit] no room", 1, (FAIL, ErrorKind.OTHER)),
        ("nginx: [warn] low bits in nginx.conf:2\nnginx: [emerg] bad in nginx.conf:3", 1, (FAIL, ErrorKind.OTHER)),
        ("Segmentation fault\n", 139, (FAIL, ErrorKind.OTHER)),
        ("nginx: syntax is ok\nnginx: [emerg] bind() to 0.0.0.0:80 failed (98: in use)", 1, (PASS, None)),
        ("nginx: [emerg] bind() to 0.0.0.0:80 failed (98: in use)", 1, (FAIL, ErrorKind.OTHER)),
        ('nginx: syntax is ok\nnginx: [emerg] open() "/run/nginx.pid" failed (2: none)', 1, (FAIL, ErrorKind.OTHER)),
        ('nginx: [emerg] host not found in upstream "node1:13000" in nginx.conf:2', 1, (UNKNOWN, ErrorKind.DNS)),
        ('nginx: [emerg] cannot load certificate "/a.pem": BIO_new_file() failed', 1, (FAIL, ErrorKind.TLS)),
        ('nginx: [emerg] SSL_CTX_use_PrivateKey("/a.key") failed', 1, (FAIL, ErrorKind.TLS)),
    ],
)
def test_the_words_of_nginx_are_understood(output, code, expected):
    assert told(NGINX, said(output, code)) == expected


@pytest.mark.parametrize(
    ("output", "code", "expected"),
    [
        ("Configuration file is valid", 0, (PASS, None)),
        ("[WARNING]  (12) : config : missing timeouts", 0, (WARN, None)),
        ("[NOTICE]   (12) : haproxy version is 2.6.12", 0, (PASS, None)),
        (
            "[NOTICE]   (12) : haproxy version\n[ALERT]    (12) : config : parsing [haproxy.cfg:3] : unknown keyword.",
            1,
            (FAIL, ErrorKind.OTHER),
        ),
        ("[ALERT]    (12) : config : Fatal errors found in configuration.", 1, (FAIL, ErrorKind.OTHER)),
        (
            "[ALERT]    (12) : config : parsing [haproxy.cfg:2] : 'bind *:443' : No Private Key found in '/a.pem'.",
            1,
            (FAIL, ErrorKind.TLS),
        ),
        ("[ALERT]    (12) : config : unable to load SSL certificate from PEM file", 1, (FAIL, ErrorKind.TLS)),
        ("Segmentation fault\n", 139, (FAIL, ErrorKind.OTHER)),
    ],
)
def test_the_words_of_haproxy_are_understood(output, code, expected):
    assert told(HAPROXY, said(output, code)) == expected


@pytest.mark.parametrize("judge", [NGINX, HAPROXY])
def test_a_certificate_that_was_stood_in_for_is_told(judge):
    (finding,) = judge(TEXT, said("", 0, stand_in=True))
    assert finding.severity is PASS
    assert "another stood in" in finding.detail


@pytest.mark.parametrize("judge", [NGINX, HAPROXY])
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (SyntaxFacts(Known(None), parsed=Known(Parsed(), 2)), (INFO, None)),
        (SyntaxFacts(Known(None), parsed=Known(Parsed("unknown word.", 3), 2)), (FAIL, ErrorKind.OTHER)),
        (SyntaxFacts(Known(None), parsed=Known(Parsed("bad in nginx.conf:3", 3), 2)), (FAIL, ErrorKind.OTHER)),
        (SyntaxFacts(Known(None), parsed=Known(Parsed("unexpected end"), 2)), (FAIL, ErrorKind.OTHER)),
        (
            SyntaxFacts(Known(Path("/usr/sbin/it")), tested=Trouble(ErrorKind.TIMEOUT, "4 s")),
            (UNKNOWN, ErrorKind.TIMEOUT),
        ),
        (SyntaxFacts(Known(None), parsed=Trouble(ErrorKind.PROTOCOL, "broke")), (UNKNOWN, ErrorKind.PROTOCOL)),
        (SyntaxFacts(PENDING), (UNKNOWN, ErrorKind.OTHER)),
    ],
)
def test_without_the_program_the_parser_counts_and_without_both_nothing_is_known(judge, facts, expected):
    assert told(judge, facts) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (None, "bad"),
        ("0", "Line 0, “”: bad."),
        ("1", "Line 1, “server {”: bad."),
        ("3", "Line 3, “lisen 81;”: bad."),
        ("4", "Line 4, “}”: bad."),
        ("5", "Line 5, “”: bad."),
    ],
)
def test_the_faulty_line_is_shown(line, expected):
    assert with_line(TEXT, "bad", line) == expected
