"""An admin's own lines around the marked block go on in a new export; a change inside it does not get lost unseen."""

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.unit.plans import SECRETS, good_plan
from wizard.app.changes import ChangeKind
from wizard.app.export import changes, export
from wizard.formats.marked_block import BEGIN, END, merge, split
from wizard.formats.sites import nginx

SITE = "nginx/production.conf"


def block(inside):
    return f"{BEGIN}: the site\n{inside}\n{END}\n"


OWN = st.text(st.characters(codec="utf-8", exclude_characters="\r")).filter(lambda text: BEGIN not in text)


@hypothesis.given(OWN.filter(lambda text: END not in text), OWN.filter(lambda text: END not in text))
def test_what_stands_around_the_block_is_kept_and_the_block_is_new(before, after):
    before = f"{before}\n"
    assert merge(before + block("old") + after, block("new")) == before + block("new") + after


@pytest.mark.parametrize(
    "old",
    ["", "mine alone\n", f"{BEGIN}\nhalf\n", f"half\n{END}\n", f"{END}\n{BEGIN}\n", block("one") + block("two")],
)
def test_without_exactly_one_block_the_new_text_stands_alone(old):
    assert merge(old, block("new")) == block("new")
    assert split(old) is None


def test_a_new_text_without_a_block_stands_alone():
    assert merge("mine\n" + block("old"), "plain\n") == "plain\n"


def test_lines_that_end_otherwise_are_closed_before_the_block():
    assert merge("mine\r" + block("old"), block("new")) == "mine\r\n" + block("new")


def test_a_block_without_a_line_end_is_closed_before_what_follows():
    assert merge(block("old").rstrip("\n"), block("new")) == block("new")


def test_the_site_is_one_block_whatever_the_cluster_is_called():
    site = nginx.render(good_plan().with_value("name", f"a\n{END}"))
    assert split(site) == ("", site, "")


@pytest.fixture
def exported(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    return tmp_path / "out"


def change_of(folder, plan, path=SITE):
    found = changes(plan, SECRETS, folder)
    return found, next(change for change in found.files if change.path == path)


def test_own_lines_around_the_site_survive_an_export_without_keeping_the_former_bundle(exported):
    site = exported / SITE
    site.write_text(f"# mine before\n{site.read_text()}server {{ listen 81; }}\n")
    plan = good_plan().with_value("balancer.upload_limit", "7m")
    found, change = change_of(exported, plan)
    assert (change.kind, change.by_hand, found.kept_for) == (ChangeKind.CHANGED, True, ())
    assert "+    client_max_body_size 7m;" in change.diff
    assert "mine before" not in change.diff
    written = export(plan, SECRETS, exported)
    assert (written.kept, written.changed) == (None, ())
    text = site.read_text()
    assert text.startswith("# mine before\n# >>>")
    assert text.endswith("\nserver { listen 81; }\n")
    assert "client_max_body_size 7m;" in text
    assert change_of(exported, plan)[1].kind is ChangeKind.UNCHANGED


def test_own_lines_come_through_a_second_export_and_through_an_archive(tmp_path):
    export(good_plan(), SECRETS, tmp_path / "out")
    site = tmp_path / "out" / SITE
    site.write_text(site.read_text() + "# mine\n")
    for _ in range(2):
        assert export(good_plan(), SECRETS, tmp_path / "out").kept is None
    assert site.read_text().endswith("# mine\n")


def test_a_change_inside_the_block_is_shown_then_replaced_and_the_former_bundle_kept(exported):
    site = exported / SITE
    site.write_text("# mine\n" + site.read_text().replace("client_max_body_size 0", "client_max_body_size 9m"))
    found, change = change_of(exported, good_plan())
    assert "-    client_max_body_size 9m;" in change.diff
    assert found.kept_for == (SITE,)
    written = export(good_plan(), SECRETS, exported)
    assert "9m" in (written.kept / SITE).read_text()
    assert "9m" not in site.read_text()
    assert site.read_text().startswith("# mine\n")


def test_own_lines_that_are_no_utf_8_keep_the_former_bundle(exported):
    site = exported / SITE
    site.write_bytes(site.read_bytes() + b"# caf\xe9\n")
    written = export(good_plan(), SECRETS, exported)
    assert (written.kept / SITE).read_bytes().endswith(b"caf\xe9\n")


def test_own_lines_go_on_in_the_file_of_a_renamed_cluster(exported):
    site = exported / SITE
    site.write_text(f"# mine\n{site.read_text()}")
    export(good_plan(), SECRETS, exported)  # from now on they are as the last export wrote them
    plan = good_plan().with_value("name", "renamed")
    assert changes(plan, SECRETS, exported).kept_for == ()
    assert export(plan, SECRETS, exported).kept is None
    assert (exported / "nginx/renamed.conf").read_text().startswith("# mine\n# >>>")
    assert not site.exists()


@pytest.mark.parametrize("exports", [0, 1])
@pytest.mark.parametrize("targets", [["env"], ["haproxy"]])
def test_own_lines_that_no_new_file_takes_over_keep_the_former_bundle(exported, exports, targets):
    site = exported / SITE
    site.write_text(f"# mine\n{site.read_text()}")
    for _ in range(exports):
        export(good_plan(), SECRETS, exported)
    assert changes(good_plan(), SECRETS, exported, targets=targets).kept_for == (SITE,)
    written = export(good_plan(), SECRETS, exported, targets=targets)
    assert written.changed == (SITE,)
    assert (written.kept / SITE).read_text().startswith("# mine\n")


def test_a_site_without_own_lines_is_not_kept_for(exported):
    assert export(good_plan(), SECRETS, exported, targets=["env"]).kept is None
