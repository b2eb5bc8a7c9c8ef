"""A catalogue that is offered has every text of the program and no other, and was compiled since.

One that was begun and lacks texts is not compiled, so nobody is offered half a language; its places are held too.
"""

import re
import string

import pytest

from tests import translations
from wizard.app import language

BEGUN = translations.languages()
_WORD = re.compile(r"[a-z]{4}")
LANGUAGES = [name for name in BEGUN if translations.source(name).with_suffix(".mo").exists()]


def test_every_catalogue_can_be_chosen():
    assert [name.replace("_", "-") for name in LANGUAGES] == [name for name in language.available() if name != "en"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_catalogue_has_every_text_and_no_other(name):
    catalogue, source = translations.ids(translations.read(name)), translations.ids(translations.extracted())
    assert not sorted(source - catalogue, key=str), "new texts: scripts/translations update, then translate"
    assert not sorted(catalogue - source, key=str), "texts that are gone: scripts/translations update"


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_text_is_translated(name):
    assert not translations.untranslated(translations.read(name)), "scripts/translations missing lists them"


@pytest.mark.parametrize("name", BEGUN)
def test_a_translation_has_the_places_of_its_text(name):
    found = [
        f"{text!r} -> {told!r}"
        for message in translations.read(name)
        if message.id
        for text, told in _pairs(message.id, message.string)
        if told and _places(told) != _places(text)
    ]
    assert not found


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_catalogue_was_compiled_after_its_last_change(name):
    mo = translations.source(name).with_suffix(".mo")
    assert mo.read_bytes() == translations.compiled(translations.read(name)), "scripts/translations compile"


def test_no_sentence_is_told_in_the_words_of_another_language():
    told = [{one.id: one.string for one in translations.read(name) if one.id} for name in LANGUAGES]
    alike = [
        text
        for at, these in enumerate(told)
        for others in told[:at]
        for text, words in these.items()
        if isinstance(text, str) and " " in text and words != text and words == others.get(text)
    ]
    assert [text for text in alike if _WORD.search(text.partition("{")[0])] == []


def _pairs(ids, strings):
    if isinstance(ids, str):
        return [(ids, strings)]
    return [(ids[-1], told) for told in strings[1:]] or [(ids[-1], strings[0])]


def _places(text):
    """Return the named places of a text, the line's end that gettext wants alike, and argparse's or Jinja's places."""
    try:
        braces = {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:  # a text that nothing is put into, such as one that speaks of “${”
        braces = {text.count("{")}
    percents = {text[at : text.find(")", at) + 2] for at in range(len(text)) if text.startswith("%(", at)}
    return braces, percents, text.count("%s"), text.count("%r"), text.endswith("\n")
