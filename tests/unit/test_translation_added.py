"""A language is added as CONTRIBUTING.md says: begun, translated, compiled; then it is on offer."""

from copy import deepcopy

import pytest

from tests import translations
from tests.made_up_language import accented
from wizard.app import language


@pytest.fixture
def locales(tmp_path, monkeypatch):
    """Return a folder for catalogues of the texts of one package, which takes a moment and not seconds."""
    monkeypatch.setattr(translations, "LOCALES", tmp_path)
    monkeypatch.setattr(language, "folder", lambda: str(tmp_path))
    methods = {"python": ("wizard/plan/sections", "**.py", translations.KEYWORDS)}
    monkeypatch.setattr(translations, "METHODS", methods)
    monkeypatch.setattr(translations, "_extracted", translations._extracted.__wrapped__)
    return tmp_path


def translated(text):
    return accented(text) if isinstance(text, str) else tuple(map(accented, text))


def test_a_language_is_offered_once_every_text_is_translated_and_compiled(locales, capsys):
    translations.add("de")
    begun = translations.read("de")
    texts = translations.ids(begun)
    assert "Public address" in texts
    assert translations.untranslated(begun)
    translations.compile_all()
    assert capsys.readouterr().out.startswith(f"de: not compiled, {len(texts)} texts are missing")
    assert not [*locales.rglob("*.mo")]

    catalogue = deepcopy(begun)
    for message in catalogue:
        if message.id:
            message.string = translated(message.id)
    translations.source("de").write_bytes(translations.as_source(catalogue))
    translations.compile_all()
    assert capsys.readouterr().out == ""
    assert language.available() == ("en", "de")
    assert language.catalogue("de").gettext("Public address") == accented("Public address")
