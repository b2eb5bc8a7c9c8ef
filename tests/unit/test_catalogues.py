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


HAN = "\u4e00-\u9fff"
BEGINS_IN_CHINESE = {"lines", "place", "allowed"}
"""Places of texts that are filled with words of the catalogue alone, never with a name."""
OTHER_WORDS = {
    "账户": "账号",
    "规划": "方案",
    "工作进程 ID": "Worker ID",
    "许可证密钥": "授权密钥",
    "负载均衡器": "负载均衡",
}


def test_in_chinese_a_blank_or_a_quote_stands_between_its_own_signs_and_others():
    glued = re.compile(
        rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]|[{HAN}](?:\{{(\w+)|%\()|(?:\{{(\w+)\}}|%\(\w+\)s)[{HAN}]"
    )
    found = [
        told
        for message in translations.read("zh_CN")
        if message.id
        for _text, told in _pairs(message.id, message.string)
        for match in glued.finditer(told)
        if not {match[1], match[2]} & BEGINS_IN_CHINESE
    ]
    assert not found


def test_one_thing_has_one_word_in_chinese():
    told = {told for one in translations.read("zh_CN") if one.id for _text, told in _pairs(one.id, one.string)}
    assert not [text for text in told for word in OTHER_WORDS if word in text]
