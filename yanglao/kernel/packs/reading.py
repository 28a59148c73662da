"""Read a YAML file with the place of every key, so that a mistake can be shown where it was made."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from .problems import PackInvalid, Problem

MAX_BYTES = 4_000_000

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One file as read: plain data, and the line (from 1) on which each key or list item begins."""

    path: str
    data: Any
    lines: Mapping[KeyPath, int]
    sha256: str

    def line_of(self, path: KeyPath) -> int:
        """The line of the nearest thing that exists on the way to `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _PlainLoader(yaml.SafeLoader):
    """YAML 1.2's idea of scalars: `on`, `no`, `12:30` and `007` stay text, as a clerk means them."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("timestamp", r"^\d{4}-\d{2}-\d{2}$", "0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _date(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> dt.date | str:
    """A day that does not exist stays text: the schema then names the line it stands on."""
    text = str(loader.construct_scalar(node))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def read(path: Path, *, shown_as: str | None = None) -> Document:
    """Read one YAML file.

    Raises `PackInvalid` with everything that makes the file unreadable: not UTF-8, too big, broken
    syntax, the same key twice, anchors.
    """
    name = shown_as or path.as_posix()
    return parse(_bytes_of(path, name), name)


@lru_cache(maxsize=128)
def parse(raw: bytes, name: str) -> Document:
    """Like `read`, from what a file holds; `name` stands for it in messages.

    What was read before is not read again (an editor checks one file among its neighbours at every pause): nobody
    may change `data`. Refusals are not kept.
    """
    text = _text_of(raw, name)
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        raise PackInvalid([_syntax_problem(name, text, error)]) from None
    if node is None:
        raise PackInvalid([Problem(name, 1, _("文件是空的"), _("写入内容，或删去这个文件"))])
    problems = [*_anchors(name, text), *_duplicates(name, node)]
    if problems:
        raise PackInvalid(problems)
    try:
        data = yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        raise PackInvalid([_syntax_problem(name, text, error)]) from None
    return Document(name, data, dict(_lines(node)), hashlib.sha256(raw).hexdigest())


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError:
        raise PackInvalid(
            [Problem(name, 0, _("读不到这个文件"), _("检查文件是否存在、是否有读取权限"))]
        ) from None
    if len(raw) > MAX_BYTES:
        raise PackInvalid([Problem(name, 0, _("文件超过 4 MB"), _("把内容拆成几个文件"))])
    return raw


def _text_of(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        how = _("用编辑器把文件另存为 UTF-8 编码（记事本：另存为 → 编码 → UTF-8）")
        raise PackInvalid([Problem(name, line, _("文件不是 UTF-8 编码"), how)]) from None


def _syntax_problem(name: str, text: str, error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    number = mark.line + 1 if mark else 1
    lines = text.splitlines()
    return Problem(name, number, _("YAML 写法有误，程序读不下去"), _syntax_cure(lines, number))


def _syntax_cure(lines: list[str], number: int) -> str:
    """The usual slips, looked for on the line of the error and the one above it."""
    nearby = [(n, lines[n - 1]) for n in (number, number - 1) if 0 < n <= len(lines)]
    for n, line in nearby:
        if "\t" in line:
            return _("第 %(line)s 行用了制表符（Tab），请改用空格缩进") % {"line": n}
        if "：" in line and ":" not in line:
            return _("第 %(line)s 行用了全角冒号“：”，请改为半角冒号加空格“: ”") % {"line": n}
        if re.match(r"^\s*-?\s*[\w]+:\S", line) and "://" not in line:
            return _("第 %(line)s 行冒号后面要有一个空格") % {"line": n}
    return _("检查这一行和上一行的缩进、冒号、引号是否成对；含冒号或 # 的文字要加引号")


def _anchors(name: str, text: str) -> Iterator[Problem]:
    for event in yaml.parse(text, Loader=_PlainLoader):
        if getattr(event, "anchor", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            yield Problem(
                name, line, _("不支持锚点与引用（& 和 *）"), _("把内容原样写出来；文字以 * 或 & 开头要加引号")
            )


def _duplicates(name: str, node: yaml.Node) -> Iterator[Problem]:
    for mapping in _mappings(node):
        first: dict[str, int] = {}
        for key, _value in mapping.value:
            line = key.start_mark.line + 1
            if key.value in first:
                what = _("“%(key)s”写了两次，第一次在第 %(line)s 行") % {
                    "key": key.value,
                    "line": first[key.value],
                }
                yield Problem(name, line, what, _("留下一个，删去另一个"))
            first.setdefault(str(key.value), line)


def _mappings(node: yaml.Node) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _key, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _mappings(item)


def _lines(node: yaml.Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, str(index)))
