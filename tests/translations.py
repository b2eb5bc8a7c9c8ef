"""The catalogues of the program's texts: extracted, brought up to date and compiled by Babel (`scripts/translations`).

Compiled catalogues are kept in version control beside their sources, so that a checkout, a wheel and the folder
application read the very same files without a step of building; `tests/unit/test_catalogues.py` holds them together.
"""

import contextlib
import io
import sys
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from wizard import __version__
from wizard.app.language import DOMAIN

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "resources" / "locale"
KEYWORDS = {"tr": None, "mark": None, "trn": (1, 2), "markn": (1, 2)}
TEMPLATE_KEYWORDS = {"gettext": None, "ngettext": (1, 2)}
METHODS = {"python": ("wizard", "**.py", KEYWORDS), "jinja2": ("resources/templates", "**.j2", TEMPLATE_KEYWORDS)}
OPTIONS = {
    "**.j2": {"trim_blocks": "true", "keep_trailing_newline": "true", "silent": "false", "newstyle_gettext": "true"}
}
Id = str | tuple[str, ...]


def extracted(*methods: str) -> Catalog:
    """Return every text of the code and the templates, or of one of them, with the places where it stands.

    Each call returns messages of its own: a catalogue that is updated by them takes them in, and is filled.
    """
    return deepcopy(_extracted(*methods))


@cache
def _extracted(*methods: str) -> Catalog:
    catalogue = Catalog(project=DOMAIN, domain=DOMAIN, fuzzy=False)
    with contextlib.redirect_stderr(io.StringIO()):  # Babel warns of f-strings; a test may be reading what is said
        _add_all(catalogue, methods or tuple(METHODS))
    return catalogue


def _add_all(catalogue: Catalog, methods: Iterable[str]) -> None:
    for method in methods:
        under, pattern, keywords = METHODS[method]
        found = extract_from_dir(ROOT / under, [(pattern, method)], OPTIONS, keywords=keywords, strip_comment_tags=True)
        for path, line, message, comments, context in sorted(found, key=lambda row: row[:2]):
            place = (f"{under}/{Path(path).as_posix()}", line)
            catalogue.add(message, None, [place], auto_comments=comments, context=context)


def ids(catalogue: Catalog) -> set[Id]:
    return {message.id for message in catalogue if message.id}


def languages() -> list[str]:
    return sorted(path.parents[1].name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def source(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    with source(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def as_source(catalogue: Catalog) -> bytes:
    """Return the text of a catalogue: without line numbers, which would change with every other edit."""
    file = io.BytesIO()
    write_po(file, catalogue, width=120, ignore_obsolete=True, include_lineno=False, sort_by_file=False)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[Id]:
    return [one.id for one in catalogue if one.id and (one.fuzzy or not all(_forms(one.string)))]


def _forms(string: Id) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


def _store(language: str, catalogue: Catalog) -> None:
    source(language).parent.mkdir(parents=True, exist_ok=True)
    source(language).write_bytes(as_source(catalogue))


def extract() -> None:
    LOCALES.mkdir(exist_ok=True)
    (LOCALES / f"{DOMAIN}.pot").write_bytes(as_source(extracted()))


def begun(language: str) -> Catalog:
    """Return a catalogue that has every text and no translation yet."""
    title = (
        f"# The texts of NocoBase Cluster Wizard in the language {language}; see CONTRIBUTING.md, “Add a translation”."
    )
    people = "NocoBase Cluster Wizard contributors"
    catalogue = Catalog(
        language, DOMAIN, title, DOMAIN, __version__, last_translator=people, language_team=people, fuzzy=False
    )
    catalogue.update(extracted(), no_fuzzy_matching=True)
    return catalogue


def add(language: str) -> None:
    catalogue = begun(language)
    _store(language, catalogue)


def update() -> None:
    for language in languages():
        catalogue = read(language)
        catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        _store(language, catalogue)


def missing() -> None:
    for language in languages():
        lacking = (ids(extracted()) - ids(read(language))) | set(untranslated(read(language)))
        for text in sorted(lacking, key=str):
            print(f"{language}: {text!r}")


def compile_all() -> None:
    for language in languages():
        lacking = untranslated(read(language))
        if lacking:
            print(f"{language}: not compiled, {len(lacking)} texts are missing (scripts/translations missing)")
        else:
            source(language).with_suffix(".mo").write_bytes(compiled(read(language)))


COMMANDS = {"extract": extract, "add": add, "update": update, "missing": missing, "compile": compile_all}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
