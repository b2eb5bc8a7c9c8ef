"""Which small changes are made: most are mutmut's, three are our own.

None is made of what a program's behaviour does not depend on: words for people and the log, what a type checker alone
sees, and `__all__`, which says what a module's face is, as nothing here is imported by a star.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import libcst as cst
import libcst.matchers as m
from mutmut.mutation import mutators

Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]

# Their words are for people, or the log: tests that held every sentence in place would only be in the way.
_SPEAKING = ("tr", "trn", "mark", "markn")
_SPOKEN = m.Call(func=m.Name(value=m.MatchIfTrue(_SPEAKING.__contains__)) | m.Attribute(value=m.Name("_log")))
# What only a type checker sees, and how a class guards against our own slips.
_DECLARED = (
    m.If(test=m.Name("TYPE_CHECKING"))
    | m.Call(func=m.Name("cast") | m.Name("TypeVar"))
    | m.Decorator(decorator=m.Call(func=m.Name("dataclass")))
    | m.Arg(keyword=m.Name("init") | m.Name("repr"))
    | m.Assign(targets=[m.AssignTarget(target=m.Name("__all__"))])
)
_PROSE = re.compile(r"[A-Z][^\s]*\s+\S+.*\s", re.DOTALL)


def is_prose(text: str) -> bool:
    """Whether a text reads as a sentence: it begins with a capital letter and has three words or more."""
    return bool(_PROSE.match(text))


def _string(node: cst.SimpleString) -> Iterator[cst.CSTNode]:
    """Change a word once; mutmut also gives it in capitals and in small letters, which would crowd out all else."""
    value = node.evaluated_value
    if isinstance(value, bytes) or not is_prose(value):
        yield from list(mutators.operator_string(node))[:1]


def _keyword(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Do without a `break`: mutmut's `return` is the same wherever the loop is the function's last statement."""
    if isinstance(node, cst.Break):
        yield cst.Continue()
    else:
        yield from mutators.operator_keywords(node)


def _argument(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Leave out one named argument, so that its default is taken; without a positional one most calls just fail."""
    for index, argument in enumerate(node.args):
        if argument.keyword and not m.matches(argument, _DECLARED):
            yield node.with_changes(args=[*node.args[:index], *node.args[index + 1 :]])


def _condition(node: cst.If | cst.CompIf) -> Iterator[cst.CSTNode]:
    """Decide always one way."""
    for always in ("True", "False"):
        yield node.with_changes(test=cst.Name(always, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))


def _operand(node: cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    """Ask for one half of a condition only."""
    yield node.left
    yield node.right


def _piece(node: cst.FormattedString) -> Iterator[cst.CSTNode]:
    """Leave out one value of a text that is no sentence: the port of an address, say."""
    spoken = "".join(part.value if isinstance(part, cst.FormattedStringText) else "x" for part in node.parts)
    if is_prose(spoken):
        return
    for index, part in enumerate(node.parts):
        if isinstance(part, cst.FormattedStringExpression):
            yield node.with_changes(parts=[*node.parts[:index], *node.parts[index + 1 :]])


OPERATORS: tuple[tuple[str, type | tuple[type, ...], Operator], ...] = (
    ("number", cst.BaseNumber, mutators.operator_number),
    ("string", cst.SimpleString, _string),
    ("value of an f-string", cst.FormattedString, _piece),
    ("name", cst.Name, mutators.operator_name),
    ("assignment in place", cst.AugAssign, mutators.operator_augmented_assignment),
    ("not", cst.UnaryOperation, mutators.operator_remove_unary_ops),
    ("argument", cst.Call, _argument),
    ("method of strings", cst.Call, mutators.operator_symmetric_string_methods_swap),
    ("method of strings", cst.Call, mutators.operator_unsymmetrical_string_methods_swap),
    ("keyword", (cst.Is, cst.IsNot, cst.In, cst.NotIn, cst.Break, cst.Continue), _keyword),
    (
        "operator",
        (cst.BinaryOperation, cst.UnaryOperation, cst.BooleanOperation, cst.ComparisonTarget, cst.AugAssign),
        mutators.operator_swap_op,
    ),
    ("case", cst.Match, mutators.operator_match),
    ("either or", cst.IfExp, mutators.operator_if_exp),
    ("condition", (cst.If, cst.CompIf), _condition),
    ("half of a condition", cst.BooleanOperation, _operand),
)


def changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    """Yield each change of this very node, with the name of the operator that makes it."""
    for name, kinds, operator in OPERATORS:
        if isinstance(node, kinds):
            for changed in operator(node):
                yield name, changed


def is_left_alone(node: cst.CSTNode) -> bool:
    """Whether nothing inside is changed: annotations, words for people, and what only a type checker sees."""
    return isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom) or m.matches(node, _SPOKEN | _DECLARED)
