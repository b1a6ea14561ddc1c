"""Which small faults a piece of code can be given: a limit off by one, a condition turned or lost, a step left out.

For the mutation testing. What any test would notice (a name that is not there, nothing returned) is not among them,
nor what no test should (the words of an exception, a type, a docstring).
"""

import ast
import copy
from collections.abc import Iterator

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
_NAMES |= {"ACCEPTED": "REPEATED", "REPEATED": "ACCEPTED", "CLOSED": "UNKNOWN", "UNKNOWN": "CLOSED"}


def is_left_alone(node: ast.AST) -> bool:
    """Whether nothing is planted in it."""
    words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    named = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    sure = isinstance(node, ast.keyword) and node.arg == "strict"
    return words or named or sure or isinstance(node, ast.Import | ast.ImportFrom | ast.Global)


def children(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node, without types, decorators, and the words of an exception or of a named step."""
    left_out = {"annotation", "returns", "decorator_list", "bases"}
    if isinstance(node, ast.Raise):
        return
    for field, value in ast.iter_fields(node):
        if field not in left_out and not (isinstance(node, ast.AnnAssign) and field == "target"):
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST):
                    yield each


def changes(node: ast.AST) -> list[ast.AST]:
    """What may stand in its place, each a fault."""
    return [*_statements(node), *_conditions(node), *_values(node)]


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield ast.Pass()
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name | ast.Tuple):
        yield ast.Pass()
    if isinstance(node, ast.AugAssign) and type(node.op) in _BINARY:
        yield _with(node, op=_BINARY[type(node.op)]())
    if isinstance(node, ast.comprehension):
        for number in range(len(node.ifs)):
            yield _with(node, ifs=node.ifs[:number] + node.ifs[number + 1 :])


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            other = _COMPARE[type(operator)]()
            yield _with(node, ops=[*node.ops[:number], other, *node.ops[number + 1 :]])
    if isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for number in range(len(node.values)):
            rest = node.values[:number] + node.values[number + 1 :]
            yield rest[0] if len(rest) == 1 else _with(node, values=rest)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield node.operand
    if isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _values(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY and not _is_type(node):
        yield _with(node, op=_BINARY[type(node.op)]())
    if isinstance(node, ast.Name) and node.id in _NAMES and isinstance(node.ctx, ast.Load):
        yield _with(node, id=_NAMES[node.id])
    if isinstance(node, ast.Constant):
        match node.value:
            case bool():
                yield ast.Constant(not node.value)
            case int() | float():
                yield ast.Constant(node.value + 1)
            case str():
                yield ast.Constant(node.value + "!")


def _is_type(node: ast.BinOp) -> bool:
    return isinstance(node.right, ast.Constant) and node.right.value is None


def _with(node: ast.AST, **changed: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    return new
