"""Finds the interface strings of the source: what is wrapped for translation, and Chinese that is not.

Chinese that is data (headings of other people's tables, names of standards' values) is said to be so by a
comment `# i18n: data` on its line, or on one of the first five lines for a whole file. Comparisons, patterns,
dictionary keys, single characters and the arguments of string methods are data without saying so.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract
from django.template.base import DebugLexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
DATA = "i18n: data"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_PAGES = ("tests", "demo", "migrations")
# What speaks to the operator of the machine speaks both languages at once.
CONSOLE = ("assets.py", "translations.py", "settings.py", "commands")
STRING_METHODS = frozenset(
    [
        "compile",
        "sub",
        "match",
        "search",
        "fullmatch",
        "findall",
        "finditer",
        "replace",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "startswith",
        "endswith",
        "strip",
        "lstrip",
        "rstrip",
        "removeprefix",
        "removesuffix",
        "join",
        "count",
        "index",
        "find",
        "translate",
        "maketrans",
    ]
)
WRAPPING_TAGS = ("trans", "translate", "blocktrans", "blocktranslate")


@dataclass(frozen=True)
class Text:
    """A text of the interface: where it stands, its msgid (of the singular) and its context."""

    place: str
    msgid: str
    context: str | None = None


def sources(suffix: str) -> list[Path]:
    """Our files that make pages: tests, the demo's data and migrations left out."""
    found = []
    for path in sorted((ROOT / "yanglao").rglob(f"*{suffix}")):
        if not set(NOT_PAGES).intersection(path.relative_to(ROOT).parts):
            found.append(path)
    return found


def _name(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


# --- what is wrapped -------------------------------------------------------------------------------------------


def wrapped() -> Iterator[Text]:
    """Every text that asks for a translation, of Python files and templates."""
    for path in sources(".py"):
        yield from _extracted(path, path.read_bytes())
    for path in [*sources(".html"), *sources(".txt")]:
        yield from _extracted(path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode())


def _extracted(path: Path, code: bytes) -> Iterator[Text]:
    options = {"encoding": "utf-8"}
    for line, message, _comments, context in extract("python", io.BytesIO(code), KEYWORDS, (), options):
        msgid = message[0] if isinstance(message, tuple) else message
        if msgid:
            yield Text(_name(path, line), msgid, context)


# --- what is not -----------------------------------------------------------------------------------------------


def bare() -> Iterator[str]:
    """Chinese on pages outside translation, one line each: `file:line: text`."""
    for path in sources(".py"):
        if not set(CONSOLE).intersection(path.parts):
            yield from _bare_python(path)
    for path in sources(".html"):
        yield from _bare_template(path)


def _bare_python(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if any(DATA in line for line in lines[:5]):
        return
    tree = ast.parse("\n".join(lines))
    allowed = {id(node) for call in ast.walk(tree) for node in _allowed_in(call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in allowed:
            continue
        near = lines[node.lineno - 1 : (node.end_lineno or node.lineno)]
        if CHINESE.search(node.value) and not any(DATA in line for line in near):
            yield f"{_name(path, node.lineno)}: {node.value.strip()[:40]}"


def _allowed_in(node: ast.AST) -> Iterator[ast.AST]:
    """The strings below a node that need no translation: translated ones, docstrings, and evident data."""
    match node:
        case ast.Call():
            if _called(node) in KEYWORDS or _called(node) in STRING_METHODS:
                yield from ast.walk(node)
            yield from (k.value for k in node.keywords if k.arg == "zh")
        case ast.Expr(value=ast.Constant() as value):
            yield value
        case ast.Compare() | ast.MatchValue() | ast.Subscript():
            yield from ast.walk(node)
        case ast.Dict():
            yield from filter(None, node.keys)
        case ast.Constant(value=str(text)) if len(text) == 1:
            yield node


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _bare_template(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    within = 0
    for token in DebugLexer(text).tokenize():
        kind, content = token.token_type, token.contents
        tag = content.split()[0] if kind == TokenType.BLOCK and content.split() else ""
        if tag in ("blocktrans", "blocktranslate", "comment"):
            within += 1
        elif tag in ("endblocktrans", "endblocktranslate", "endcomment"):
            within -= 1
        elif not within and kind != TokenType.COMMENT and tag not in WRAPPING_TAGS:
            shown = re.sub(r"""_\((?:"[^"]*"|'[^']*')\)""", "", content)
            if CHINESE.search(re.sub(r"<!--.*?-->", "", shown, flags=re.S)):
                yield f"{_name(path, token.lineno or 0)}: {shown.strip()[:40]}"


def missing(folder: str) -> list[str]:
    """The msgids below a folder that have no English yet."""
    from yanglao import translations

    known = {(entry.msgctxt, entry.msgid) for entry in translations.merge(translations.catalogues())}
    return sorted(
        {
            text.msgid
            for text in wrapped()
            if text.place.startswith(folder)
            and CHINESE.search(text.msgid)
            and (text.context, text.msgid) not in known
        }
    )


if __name__ == "__main__":  # python -m tests.harness.words yanglao/registers/people
    import sys

    for msgid in missing(sys.argv[1] if len(sys.argv) > 1 else ""):
        print(f'msgid "{msgid}"\nmsgstr ""\n')
