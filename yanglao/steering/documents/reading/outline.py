"""Paragraphs and their numbering as a tree: 第一章 · 一、· （一）· 1. · （1） · ① · 一是; articles, attachments, table rows."""
# i18n: data

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .numerals import HAN, han, plain

RANKS: dict[str, float] = {"attachment": 0, "part": 1, "chapter": 2, "section": 3, "article": 4, "han": 5, "hanb": 6, "lost": 6,
         "num": 7, "numb": 8, "ring": 9, "is": 10, "turn": 4.5, "after": 9.5}  # fmt: skip
_N = f"[{HAN}]+"
_LINE_LABELS = [
    ("attachment", re.compile(r"附\s*件\s*(\d*|[一二三四五六七八九十]*)\s*[:.、]?\s*(?=$|\n)")),
    ("part", re.compile(rf"第({_N}|\d+)[编部](?:分)?[:.、 ]?")),
    ("chapter", re.compile(rf"第({_N}|\d+)章[:.、 ]?")),
    ("section", re.compile(rf"第({_N}|\d+)节[:.、 ]?")),
    ("article", re.compile(rf"第({_N}|\d+)条[:.、 ]?")),
    ("han", re.compile(rf"({_N})\s?[、.]")),
    ("hanb", re.compile(rf"\(\s?({_N})\s?\)[、.]?")),
    ("num", re.compile(r"(\d{1,3})\s?(?:[.、](?!\d)|\.(?=\d{4}年))")),
    ("numb", re.compile(r"\(?\s?(\d{1,3})\s?\)[、.]?")),
    ("ring", re.compile(r"([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])")),
]
_INLINE = [
    ("han", re.compile(r"(?<=[。;:!?])\s*([一二三四五六七八九十]{1,3})、(?=[\u4e00-\u9fff“《])")),
    ("hanb", re.compile(rf"(?<=[。;:!?])\s*\(({_N})\)")),
    ("numb", re.compile(r"(?<=[。;:!?])\s*\((\d{1,2})\)(?!\d)")),
    ("ring", re.compile(r"(?<=[。;:!?,])\s*([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])")),
    (
        "num",
        re.compile(
            r"(?:(?<=[。;:])|(?<=总结|计划|任务|措施|打算|安排|要求|目标|内容|情况))\s*(\d{1,2})[.、](?=[\u4e00-\u9fff“])"
        ),
    ),
    (
        "is",
        re.compile(
            r"(?:^|(?<=[。;:!?,\n”]))[ ]*(?:第)?([一二三四五六七八九十]{1,2})(?:是|要|则|为)(?=[^,。])", re.M
        ),
    ),
]
_LOST = re.compile(
    r"(?:^|(?<=[。;:\n]))[ ]*([一二三四五六七八九十])(?=[\u4e00-\u9fff])(?![是要则个些家方面直定般旦种样体起同部分切项批步站点来者名线年月日级次届院条所处手"
    r"、大位对流支条户张])",
    re.M,
)
_FIRST_LOST = re.compile(r"一(?=[\u4e00-\u9fff]{2})")
_STOP = "。!?;\n"
_GLUED_HEAD = re.compile(
    r"^.{2,20}?(?:成效|成就|现状|形势|环境|问题|背景|基础|情况)(?=“|近年|目前|截至|全[市县区省]|我[市县区省]|20\d\d年|随着)"
)
_HEADING_END = re.compile(
    r"^.{2,16}?(?:工作|问题|思路|措施|打算|建议|目标|要求|做法|成效|情况|计划|安排|保障|任务|困难|经验|原则|步骤)(?=[\u4e00-\u9fff“])"
)


@dataclass(frozen=True)
class Label:
    """A number in front of a paragraph: ``start`` is where it stands, ``end`` where the words begin."""

    style: str
    number: int
    start: int
    end: int


@dataclass
class Node:
    """A stretch of the document under one number. ``end`` includes what lies below it, ``own_end`` does not."""

    index: int
    style: str  # see RANKS, or "text" (before the first number)
    number: int
    label: str
    title: str
    start: int
    title_start: int
    title_end: int
    body_start: int
    own_end: int
    end: int
    depth: int = 0
    parent: int | None = None
    children: list[int] = field(default_factory=list)
    lead: str = ""  # what stands in its paragraph before the first of its kind (会议强调，…要做好五项工作：)


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells with where each stands."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


def outline(text: str) -> list[Node]:
    """The nodes of a repaired text in order; offsets are of that text. The first is what stands before any number."""
    flat = plain(text)
    labels = _labels(flat)
    nodes = [_root(flat, labels)]
    for place, label in enumerate(labels):
        own_end = labels[place + 1].start if place + 1 < len(labels) else len(flat)
        nodes.append(_node(text, flat, place + 1, label, own_end))
    _nest(nodes, len(flat))
    _leads(flat, nodes)
    return nodes


def _leads(flat: str, nodes: list[Node]) -> None:
    lead = ""
    for node in nodes:
        if node.style == "is" and node.number == 1:
            line = flat.rfind("\n", 0, node.start) + 1
            lead = flat[line : node.start] or flat[flat.rfind("\n", 0, max(line - 1, 0)) + 1 : line]
        if node.style == "is":
            node.lead = lead[-200:]


def _root(flat: str, labels: Sequence[Label]) -> Node:
    end = labels[0].start if labels else len(flat)
    return Node(0, "text", 0, "", "", 0, 0, 0, 0, end, len(flat))


def _labels(flat: str) -> list[Label]:
    listed = _attachment_list(flat)
    found = [label for label in _line_labels(flat) if not any(a <= label.start < b for a, b in listed)]
    found = _plausible(found)
    known = {label.start for label in found}
    inline = [label for label in _inline_labels(flat) if label.start not in known]
    labels = sorted([*found, *_in_sequence(inline, found)], key=lambda x: x.start)
    lost = _lost_labels(flat, labels)
    whole = {label.start: label for label in [*_turns(flat), *lost, *labels]}
    return _with_rests(flat, sorted(whole.values(), key=lambda x: x.start))


_TURN = re.compile(
    r"(?m)^[ ]*(?=(?:下一步|下步|今后|接下来|下阶段|下一阶段|针对您|感谢您|衷心感谢|此复|专此|以上(?:答复|意见)|特此))"
)


def _turns(flat: str) -> Iterator[Label]:
    """Paragraphs that leave what was told before (下一步…): they stand under no point of it."""
    for m in _TURN.finditer(flat):
        yield Label("turn", 0, m.end(), m.end())


def _with_rests(flat: str, labels: list[Label]) -> list[Label]:
    """一是…二是… ends with its paragraph: what follows it is a paragraph of its own."""
    rests = []
    for label, following in zip(labels, [*labels[1:], None], strict=False):
        end = following.start if following else len(flat)
        line_end = flat.find("\n", label.start, end)
        if label.style in ("is", "after", "turn") and line_end >= 0:
            m = re.compile(r"\s*\S").match(flat, line_end, end)
            if m:
                rests.append(Label("after", 0, m.end() - 1, m.end() - 1))
    return sorted([*labels, *rests], key=lambda x: x.start)


def _lines(flat: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in flat.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _line_labels(flat: str) -> Iterator[Label]:
    for start, end in _lines(flat):
        line = flat[start:end]
        if "\t" in line:
            continue
        indent = len(line) - len(line.lstrip())
        for style, pattern in _LINE_LABELS:
            m = pattern.match(line, indent)
            number = _number(m.group(1)) if m else None
            if m and number is not None:
                yield Label(style, number, start + indent, start + m.end())
                break


def _number(text: str) -> int | None:
    if not text:
        return 0
    if text.isdigit() and text.isascii():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    value = han(text)
    return int(value) if value is not None and value < 400 else None


def _plausible(labels: list[Label]) -> list[Label]:
    """Without numbers that begin nowhere: a line that opens with 15. alone is no fifteenth point."""
    seen: dict[str, set[int]] = {}
    for label in labels:
        seen.setdefault(label.style, set()).add(label.number)
    return [
        x
        for x in labels
        if x.number <= 1 or x.style in ("attachment", "article") or x.number - 1 in seen[x.style]
    ]


def _attachment_list(flat: str) -> list[tuple[int, int]]:
    """The lines that name the attachments below a notice: numbers, but no points of it."""
    spans = []
    for m in re.finditer(r"(?m)^\s*附\s*件\s*[:：]\s*\S.*(?:\n[ ]*(?:\n[ ]*)*\d{1,2}[.、].*)*", flat):
        spans.append((m.start(), m.end()))
    return spans


def _inline_labels(flat: str) -> list[Label]:
    found: dict[int, Label] = {}
    for style, pattern in _INLINE:
        for m in pattern.finditer(flat):
            number = _number(m.group(1))
            start = m.start() + len(m.group()) - len(m.group().lstrip())
            if number and start not in found:
                found[start] = Label(style, number, start, m.end())
    return sorted(found.values(), key=lambda x: x.start)


def _in_sequence(inline: list[Label], fixed: list[Label]) -> list[Label]:
    """Numbers within a paragraph count when they begin with one and go on, and at least two of them stand there."""
    kept: list[Label] = []
    bounds = [label.start for label in fixed]
    for style in ("han", "hanb", "num", "numb", "ring", "is"):
        run: list[Label] = []
        for label in [x for x in inline if x.style == style]:
            follows = bool(run) and label.number == run[-1].number + 1
            if follows and style != "is" and any(run[-1].start < b < label.start for b in bounds):
                follows = False
            if not follows:
                kept += run if len(run) > 1 else []
                run = []
            if follows or label.number == 1:
                run.append(label)
        kept += run if len(run) > 1 else []
    return kept


def _lost_labels(flat: str, labels: Sequence[Label]) -> list[Label]:
    """（一）（二）（三） that lost their brackets: 二契合市情… at the beginning of sentences, three in a row at least."""
    tops = [label.start for label in labels if label.style == "han"] + [len(flat)]
    found: list[Label] = []
    for top, below in zip([0, *tops], [*tops, len(flat)], strict=False):
        taken = {label.start for label in labels}
        marks = [m for m in _LOST.finditer(flat, top, below) if m.start(1) not in taken]
        run = _run_of(marks)
        if len(run) >= 2 and (first := _first_lost(flat, top, run[0])) is not None:
            found.append(Label("lost", 1, first, first + 1))
            found += [Label("lost", i + 2, m.start(1), m.end(1)) for i, m in enumerate(run)]
    return found


def _run_of(marks: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The marks 二, 三, 四 … in order."""
    run: list[re.Match[str]] = []
    for m in marks:
        if _number(m.group(1)) == len(run) + 2:
            run.append(m)
    return run


def _first_lost(flat: str, top: int, second: re.Match[str]) -> int | None:
    """Where 一 stands: at a sentence's beginning, or glued to the heading above."""
    at = _LOST.search(flat, top, second.start())
    if at and at.group(1) == "一":
        return at.start(1)
    behind = top + 4
    found = [m.start() for m in _FIRST_LOST.finditer(flat, behind, min(second.start(), top + 40))]
    return found[0] if found else None


def _node(text: str, flat: str, index: int, label: Label, own_end: int) -> Node:
    title_start = label.end + (
        len(flat[label.end :]) - len(flat[label.end :].lstrip(" ")) if label.end < len(flat) else 0
    )
    title_start = min(title_start, own_end)
    title_end, body_start = _title(flat, title_start, own_end, label.style)
    if label.style in ("turn", "after"):
        title_start, body_start = label.start, label.start
        title_end = _title(flat, label.start, own_end, "is")[0]
    if label.style == "attachment":
        title_end, body_start = _next_line(flat, label.end, own_end)
        title_start = label.end + len(flat[label.end : title_end]) - len(flat[label.end : title_end].lstrip())
    return Node(
        index, label.style, label.number, text[label.start : label.end].strip(),
        text[title_start:title_end].strip(), label.start, title_start, title_end, body_start, own_end, own_end,
    )  # fmt: skip


def _next_line(flat: str, start: int, end: int) -> tuple[int, int]:
    m = re.compile(r"\s*([^\n]+)").match(flat, start, end)
    return (m.end(), m.end()) if m else (start, start)


def _title(flat: str, start: int, end: int, style: str) -> tuple[int, int]:
    """Where a title ends and the body begins: a first sentence of at most 40 characters, a whole line, or nothing
    but the first clause."""
    line_end = flat.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    line = flat[start:line_end]
    stop = re.search(r"[。:;!?]", line)
    if stop is None and len(line.strip()) <= 60:
        return start + len(line.rstrip()), line_end
    glued = (
        _HEADING_END.match(line) if style == "han" else _GLUED_HEAD.match(line) if style == "hanb" else None
    )
    if glued and (stop is None or glued.end() < stop.start()):
        return start + glued.end(), start + glued.end()
    if stop and stop.start() <= 40:
        return start + stop.start(), start + stop.end() if style != "is" or stop.group() == "。" else start
    comma = re.search(r"[,、;。:]", line[4:])
    cut = 4 + comma.start() if comma and comma.start() <= 36 else 40
    return start + min(cut, len(line)), start


def _nest(nodes: list[Node], length: int) -> None:
    """Who lies below whom, by the rank of the number's style; ``end`` of each."""
    above: list[Node] = [nodes[0]]
    for node in nodes[1:]:
        rank = RANKS[node.style]
        while len(above) > 1 and RANKS[above[-1].style] >= rank:
            above.pop().end = node.start
        node.parent, node.depth = above[-1].index, len(above)
        above[-1].children.append(node.index)
        above.append(node)
    for node in above:
        node.end = length


def rows(text: str) -> list[list[Row]]:
    """The tables of a text: runs of lines with tabs."""
    tables: list[list[Row]] = []
    previous = False
    for start, end in _lines(text):
        if "\t" not in text[start:end]:
            previous = previous and not text[start:end].strip()
            continue
        if not previous:
            tables.append([])
        tables[-1].append(Row(start, end, tuple(_cells(text, start, end))))
        previous = True
    return tables


def _cells(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for cell in text[start:end].split("\t"):
        lead = len(cell) - len(cell.lstrip())
        yield at + lead, max(at + lead, at + len(cell.rstrip()))
        at += len(cell) + 1


_CLOSING = '”"』」)]》'


def sentences(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of ``flat[start:end]``, split at 。！？； and line ends, blanks trimmed; what stands in brackets or
    book marks is never cut."""
    found = []
    at, depth = start, 0
    for position in range(start, end):
        sign = flat[position]
        if sign in "(《":
            depth += 1
        elif sign in ")》":
            depth = max(0, depth - 1)
        if sign == "\n" or (sign in _STOP and not depth):
            found.append((at, position + 1))
            at, depth = position + 1, 0 if sign == "\n" else depth
    found.append((at, end))
    return [trimmed for a, b in found if (trimmed := _trim(flat, a, b))[1] > trimmed[0]]


def _trim(flat: str, start: int, end: int) -> tuple[int, int]:
    while start < end and flat[start] in " \n\t" + _CLOSING[:3]:
        start += 1
    while end > start and flat[end - 1] in " \n\t":
        end -= 1
    return start, end
