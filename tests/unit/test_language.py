"""Which language is spoken, by what is asked for and what the system says."""

import gettext

import pytest

from tests import translations
from tests.unit.plans import good_plan
from wizard.app import language
from wizard.guide.figures import duration
from wizard.guide.summary import fact
from wizard.plan import i18n
from wizard.plan.i18n import alternatives, clauses, decimal, listing, sentences, tr, trn

TEXT = "The file changes."


@pytest.fixture
def spoken(tmp_path, monkeypatch):
    """Make catalogues of French and simplified Chinese, and return what tells the language in force."""
    for code in ("fr", "zh_CN"):
        catalogue = translations.Catalog(locale=code)
        catalogue.add(TEXT, f"[{code}]")
        catalogue.add("1.5", "1,5" if code == "fr" else "1.5")
        catalogue.add("1, 2", "1, 2" if code == "fr" else "1、2")
        catalogue.add("1; 2", "1\N{NO-BREAK SPACE}; 2" if code == "fr" else "1\N{FULLWIDTH SEMICOLON}2")
        catalogue.add(
            ("1 node", "{count} nodes"), ["{count} un", "{count} plus", "{count} plus"][: catalogue.num_plurals]
        )
        place = tmp_path / code / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "wizard.mo").write_bytes(translations.compiled(catalogue))
    monkeypatch.setattr(language, "folder", lambda: tmp_path)
    yield lambda: tr(TEXT)
    i18n.install(i18n.ENGLISH, None)


def system(monkeypatch, **variables):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_only_languages_with_a_catalogue_are_on_offer(spoken):
    assert language.available() == ("en", "fr", "zh-CN")


@pytest.mark.parametrize(("name", "told"), [("en", TEXT), ("fr", "[fr]"), ("zh-CN", "[zh_CN]"), ("de", TEXT)])
def test_the_language_asked_for_is_spoken(spoken, name, told):
    language.use(name)
    assert spoken() == told


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"LANG": "fr_CA.UTF-8"}, "[fr]"),
        ({"LANG": "en_GB.UTF-8"}, TEXT),
        ({"LANG": "C.UTF-8"}, TEXT),
        ({"LANG": "de_DE.UTF-8"}, TEXT),
        ({"LANG": "zh_CN.UTF-8"}, "[zh_CN]"),
        ({"LANG": "zh_SG.UTF-8"}, "[zh_CN]"),
        ({"LANG": "zh_TW.UTF-8"}, TEXT),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}, "[fr]"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US.UTF-8"}, TEXT),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:fr:en"}, "[fr]"),
        ({"LANG": "C", "LANGUAGE": "fr"}, TEXT),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "en:fr"}, TEXT),
    ],
    ids=str,
)
def test_without_it_the_systems_language_is_spoken(spoken, monkeypatch, variables, told):
    system(monkeypatch, **variables)
    language.use()
    assert spoken() == told


def test_english_loads_no_catalogue(spoken, monkeypatch):
    monkeypatch.setattr(gettext, "translation", lambda *_arguments: pytest.fail("a catalogue was loaded"))
    language.use("en")
    assert spoken() == TEXT


def test_a_plural_form_fits_its_count(spoken):
    assert [trn("1 node", "{count} nodes", count) for count in (0, 1, 2)] == ["0 nodes", "1 node", "2 nodes"]
    language.use("fr")
    assert [trn("1 node", "{count} nodes", count) for count in (0, 1, 2)] == ["0 un", "1 un", "2 plus"]
    language.use("zh-CN")
    assert trn("1 node", "{count} nodes", 1) == "1 un"


def test_sentences_stand_one_behind_the_other(spoken):
    assert sentences("One.", "", "Two.") == "One. Two."
    language.use("zh-CN")
    assert sentences("一。", "二。") == "一。二。"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("en", "a, b, c; d; a, b or c"),
        ("fr", "a, b, c\N{NO-BREAK SPACE}; d; a, b or c"),
        ("zh-CN", "a、b、c\N{FULLWIDTH SEMICOLON}d; a、b or c"),
    ],
)
@pytest.mark.usefixtures("spoken")
def test_the_items_of_a_list_stand_apart_as_the_language_sets_them(name, told):
    language.use(name)
    assert f"{clauses([listing(['a', 'b', 'c']), 'd'])}; {alternatives(['a', 'b', 'c'])}" == told


def test_of_several_names_one_will_do():
    assert [alternatives(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a or b",
        "a, b or c",
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("en", "1.50 s, 0.5 s, 7, 2.2.15"),
        ("fr", "1,50 s, 0,5 s, 7, 2.2.15"),
        ("zh-CN", "1.50 s, 0.5 s, 7, 2.2.15"),
    ],
)
@pytest.mark.usefixtures("spoken")
def test_numbers_have_the_decimal_point_of_the_language_and_versions_keep_theirs(name, told):
    language.use(name)
    values = {"long": 1.5, "short": 0.5, "count": 7, "version": "2.2.15"}
    assert tr("{long:.2f} s, {short} s, {count}, {version}", **values) == told
    assert trn("{long:g}", "{count} {long:g}", 1, long=1.25) == decimal(1.25, "g") == f"1{told[1]}25"


def test_french_writes_numbers_with_a_comma():
    language.use("fr")
    assert duration(2345) == "2,3 s"
    language.use("en")
    assert duration(2345) == "2.3 s"


@pytest.mark.parametrize(("elapsed", "told"), [(None, ""), (0, "1 ms"), (1, "1 ms"), (999, "999 ms"), (1000, "1.0 s")])
def test_nothing_takes_no_time_at_all(elapsed, told):
    assert duration(elapsed) == told


@pytest.mark.parametrize(("name", "comma"), [("en", ", "), ("fr", ", "), ("zh-CN", "、")])
def test_what_a_step_says_of_its_nodes_is_listed_as_the_language_lists(name, comma, request):
    request.addfinalizer(lambda: language.use(i18n.ENGLISH))
    language.use(name)
    plan = good_plan()
    assert fact("nodes", plan, ()).count(comma) == 1
    assert not fact("nodes", plan, ()).replace(comma, "").count(",")


@pytest.mark.parametrize(
    ("code", "told"),
    [("en", "\uff08a\uff09 is, of \uff08a\uff09"), ("zh_CN", "\uff08a\uff09is, of\uff08a\uff09")],
)
def test_a_wide_sign_of_chinese_has_no_blank_beside_it(code, told):
    with i18n.written_in(code, None):
        assert tr("{key} is, of {key}", key="\uff08a\uff09") == told
        assert trn("", "{count} of {key} {other}", 2, key="a\uff09", other="") == (
            "2 of a\uff09" if code == "zh_CN" else "2 of a\uff09 "
        )
