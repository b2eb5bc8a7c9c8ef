"""The lines of an env file that wait for a secret: which they are, what fits into them, and how they are put back."""

import pytest

from wizard.formats.dotenv.filled import emptied, fill, filled, fits, name_of, placeholders

WAITING = "#REDIS_URL=redis://:PASSWORD-HERE@db/0"
TEXT = f"# Secret a.b: fill it in\n#APP_KEY=\n{WAITING}\nTZ=UTC\n"


@pytest.mark.parametrize(
    ("line", "waits"),
    [
        ("#APP_KEY=", True),
        ("#app_key2=", True),
        ("#_A=", True),
        (WAITING, True),
        ("#A=PASSWORD-HERE", True),
        ("#A=x", False),
        ("# A=", False),
        ("#2A=", False),
        ("#A-B=", False),
        ("#A= ", False),
        ("A=", False),
        (" #A=", False),
        ("#A", False),
        ("A=PASSWORD-HERE", False),
        ("", False),
    ],
)
def test_a_line_that_waits_has_no_blank_and_no_value(line, waits):
    assert placeholders(f"X=1\n{line}\nY=2") == ((line,) if waits else ())


def test_the_lines_that_wait_are_told_in_their_order():
    assert placeholders(TEXT) == ("#APP_KEY=", WAITING)
    assert [name_of(line) for line in placeholders(TEXT)] == ["APP_KEY", "REDIS_URL"]
    assert name_of("#A=b=c") == "A"


@pytest.mark.parametrize(
    ("line", "placeholder", "whether"),
    [
        ("APP_KEY=x", "#APP_KEY=", True),
        ("APP_KEY='x y'", "#APP_KEY=", True),
        ('APP_KEY="x"', "#APP_KEY=", True),
        ("APP_KEY= x", "#APP_KEY=", True),
        ("APP_KEY='", "#APP_KEY=", True),
        ("APP_KEY=''", "#APP_KEY=", False),
        ("APP_KEY=", "#APP_KEY=", False),
        ("APP_KEY=  ", "#APP_KEY=", False),
        ("APP_KEY=#x", "#APP_KEY=", False),
        ("APP_KEY='#x'", "#APP_KEY=", False),
        ("APP_KEY=PASSWORD-HERE", "#APP_KEY=", False),
        ("OTHER=x", "#APP_KEY=", False),
        ("", "#APP_KEY=", False),
        ("REDIS_URL=redis://:x@db/0", WAITING, True),
        ("REDIS_URL='redis://:x@db/0'", WAITING, True),
        ("REDIS_URL=`redis://:x@db/0`", WAITING, True),
        ("REDIS_URL=redis://:@db/0", WAITING, False),
        ("REDIS_URL=redis://:x@else/0", WAITING, False),
        ("REDIS_URL=rediss://:x@db/0", WAITING, False),
        ("REDIS_URL='redis://:x@db/0", WAITING, False),
        ("REDIS_URL='redis://:x@db/0\"", WAITING, False),
        ("REDIS_URL=(redis://:x@db/0(", WAITING, False),
        (WAITING[1:], WAITING, False),
        ("CACHE_REDIS_URL=redis://:x@db/0", WAITING, False),
    ],
)
def test_a_line_fits_that_has_a_value_where_the_secret_belongs_and_nothing_else(line, placeholder, whether):
    assert fits(line, placeholder) is whether


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("APP_KEY=x\nTZ=UTC\n", {"APP_KEY": "APP_KEY=x"}),
        (f"{TEXT}REDIS_URL=redis://:x@db/0", {"REDIS_URL": "REDIS_URL=redis://:x@db/0"}),
        ("APP_KEY=x\nREDIS_URL=redis://:y@db/0", {"APP_KEY": "APP_KEY=x", "REDIS_URL": "REDIS_URL=redis://:y@db/0"}),
        ("APP_KEY=x\nAPP_KEY=y", {}),
        ("APP_KEY=x\nexport APP_KEY=y", {}),
        ("export APP_KEY=x", {}),
        ("APP_KEY =x", {}),
        ("#APP_KEY=x", {}),
        ("APP_KEY", {}),
        ("A APP_KEY B=x", {}),
        (TEXT, {}),
    ],
)
def test_what_was_filled_in_is_the_one_line_of_its_variable(text, found):
    assert filled(text, ("#APP_KEY=", WAITING)) == found


def test_what_was_filled_in_is_put_back_and_nothing_else():
    text = "A=1\nAPP_KEY=x\nREDIS_URL=redis://:y@else/0\n"
    assert emptied(text, ("#APP_KEY=", WAITING)) == "A=1\n#APP_KEY=\nREDIS_URL=redis://:y@else/0\n"
    assert emptied(text, ()) == text


def test_values_go_into_the_placeholders_that_they_fit():
    values = {"APP_KEY": "APP_KEY=x", "REDIS_URL": "REDIS_URL=redis://:y@else/0", "GONE": "GONE=z"}
    text, lost = fill(TEXT, values)
    assert text == TEXT.replace("#APP_KEY=", "APP_KEY=x")
    assert lost == ("REDIS_URL", "GONE")


def test_a_value_that_is_there_already_is_not_lost():
    assert fill("APP_KEY=x\n#B=", {"APP_KEY": "APP_KEY=x", "B": "B=1"}) == ("APP_KEY=x\nB=1", ())
    assert fill("APP_KEY=\n#B=", {}) == ("APP_KEY=\n#B=", ())
