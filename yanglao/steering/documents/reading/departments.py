"""Who answers for a piece of work: responsible departments (责任单位) and the one that leads (牵头单位)."""
# i18n: data

from __future__ import annotations

import re
from dataclasses import dataclass

_SUFFIX = (
    r"(?:局|委员会|委|办公室|办|厅|部|处|署|院|中心|公司|集团|人民政府|政府|管委会|联合会|联合体|残联|妇联|团委|工会|红十字会|支队|大队"
    r"|消防队|消防救援队|总队|学会|协会|街道办|街道|乡镇\(街道\)|乡镇|镇|部门|单位|银行|分局|法院|检察院|医院|学校|社区|各区|各县|镇街|科|站|所"
    r"|各县\(市、区\)|各区县\(市\)|各市州|各设区市|各地|各县市区|专班)"
)
_NAME = re.compile(
    rf"[^,;。:()]{{0,24}}?(?:\([^()]{{1,10}}\)[^,;。:()]{{0,10}})?{_SUFFIX}(?:\([^()]{{1,12}}\))?"
)
_LABEL = re.compile(
    r"(?P<lead>牵头(?:责任)?(?:单位|部门|处室|科室|领导)?|主办(?:单位|部门|处室)?|主管部门|第一责任(?:单位|部门))\s*[::]"
    r"|(?P<help>配合(?:单位|部门|处室)?|协办(?:单位|部门)?|参与(?:单位|部门)|协同(?:单位|部门))\s*[::]"
    r"|(?P<all>(?:责任|落实|承办|实施|负责)(?:单位|部门|主体|处室|科室|分工)?|完成单位)\s*[::]"
)
_VERB = re.compile(
    r"(?P<names>[^()。;::]+?)(?P<verb>分别牵头负责|牵头负责|牵头|共同负责|分别负责|按(?:照)?(?:各自)?职责(?:分工)?(?:分别)?负责"
    r"|(?:等)?(?:按|根据)(?:照)?职责(?:分工)?(?:配合|参与|落实|实施)|负责|配合|参与|协同)"
)
# a sentence of nothing else: 市民政局牵头，市财政局、市教育局配合。
_SENTENCE = re.compile(
    r"(?:(?<=[。;\n])|^)[ ]*[^。;\n()\[\]:]{2,40}?牵头(?:负责)?[,、][^。;\n()\[\]:]{2,80}?(?:配合|参与|协助|协同)(?=[。;\n]|$)"
)
_SUBJECT = re.compile(r"(?:要|应当?|负责|会同|牵头|联合|需|须)")


@dataclass(frozen=True)
class Responsible:
    """Departments named at ``[start, end)``; the first leads. ``marked``: the document says so itself (牵头)."""

    start: int
    end: int
    names: tuple[str, ...]
    marked: bool = False
    rule: str = "bracket"  # bracket · line · subject


def responsible(flat: str, start: int, end: int) -> list[Responsible]:
    """Departments named in brackets or on a line of their own within ``flat[start:end]``."""
    found = []
    for a, b, line in _groups(flat, start, end):
        names, marked = _read_group(flat[a:b])
        if names:
            found.append(Responsible(a, b, names, marked, "line" if line else "bracket"))
    return found


def _groups(flat: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """The insides of brackets that speak of responsibility, and lines that begin with 责任单位："""
    spans = []
    stack: list[int] = []
    for at in range(start, end):
        if flat[at] in "([":
            stack.append(at)
        elif flat[at] in ")]" and stack:
            opened = stack.pop()
            inside = flat[opened + 1 : at]
            closes = flat[at + 1 : at + 2] in ("", "\n", "。", " ", ";")
            if not stack and (
                _LABEL.search(inside) or (_VERB.search(inside) and closes) or (closes and _all_named(inside))
            ):
                spans.append((opened + 1, at, False))
    spans += [(m.start(), m.end(), True) for m in _SENTENCE.finditer(flat, start, end)]
    covered = [(a, b) for a, b, _ in spans]
    for m in _LABEL.finditer(flat, start, end):
        if not any(a <= m.start() < b for a, b in covered):
            stop = flat.find("\n", m.start(), end)
            stop = end if stop < 0 else stop
            spans.append((m.start(), stop, True))
            covered.append((m.start(), stop))
    return sorted(spans)


def _all_named(inside: str) -> bool:
    """A bracket that holds nothing but departments: （市民政局、市财政局）."""
    names = split_names(inside)
    office = re.compile(r"(?:局|委|厅|办|政府|管委会|委员会|残联|妇联|镇街)$")
    whole = re.sub(r"[、,，;；/ ]|[和及与](?=[各市县区省])", "", inside)
    bare = "".join(re.sub(r"[和及与](?=[各市县区省])", "", name) for name in names)
    return bool(names) and bare == whole and all(office.search(name) for name in names)


def _read_group(inside: str) -> tuple[tuple[str, ...], bool]:
    labels = list(_LABEL.finditer(inside))
    leads: list[str] = []
    others: list[str] = []
    for place, m in enumerate(labels):
        stop = labels[place + 1].start() if place + 1 < len(labels) else len(inside)
        names, marked = _by_verbs(inside[m.end() : stop])
        if m.lastgroup == "lead":
            leads += names
        elif marked:
            leads += names[:1]
            others += names[1:]
        else:
            others += names
    if not labels:
        names, marked = _by_verbs(inside)
        return tuple(dict.fromkeys(names)), marked
    return tuple(dict.fromkeys([*leads, *others])), bool(leads)


_LEADS_HERE = re.compile(r"([^、,;()\s]+)\(牵头(?:单位|部门)?\)")


def _by_verbs(text: str) -> tuple[list[str], bool]:
    """市民政局牵头，市财政局等配合: names in order with those that lead first."""
    leads = [name for m in _LEADS_HERE.finditer(text) for name in split_names(m.group(1))]
    text = re.sub(r"\(牵头(?:单位|部门)?\)", "", text)
    others: list[str] = []
    at = 0
    for m in _VERB.finditer(text):
        names = split_names(m.group("names"))
        (leads if "牵头" in m.group("verb") else others).extend(names)
        at = m.end()
    others += split_names(text[at:])
    return list(dict.fromkeys([*leads, *others])), bool(leads)


def split_names(text: str) -> list[str]:
    """The departments of a list; what ends like none is left out."""
    names = []
    for piece in _pieces(text):
        name = re.sub(
            r"^(?:由|各相关|以及|及|和|与|会同|联合|并)+|(?:等(?:有关|相关|多)?(?:部门|单位)?|按$)$",
            "",
            piece.strip(" 。.:：;"),
        )
        name = re.sub(r"^\d+[.、]\s*", "", name)
        if name and len(name) <= 30 and _NAME.fullmatch(name):
            names.append(name)
    return names


def _pieces(text: str) -> list[str]:
    """Split at 、，； and blanks outside brackets, and at 和、及、与 between two names."""
    pieces, depth, current = [], 0, ""
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if depth <= 0 and sign in "、,;，；/ \n":
            pieces.append(current)
            current = ""
        else:
            current += sign
    pieces.append(current)
    split = [
        re.split(r"(?<=[局委厅办府联会院部队])(?:以及|和|及|与)(?=[\u4e00-\u9fff]{2})", piece)
        for piece in pieces
    ]
    return [part for parts in split for part in parts if part.strip()]


def subject(flat: str, start: int, end: int) -> Responsible | None:
    """A sentence that begins with who is to do it: 县财政局要…, 市民政局、市财政局联合印发…"""
    m = _SUBJECT.search(flat, start, min(end, start + 80))
    if not m:
        return None
    names_text = flat[start : m.start()]
    names = split_names(names_text)
    if not names or len("".join(names)) < 0.7 * len(re.sub(r"[、,和及与 ]", "", names_text)):
        return None
    office = re.compile(r"(?:局|委|厅|办|政府|管委会|委员会|残联|妇联|消防队|部门|支队|大队|中心)$")
    if not all(office.search(name) for name in names):
        return None
    return Responsible(start, m.start(), tuple(dict.fromkeys(names)), m.group() == "牵头", "subject")
