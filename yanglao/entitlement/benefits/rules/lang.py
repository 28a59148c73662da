"""The words and grammar of policy expressions: a small part of SQL's, parsed by a cut-down sqlglot dialect.

Three locks before a tree exists: allowed characters, a parser without statements or functions, and size limits.
The fourth is in `check`: only known node types are translated, everything else is refused.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.parser import Parser

MAX_LENGTH, MAX_NODES, MAX_DEPTH = 1000, 250, 30

STRING = re.compile(r"'([0-9A-Za-z一-龥_:.-]{0,40})'")
NAME = re.compile(r"^[a-z][a-z0-9_]{0,60}$")
_OUTSIDE_STRINGS = re.compile(r"[0-9A-Za-z_ \n()<>=!+*,-]*\Z")


class Refused(ValueError):
    """An expression that is not allowed. `what` is wrong and `how` to mend it, in the user's language."""

    def __init__(self, what: str, how: str) -> None:
        super().__init__(what)
        self.what, self.how = what, how


class RuleParser(Parser):
    """Nothing but operators, CASE and three functions; all other names stay plain names, for `check` to judge."""

    FUNCTIONS: ClassVar[dict[Any, Any]] = {
        name: Parser.FUNCTIONS[name] for name in ("COALESCE", "LEAST", "GREATEST")
    }
    FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {}
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {"CASE": Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}
    STATEMENT_PARSERS: ClassVar[dict[Any, Any]] = {}
    PLACEHOLDER_PARSERS: ClassVar[dict[Any, Any]] = {}
    TYPE_LITERAL_PARSERS: ClassVar[dict[Any, Any]] = {}
    LAMBDAS: ClassVar[dict[Any, Any]] = {}


class RuleDialect(Dialect):
    """The dialect of policy files."""

    parser_class: type[Any] = RuleParser


def parse(text: str) -> exp.Expr:
    """The syntax tree of one expression. Raises Refused."""
    _check_characters(text)
    try:
        found = RuleDialect().parse(text)
    except (SqlglotError, RecursionError, ValueError):
        raise Refused(
            _("表达式写法不通"), _("检查括号和引号是否成对，and、or、比较号两边是否都有内容")
        ) from None
    trees = [tree for tree in found if tree is not None]
    if len(trees) != 1:
        raise Refused(_("这里只能写一个表达式"), _("删去多余的内容"))
    _check_size(trees[0])
    return trees[0]


def _check_characters(text: str) -> None:
    if not text.strip():
        raise Refused(_("表达式是空的"), _("写出条件，例如 age >= 80"))
    if len(text) > MAX_LENGTH:
        raise Refused(_("表达式超过 %(n)s 个字符") % {"n": MAX_LENGTH}, _("拆成几条条件，每条一句话"))
    rest = STRING.sub("", text)
    if "--" in rest:
        raise Refused(_("表达式里不能写注释"), _("说明写在 label 或 notes 里"))
    if not _OUTSIDE_STRINGS.match(rest):
        bad = next(c for c in rest if not _OUTSIDE_STRINGS.match(c))
        how = _(
            "只用小写字母、数字、下划线、空格、括号、逗号和 + - * < > = !，文字用单引号括起；小数写成参数"
        )
        raise Refused(_("表达式里不能用字符“%(c)s”") % {"c": bad}, how)


def _check_size(tree: exp.Expr) -> None:
    nodes = list(tree.walk())
    too_deep = any(node.depth > MAX_DEPTH for node in nodes)
    if len(nodes) > MAX_NODES or too_deep:
        raise Refused(_("表达式太长或括号套得太深"), _("拆成几条条件，或把数值写成参数表"))
