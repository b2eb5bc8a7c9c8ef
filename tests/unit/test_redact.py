"""Redaction: every form in which a secret travels is taken out, and innocent words stay."""

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.plan.redact import Redactor
from wizard.plan.secret import HIDDEN, Secret

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


@pytest.mark.parametrize("lead", ["", "u", "us", "use", "user:", "nocobase:"])
def test_base64_of_a_longer_text_that_holds_the_secret_is_hidden_enough(lead):
    encoded = base64.b64encode(f"{lead}a-long-secret-value:more".encode()).decode()
    cleaned = Redactor([Secret("a-long-secret-value")]).text(f"Basic {encoded}")
    assert HIDDEN in cleaned
    assert b"long-secret" not in base64.b64decode(cleaned.split()[1].replace(HIDDEN, "") + "==", validate=False)


def test_each_line_of_a_secret_of_several_lines_is_hidden():
    key = Secret("-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----")
    assert Redactor([key]).text("read ijklmnop there") == f"read {HIDDEN} there"


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
