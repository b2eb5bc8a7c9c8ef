"""Redaction: every form in which a secret travels is taken out, and innocent words stay."""

import base64
import html
import json
import quopri
import ssl
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.plan.finding import ErrorKind, Severity
from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret
from wizard.plan.secret_variants import in_small_letters
from wizard.plan.spec import Spec

VALUE = 'p"a/s (s)\\wört+#漢!'


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE),
        quote(VALUE, safe=""),
        quote_plus(VALUE),
        json.dumps(VALUE),
        json.dumps(VALUE, ensure_ascii=False),
        repr(VALUE),
        repr(VALUE.encode()),
        quote(VALUE, safe="!'()*"),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
    ],
    ids=[
        "plain",
        "percent",
        "percent-all",
        "plus",
        "json-ascii",
        "json",
        "repr",
        "bytes",
        "javascript",
        "base64",
        "base64-url",
    ],
)
def test_each_form_is_hidden(form):
    cleaned = Redactor([Secret(VALUE)]).text(f"before {form} after")
    assert form not in cleaned
    assert HIDDEN in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")


ODD = "p<a&ss\"w'ö  rd$/+x9%25"


def each(form):
    return "".join(form(sign) for sign in ODD)


WRITTEN_OTHERWISE = {
    "one sign in small hexadecimal": ODD.replace("<", "%3c"),
    "all signs in percent": "".join(f"%{byte:02x}" for byte in ODD.encode()),
    "percent of percent": quote(quote(ODD, safe=""), safe=""),
    "percent thrice": quote(quote(quote(ODD), safe=""), safe=""),
    "HTML, decimal": each(lambda sign: f"&#{ord(sign)};"),
    "HTML, hexadecimal": each(lambda sign: f"&#x{ord(sign):04X};"),
    "HTML, by names": ODD.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&apos;"),
    "HTML, a slash as well": html.escape(ODD).replace("/", "&#x2F;"),
    "HTML within an address": quote(html.escape(ODD)),
    "JSON as Go writes it": json.dumps(ODD, ensure_ascii=False)[1:-1].replace("&", "\\u0026").replace("<", "\\u003c"),
    "JSON within JSON": json.dumps(json.dumps(ODD)),
    "JavaScript": each(lambda sign: f"\\u{{{ord(sign):x}}}"),
    "hexadecimal bytes": "".join(f"\\x{byte:02x}" for byte in ODD.encode()),
    "PostgreSQL's bytea": f"\\x{ODD.encode().hex()}",
    "a shell's backslashes": each(lambda sign: sign if sign.isalnum() else f"\\{sign}"),
    "on one line": " ".join(ODD.split()),
    "a form": quote_plus(ODD),
    "octal bytes": "".join(f"\\{byte:03o}" for byte in ODD.encode()),
    "octal, one sign": ODD.replace("<", "\\74"),
    "octal within JSON": json.dumps("".join(f"\\{byte:03o}" for byte in ODD.encode()))[1:-1],
    "octal, Latin-1": "".join(f"\\{byte:03o}" for byte in ODD.encode("latin-1")),
    "percent, Latin-1": quote(ODD, safe="", encoding="latin-1"),
    "percent, one sign in Latin-1": ODD.replace("ö", "%F6"),
    "hexadecimal bytes, Latin-1": repr(ODD.encode("latin-1"))[2:-1],
    "hexadecimal, Latin-1": ODD.encode("latin-1").hex(),
    "base64, Latin-1": base64.b64encode(ODD.encode("latin-1")).decode(),
    "UTF-8 taken for Latin-1": ODD.encode().decode("latin-1"),
    "UTF-8 taken for Windows' Latin-1": ODD.encode().decode("cp1252"),
    "Latin-1 taken for UTF-8": ODD.encode("latin-1").decode(errors="replace"),
    "Latin-1 kept as it came": ODD.encode("latin-1").decode(errors="surrogateescape"),
    "ASCII": ODD.encode("ascii", "replace").decode(),
    "eight digits": each(lambda sign: f"\\U{ord(sign):08x}"),
    "octal as echo and printf read it": "".join(f"\\0{byte:03o}" for byte in ODD.encode()),
    "octal as echo reads it, one sign": ODD.replace("<", "\\0074"),
    "mail": quopri.encodestring(ODD.encode(), quotetabs=True).decode(),
    "mail, all signs": "".join(f"={byte:02X}" for byte in ODD.encode()),
    "mail, on two lines": ODD.replace("ss", "s=\r\ns"),
    "a form with signs chosen otherwise": ODD.replace("%", "%25")
    .replace("+", "%2B")
    .replace("<", "%3c")
    .replace(" ", "+"),
    "HTML, decimal with noughts": each(lambda sign: f"&#{ord(sign):012d};"),
    "HTML, hexadecimal with noughts": each(lambda sign: f"&#x{ord(sign):012X};"),
    "HTML, long names": ODD.replace("'", "&apos;").replace("$", "&dollar;").replace("/", "&sol;"),
    "old JavaScript's escape": each(lambda sign: f"%u{ord(sign):04X}"),
    "Perl": each(lambda sign: f"\\x{{{ord(sign):x}}}"),
    "YAML": ODD.replace("ö", "\\xf6").replace('"', '\\"').replace("/", "\\/"),
    "SQL": ODD.replace("'", "''"),
    "a table": ODD.replace('"', '""'),
    "systemd": ODD.replace("%", "%%"),
    "Compose": ODD.replace("$", "$$"),
    "hexadecimal with colons": ODD.encode().hex(":").upper(),
    "hexadecimal with blanks": ODD.encode().hex(" "),
    "base32": base64.b32encode(ODD.encode()).decode().rstrip("="),
    "base32 in small letters": base64.b32encode(ODD.encode()).decode().rstrip("=").lower(),
    "LDAP": each(lambda sign: sign if sign.isalnum() else "".join(f"\\{byte:02x}" for byte in sign.encode())),
    "a name in LDAP": ODD.replace("+", "\\+").replace("<", "\\3C").replace('"', '\\"'),
    "CSS": each(lambda sign: sign if sign.isalnum() else f"\\{ord(sign):x} "),
    "CSS, six digits": each(lambda sign: f"\\{ord(sign):06X}") + " ",
    "CSS, signs": each(lambda sign: sign if sign.isalnum() else f"\\{sign}"),
    "Python's names": ODD.encode("ascii", "namereplace").decode(),
    "Python's names, all signs": each(lambda sign: f"\\N{{{unicodedata.name(sign)}}}"),
    "Perl's numbers": each(lambda sign: f"\\N{{U+{ord(sign):04X}}}"),
    "capitals": ODD.upper(),
    "capitals, one sign in percent": ODD.upper().replace("<", "%3c").replace("Ö", "ö"),
    "small letters, in HTML": html.escape(ODD.lower()),
    "base64 without its end": base64.urlsafe_b64encode(ODD.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE)
@pytest.mark.parametrize("around", ["{}", "100% of it & “\\x” {} %zz &nosuch; &#x110000; \\"])
def test_a_secret_with_signs_written_in_another_way_is_hidden(form, around):
    cleaned = Redactor([Secret(ODD)]).text(around.format(form))
    assert cleaned.replace('"\\"', "").replace('\\""', "").replace("\\x•", "•") == around.format(HIDDEN)


LONG = "K7#mQ2w<Xz9!pR4t"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("said “K7#mQ2w<…”", id="half of it"),
        pytest.param("said “K7#mQ2w<Xz9!pR4…”", id="all but one"),
        pytest.param("said “…Xz9!pR4t”", id="its second half"),
        pytest.param("said “…w<Xz9!pR4t”", id="its end"),
        pytest.param("said “k7#mq2w<xz…”", id="in small letters"),
        pytest.param("said “K7%23mQ2w%3CXz…”", id="in an address"),
        pytest.param("said “K7#mQ2w<Xz K7#mQ2w<Xz9!pR4t pR4…”".replace(" pR4", ""), id="beside the whole"),
    ],
)
def test_half_of_a_secret_and_more_is_hidden_as_far_as_it_goes(text):
    cleaned = Redactor([Secret(LONG)]).text(text)
    assert cleaned.replace("…", "").replace(f"{HIDDEN} {HIDDEN}", HIDDEN) == f"said “{HIDDEN}”"


@pytest.mark.parametrize("text", ["k7#öq2w", "K7#ÖQ2W", "k7#Öq2W"])
def test_a_short_secret_is_hidden_in_any_letter_case(text):
    assert Redactor([Secret("K7#öQ2w")]).text(f"({text})") == f"({HIDDEN})"


@pytest.mark.parametrize("text", ["K7#mQ2w", "9!pR4t", "mQ2w<Xz9"])
def test_less_than_half_of_a_secret_or_its_middle_is_left(text):
    assert Redactor([Secret(LONG)]).text(text) == text


@pytest.mark.parametrize("text", ["sunflower", "FATAL: no Sunflower", "nocobase-crm"])
def test_a_plain_word_with_which_a_secret_begins_is_left(text):
    assert Redactor([Secret("Sunflower+2024!"), Secret("nocobase-crm-K7#mQ2w")]).text(text) == text


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("Nocobase@123", "ssh nocobase@node1"),
        ("nocobase-2024-Xy", "docker logs nocobase-node1"),
        ("2024@nocobase", "npm view @nocobase/server"),
        ("NocoBase.2024!", "see nocobase.com"),
    ],
)
def test_a_word_with_one_sign_is_left_where_a_secret_begins_or_ends_with_it(secret, text):
    clean = Redactor([Secret(secret)]).text
    assert (clean(text), clean(secret[:-1]), clean(secret[1:])) == (text, *[HIDDEN] * 2)


@pytest.mark.parametrize("text", ["nocobase@#", "#@nocobase", "nocobase@1"])
def test_a_word_with_more_than_one_sign_of_a_secret_is_hidden(text):
    assert Redactor([Secret("nocobase@#K7m"), Secret("K7m#@nocobase"), Secret("nocobase@123")]).text(text) == HIDDEN


def test_a_piece_that_is_open_is_left_and_what_goes_on_is_hidden():
    clean = Redactor([Secret("crm7.internal-K7#mQ2w")], open_texts=["CRM7.internal-a"]).text
    assert clean("crm7.internal- of crm7.internal-K7…") == f"crm7.internal- of {HIDDEN}…"


def test_a_plain_word_that_is_a_secret_is_left_in_another_letter_case():
    assert Redactor([Secret("redis")]).text("redis of Redis") == f"{HIDDEN} of Redis"


def test_a_name_of_the_plan_is_left_in_our_own_words_in_each_letter_case():
    redactor = Redactor([Secret("CRM-7-prod")], open_texts=["crm-7-prod"])
    spec = Spec("thing.works", "It works.", severities=(Severity.FAIL,))
    found = redactor.finding(spec.fail("Crm-7-Prod is away.", ErrorKind.OTHER))
    assert found.summary == "Crm-7-Prod is away."


@given(st.text())
def test_a_text_in_small_letters_has_each_letter_at_its_place(text):
    assert len(in_small_letters("İ" + text)) == len(text) + 1


def test_what_is_no_secret_is_left_as_it_was_written():
    text = "GET /a%2fb?c=%20d &lt;p&gt; \\u0041 \\$HOME C:\\new & 100%"
    assert Redactor([Secret(ODD)]).text(text) == text


def test_a_word_that_is_a_secret_is_hidden_where_others_wrote_it_in_another_way_and_not_where_we_did():
    redactor = Redactor([Secret("redis")])
    assert redactor.text("%72edis") == HIDDEN
    spec = Spec("thing.works", "It works.", severities=(Severity.FAIL,))
    assert redactor.finding(spec.fail("%72edis redis", ErrorKind.OTHER)).summary == "%72edis redis"


@pytest.mark.parametrize("lead", ["", "u", "us", "use", "user:", "nocobase:"])
def test_base64_of_a_longer_text_that_holds_the_secret_is_hidden_enough(lead):
    encoded = base64.b64encode(f"{lead}a-long-secret-value:more".encode()).decode()
    cleaned = Redactor([Secret("a-long-secret-value")]).text(f"Basic {encoded}")
    assert HIDDEN in cleaned
    assert b"long-secret" not in base64.b64decode(cleaned.split()[1].replace(HIDDEN, "") + "==", validate=False)


def test_each_line_of_a_secret_of_several_lines_is_hidden():
    key = Secret("-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----")
    assert Redactor([key]).text("read ijklmnop there") == f"read {HIDDEN} there"


@pytest.mark.parametrize("form", ["first\\u003cline\\nand\\ta second", "\\146irst<line\\012and\\ta second"])
def test_a_secret_with_ends_of_lines_and_other_signs_written_in_another_way_is_hidden(form):
    assert Redactor([Secret("first<line\nand\ta second")]).text(f"it said {form}.") == f"it said {HIDDEN}."


@pytest.mark.parametrize("form", ["\\uD83D\\uDE00<s\\u003E", "\\ud83d\\ude00<s>", "&#128512;<s>", "=F0=9F=98=80<s>"])
def test_a_sign_of_two_halves_is_read_back(form):
    assert Redactor([Secret("😀<s>")]).text(f"it said {form}.") == f"it said {HIDDEN}."


@pytest.mark.parametrize("secret", ["abcd", "abcde", "abcdef"])
def test_base64_of_a_short_secret_is_hidden_with_and_without_its_padding(secret):
    encoded = base64.urlsafe_b64encode(secret.encode()).decode()
    assert Redactor([Secret(secret)]).text(f"{encoded.rstrip('=')} {encoded}").replace("=", "") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize("write", [base64.encodebytes, lambda raw: ssl.DER_cert_to_PEM_cert(raw).encode()])
def test_base64_on_lines_is_hidden_line_by_line(write):
    raw = bytes(range(33, 127)) * 3
    lines = [line for line in write(raw).decode().splitlines() if "-----" not in line and len(line) >= 8]
    assert [Redactor([Secret(raw.decode())]).text(line) for line in lines] == [HIDDEN] * len(lines)


def test_a_secret_that_ends_within_a_sign_of_the_text_is_hidden_with_the_whole_sign():
    assert Redactor([Secret("â\x89\x82Ì")]).text("a &NotEqualTilde; b") == f"a {HIDDEN} b"


def test_each_line_of_a_very_long_secret_is_hidden_to_a_bound_and_the_whole_always():
    long = "\n".join(f"line<{number}" for number in range(30_001))
    cleaned = Redactor([Secret(long)]).text
    assert cleaned("it has line%3C19999.") == f"it has {HIDDEN}."
    assert cleaned(f"({long}) ({quote(long)})") == f"({HIDDEN}) ({HIDDEN})"
    assert cleaned(base64.b64encode(long.encode()).decode()) == HIDDEN


def test_of_a_short_secret_that_lost_its_letters_no_question_marks_are_hidden():
    assert Redactor([Secret("漢字漢字"), Secret("äöüß")]).text("What???? \ufffd\ufffd\ufffd\ufffd") == (
        "What???? \ufffd\ufffd\ufffd\ufffd"
    )


def test_a_secret_within_another_leaves_no_rest():
    redactor = Redactor([Secret("secret"), Secret("secret-and-more")])
    assert redactor.text("secret-and-more") == HIDDEN


def test_very_short_values_do_not_tear_holes_into_words():
    assert Redactor([Secret("a"), Secret("")]).text("a plain word") == "a plain word"


def test_data_is_cleaned_through_and_through():
    redactor = Redactor([Secret("hidden-value")])
    data = {"a": ["x hidden-value", 3, None], "b": {"c": ("hidden-value",), "d": Secret("other")}}
    assert redactor.data(data) == {"a": [f"x {HIDDEN}", 3, None], "b": {"c": [HIDDEN], "d": HIDDEN}}


@settings(deadline=None)
@given(st.text(min_size=4), st.text(alphabet="abc :/@", max_size=8), st.text(alphabet="abc :/@", max_size=8))
def test_no_value_survives_in_plain_or_percent_encoded_form(value, before, after):
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    redactor = Redactor([Secret(value)])
    for form in (value, quote(value, safe=""), json.dumps(value)[1:-1]):
        cleaned = redactor.text(before + form + after)
        assert form not in cleaned.replace(HIDDEN, "\0")


def test_a_value_that_is_no_utf_8_is_hidden_too():
    odd = b"caf\xe9-secret".decode(errors="surrogateescape")
    assert odd not in Redactor([Secret(odd)]).text(f"before {odd} after")
    assert Secret(odd) == Secret(odd)
    assert Secret(odd).fingerprint() != Secret("other").fingerprint()


@pytest.mark.parametrize("form", ["{{{{ app_{} }}}}", "${{APP_{}}}", "#{{App.{}}}#", "@@app_{}@@", "__APP_{}__"])
def test_a_name_in_the_signs_of_a_template_hides_no_other_one(form):
    value, other = form.format("database_password"), form.format("database_name")
    assert Redactor([Secret(value)]).text(other) == other
    assert HIDDEN in Redactor([Secret(f"9{value}")]).text(f"9{other}")


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("${{Postgres.PGPASSWORD}}", "${{Postgres.PGPORT}}"),
        ("{{ vault_db_password | trim }}", "{{ vault_db_port | trim }}"),
        ("$SERVICE_BASE64_APPKEY", "given from elsewhere: SERVICE_BASE64_APPKEY"),
        ("${NOCOBASE_DB_PASSWORD:?}", "${NOCOBASE_DB_PORT:?}"),
        ("$(DB_PASSWORD_MAIN)", "$(DB_PASSWORD_MAIL)"),
        ("%NOCOBASE_DB_PASSWORD%", "%NOCOBASE_DB_PORT%"),
        ("((noco.db_password))", "((noco.db_port))"),
        ("<your-db-password>", "<your-db-host>"),
        ("[YOUR-DB-PASSWORD]", "[YOUR-DB-PORT]"),
    ],
)
def test_a_name_in_the_signs_of_another_tools_template_hides_no_other_one(value, other):
    redactor = Redactor([Secret(value)])
    assert redactor.text(other) == other
    assert redactor.text(f"it is {value}.") == f"it is {HIDDEN}."


@pytest.mark.parametrize("value", ["$S3cr3tPassw0rdX", "<S3cr3tPassw0rdX>", "[S3cr3tPassw0rdX]", "{{S3cr3t'Passw0rd}}"])
def test_signs_of_a_template_around_what_may_be_a_password_do_not_open_it(value):
    assert value[3:13] not in Redactor([Secret(value)]).text(f"left of it: {value[1:]}")
