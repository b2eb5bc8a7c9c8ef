"""Where a secret is, said by another program while the window has the cluster open: neither side loses its part."""

from dataclasses import replace

import pytest

from tests.unit.plans import SECRETS, good_plan
from wizard.app.open_source import open_saved
from wizard.app.outside_secrets import references
from wizard.app.saved_clusters import Library
from wizard.app.secret_references import refer
from wizard.guide.document import Document
from wizard.plan.changed_meanwhile import learned, places_changed, with_outside
from wizard.plan.plan import Plan
from wizard.plan.secret import Secret
from wizard.storage.saved_clusters import Workspace

NAME = "database.password"
ENV, FILE = "env:DB_SECRET", "file:/run/secrets/db"
NEW = Secret("the-one-from-outside")


def _at(reference: str) -> Plan:
    return with_outside(good_plan(), NAME, reference)


@pytest.mark.parametrize(
    ("known", "ours", "theirs", "both"),
    [
        ("", "", ENV, ENV),
        (ENV, ENV, "", ""),
        (ENV, ENV, FILE, FILE),
        ("", "", "", ""),
        ("", FILE, ENV, FILE),
        (ENV, "", FILE, ""),
    ],
)
def test_where_a_secret_is_comes_from_whoever_changed_it_and_where_both_did_ours_counts(known, ours, theirs, both):
    found = learned(_at(ours), _at(known), _at(theirs))
    assert references(found) == ({NAME: both} if both else {})
    assert places_changed(_at(known), _at(theirs)) == (set() if known == theirs else {NAME})


def test_a_secret_that_the_plan_no_longer_names_does_not_come_back():
    ours = good_plan().with_value(NAME, None)
    assert references(learned(ours, _at(""), _at(ENV))) == {}


def test_a_save_keeps_what_the_command_line_said_meanwhile(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    library = Library()
    known = library.save(good_plan())
    [saved] = Workspace().clusters()
    refer("production", open_saved(saved, Workspace()), NAME, ENV)
    mine = known.with_text("database.name", "mine")
    kept = library.save(mine, known=known)
    again = library.open(known.id).plan
    assert (references(kept), references(again), again.text("database.name")) == ({NAME: ENV}, {NAME: ENV}, "mine")


def test_it_outlives_an_undo_and_the_value_from_there_is_never_typed_over_by_one():
    told: list[str] = []
    document = Document(lambda _plan, _secrets: (), on_secret=lambda _key, name, _value: told.append(name))
    document.clear(good_plan(), SECRETS, "")
    document.edit("database.name", "mine")
    sent = document.plan
    assert document.learn(sent, with_outside(sent, NAME, ENV))
    assert document.learn_secrets({NAME: NEW})
    assert not document.learn_secrets({NAME: NEW})
    document.undo()
    assert (references(document.plan), document.secrets[NAME], told) == ({NAME: ENV}, NEW, [])
    assert document.plan.database.name == good_plan().database.name
    document.redo()
    assert (references(document.plan), document.secrets[NAME], told) == ({NAME: ENV}, NEW, [])


def test_nothing_is_learned_of_another_cluster():
    document = Document(lambda _plan, _secrets: ())
    document.clear(good_plan(), SECRETS, "")
    assert not document.learn(good_plan(), replace(_at(ENV), id="another"))
