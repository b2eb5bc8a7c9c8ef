"""Our `dataclass` is the standard library's in all that is used of it: each test holds for both."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import KW_ONLY, FrozenInstanceError, field, replace

import pytest

from wizard.dataclass import dataclass as ours

MAKERS = {"ours": ours, "standard": dataclasses.dataclass}


@ours(frozen=True, slots=True)
class Kept:
    """At the top of a module, as a pickle wants it."""

    name: str
    number: int = 0


@pytest.fixture(params=MAKERS, autouse=True)
def dataclass(request):
    return MAKERS[request.param]


@pytest.fixture
def box(dataclass):
    @dataclass(frozen=True, slots=True)
    class Box:
        name: str
        size: int = 1
        held: list[str] = field(default_factory=list, repr=False)
        note: str = field(default="", compare=False)

    return Box


def test_arguments_come_by_position_and_by_name(box):
    made = box("a", 2, note="n")
    assert (made.name, made.size, made.held, made.note) == ("a", 2, [], "n")
    assert dataclasses.is_dataclass(box)
    assert [item.name for item in dataclasses.fields(box)] == ["name", "size", "held", "note"]


def test_each_has_a_default_of_its_own(box):
    assert box("a").held is not box("a").held


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((), {"size": 1}), (("a",), {"name": "b"}), (("a", 1, [], "", 5), {}), (("a",), {"colour": "red"})],
    ids=["none", "a required one lacks", "twice", "too many", "unknown"],
)
def test_arguments_that_do_not_fit_are_refused(box, given, named):
    with pytest.raises(TypeError):
        box(*given, **named)


def test_equal_are_those_of_one_class_whose_compared_fields_are(box, dataclass):
    assert box("a", 1) == box("a", 1, note="other")
    assert box("a", 1) != box("a", 2)
    assert box("a") != ("a", 1, [], "")

    @dataclass(frozen=True, slots=True)
    class Other:
        name: str
        size: int = 1
        held: list[str] = field(default_factory=list)

    assert box("a") != Other("a")


def test_it_is_hashed_by_what_is_compared(dataclass):
    @dataclass(frozen=True, slots=True)
    class Key:
        name: str
        note: str = field(default="", compare=False)

    assert hash(Key("a", "x")) == hash(Key("a", "y"))
    assert len({Key("a", "x"), Key("a", "y"), Key("b")}) == 2


def test_what_can_change_has_no_hash(dataclass):
    @dataclass(slots=True)
    class Open:
        name: str

    made = Open("a")
    made.name = "b"
    assert made == Open("b")
    with pytest.raises(TypeError):
        hash(made)


def test_without_eq_each_is_itself_alone(dataclass):
    @dataclass(frozen=True, slots=True, eq=False)
    class One:
        name: str

    made = One("a")
    assert made != One("a")
    assert {made} == {made}


def test_it_shows_its_fields_but_those_left_out(box):
    assert repr(box("a", held=["secret"])).endswith("Box(name='a', size=1, note='')")


def test_an_own_repr_and_equality_stay(dataclass):
    @dataclass(frozen=True, slots=True)
    class Own:
        name: str

        def __repr__(self):
            return "hidden"

        def __eq__(self, other):
            return True

        def __hash__(self):
            return 7

    assert (repr(Own("a")), Own("a") == 5, hash(Own("a"))) == ("hidden", True, 7)


def test_a_frozen_one_takes_no_change(box):
    made = box("a")
    for change in (lambda: setattr(made, "name", "b"), lambda: setattr(made, "new", 1), lambda: delattr(made, "name")):
        with pytest.raises((FrozenInstanceError, TypeError)):  # the standard one of slots forgets its class
            change()
    assert made.name == "a"


def test_one_with_slots_has_no_other_attribute(dataclass):
    @dataclass(slots=True)
    class Open:
        name: str

    with pytest.raises(AttributeError):
        Open("a").other = 1


def test_a_copy_with_a_change_leaves_the_first_alone(box):
    first = box("a", held=["x"])
    second = replace(first, size=3)
    assert (first.size, second.size, second.held) == (1, 3, ["x"])
    assert copy.copy(first) == first
    assert copy.deepcopy(first) == first
    with pytest.raises(TypeError):
        replace(first, colour="red")


def test_it_survives_a_pickle():
    assert pickle.loads(pickle.dumps(Kept("a", 3))) == Kept("a", 3)


def test_keywords_alone_where_it_says_so(dataclass):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        name: str

    @dataclass(frozen=True, slots=True)
    class Half:
        name: str
        _: KW_ONLY
        size: int = 1

    for refused in (lambda: Named("a"), lambda: Half("a", 2)):
        with pytest.raises(TypeError):
            refused()
    assert (Named(name="a").name, Half("a", size=2).size) == ("a", 2)


def test_what_no_argument_sets_has_its_default(dataclass):
    @dataclass(slots=True)
    class Counter:
        name: str
        count: int = field(default=0, init=False)
        found: list[str] = field(default_factory=list, init=False)

    assert (Counter("a").count, Counter("a").found) == (0, [])
    with pytest.raises(TypeError):
        Counter("a", count=1)


def test_its_own_last_step_is_done(dataclass):
    @dataclass(frozen=True, slots=True)
    class Upper:
        name: str

        def __post_init__(self):
            object.__setattr__(self, "name", self.name.upper())

    assert Upper("a").name == "A"


def test_a_class_below_has_the_fields_of_both(dataclass):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Peer:
        host: str
        port: int = 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Target(Peer):
        role: str
        port: int = 2

    assert Target(host="h", role="r") == Target(host="h", role="r", port=2)
    assert Target(host="h", role="r") != Peer(host="h")


def test_it_is_taken_apart_by_position(box):
    match box("a", 4):
        case box(name, size):
            assert (name, size) == ("a", 4)
        case _:
            pytest.fail("it does not match")


def test_without_fields_all_are_equal(dataclass):
    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert repr(Nothing()).endswith("Nothing()")


def test_its_arguments_can_be_asked_for(box):
    found = inspect.signature(box).parameters
    wanted = {"name": str, "size": int, "held": list[str], "note": str}
    assert {name: parameter.annotation for name, parameter in found.items()} == wanted
    assert [name for name in found if found[name].default is inspect.Parameter.empty] == ["name"]
    assert found["size"].default == 1
    assert box("a", held=found["held"].default).held == []  # as the standard one takes what it tells
