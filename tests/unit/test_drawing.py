"""The one picture: boxes on their places, lines that cross no other tile, and every state in the SVG."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from wizard.guide.diagram import Box, Diagram
from wizard.guide.drawing.places import WIDTH, Places, places
from wizard.guide.drawing.svg import svg
from wizard.guide.drawing.words import Paper, broken, shortened

SPACE = "{http://www.w3.org/2000/svg}"
SERVICES = tuple(Box(name, "10.0.0.5", "pass", name) for name in ("database", "redis", "storage", "licence"))


def _drawn(count: int, **states: str) -> Diagram:
    names = [f"node{number}" for number in range(1, count + 1)]
    nodes = tuple(Box(name, "10.0.0.1:13000", states.get(name, "pass"), "nodes", serves=True) for name in names)
    return Diagram(Box("nginx", "app.example.com", "todo", "balancer"), nodes, SERVICES)


def _placed(count: int, width: float = WIDTH) -> Places:
    return places(_drawn(count), width, Paper())


def test_thirty_two_nodes_are_tiles_in_the_svg_too_the_worst_first():
    root = ET.fromstring(svg(_drawn(32, node17="fail", node9="warn")))
    boxes = root.findall(f"{SPACE}g")
    titles = [box.find(f"{SPACE}text").text for box in boxes]
    assert len(boxes) == 1 + 32 + len(SERVICES)
    assert titles[1:4] == ["node17", "node9", "node1"]
    assert len(root.findall(f"{SPACE}path")) == 1 + len(SERVICES)  # one bundle of lines a service
    assert [len(box.findall(f"{SPACE}path")) for box in boxes] == [0, *[1 + len(SERVICES)] * 32, 0, 0, 0, 0]


@pytest.mark.parametrize(("count", "lines"), [(1, 5), (3, 15), (5, 25), (6, 5)])
def test_up_to_five_nodes_have_their_lines_drawn_and_more_share_bundles(count: int, lines: int):
    assert len(_placed(count).ways) == lines


@pytest.mark.parametrize("at", [0, 1, 2, 16, 31])
def test_the_lines_of_a_tile_begin_at_it_and_run_between_the_others(at: int):
    placed = _placed(32)
    tile = placed.nodes[at]
    own = placed.own_ways(tile)
    assert len(own) == 1 + len(SERVICES)
    others = [one.place for one in placed.nodes if one is not tile]
    for way in own:
        assert way.points[0] == (tile.place.centre[0], tile.place.y)
        _out, (start, down), (end, same), _last = way.points
        assert down == same
        assert not [place for place in others if place.y < down < place.bottom and not max(start, end) < place.x]


def test_a_node_that_does_not_serve_has_no_line_to_the_balancer():
    drawn = _drawn(32)
    placed = places(replace(drawn, nodes=tuple(replace(box, serves=False) for box in drawn.nodes)), WIDTH, Paper())
    assert len(placed.own_ways(placed.nodes[0])) == len(SERVICES)
    assert placed.own_ways(placed.services[0]) == ()
    assert _placed(3).own_ways(_placed(3).nodes[0]) == ()


def _box(state: str, fact: str = "10.0.0.1") -> ET.Element:
    root = ET.fromstring(svg(replace(_drawn(1), balancer=Box("nginx", fact, state, "balancer"))))
    found = root.find(f"{SPACE}g")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("todo", "not tested"),
        ("running", "being tested"),
        ("pass", "passed"),
        ("warn", "warning"),
        ("fail", "failed"),
        ("unknown", "could not be found out"),
        ("stale", "changed since the test"),
        ("info", "note"),
        ("skip", "not looked at"),
    ],
)
def test_each_state_has_its_look_its_icon_and_its_words(state: str, words: str):
    box = _box(state)
    assert box.get("class") == f"box {state}"
    assert box.find(f"{SPACE}title").text == f"nginx. 10.0.0.1. {words}"
    assert len(box.find(f"{SPACE}g/{SPACE}g")) > 0
    hatched = [rect.get("fill") for rect in box.findall(f"{SPACE}rect") if rect.get("fill")]
    assert hatched == (["url(#hatch)"] if state == "stale" else [])


def test_what_is_being_tested_says_for_how_long():
    assert [text.text for text in _box("running", "being tested, 4 s").findall(f"{SPACE}text")][1:] == [
        "being tested, 4 s"
    ]


@pytest.mark.parametrize("width", [330, 419, 420, 519, 520, 900])
def test_every_line_of_words_fits_its_box(width: int):
    drawn = replace(_drawn(7), balancer=Box("production-eu-west-frankfurt", "app.production.example.com", "pass", "b"))
    paper = Paper()
    for one in places(drawn, width, paper).all:
        room = one.place.width - paper.px(38)
        assert all(paper.width(line, title=True) <= room for line in one.title)
        assert all(paper.width(line, title=False) <= room for line in one.fact)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("", 4, ()),
        ("ab cd", 5, ("ab cd",)),
        ("ab cd", 4, ("ab", "cd")),
        ("in 58 ms", 6, ("in", "58 ms")),
        ("in 58 msg", 6, ("in 58", "msg")),
        ("Stand\xa0: 3", 8, ("Stand :", "3")),
        ("node-eu-west-1", 8, ("node-eu-", "west-1")),
        ("abcdefgh", 4, ("abcd", "efgh")),
        ("abcdefghij", 4, ("abcd", "ef…j")),
        ("a b c", 0, ("a", "…")),
    ],
)
def test_words_are_broken_between_their_parts_and_cut_in_their_middle(text: str, room: float, lines: tuple[str, ...]):
    assert broken(text, len, room, 2) == lines


@pytest.mark.parametrize(("room", "short"), [(7, "abcdefg"), (6, "abc…fg"), (2, "a…"), (1, "…"), (0, "…")])
def test_what_is_shortened_keeps_both_ends(room: float, short: str):
    assert shortened("abcdefg", len, room) == short


def test_on_paper_wide_letters_and_chinese_count_as_wide_and_accents_as_nothing():
    paper = Paper()
    assert paper.width("mmm", title=True) > 2 * paper.width("iii", title=True)
    assert paper.width("中", title=False) >= 12
    assert paper.width("e\u0301", title=True) == paper.width("e", title=True)
    assert Paper(2.0).width("node", title=True) == 2 * paper.width("node", title=True)
