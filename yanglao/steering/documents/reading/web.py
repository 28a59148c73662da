"""Web pages (.html): the lines a reader sees; menus, bread crumbs, share buttons and feet marked as such."""
# i18n: data

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import lxml.html

from .opened import Furniture, Opened

_UNSEEN = {"script", "style", "noscript", "template", "head", "iframe", "svg", "select", "button", "input"}
_FRAME = {"nav", "header", "footer", "aside", "form"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    "br", "dd", "dt", "dl", "blockquote", "pre", "center", "tbody", "thead", "body", "caption", "hr", *_FRAME,
}  # fmt: skip
_FRAME_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|breadcrumbs?|crumb|position|share|bdshare|footer|foot|copyright|sidebar|toolbar"
    r"|print|qrcode|ewm|related|pagination|pager|friend-?link|topbar|login|search|fontsize)(?:$|[-_\s\d])",
    re.IGNORECASE,
)


@dataclass
class _Line:
    text: str = ""
    linked: int = 0  # characters that lie in links
    frame: bool = False


def open_html(source: str) -> Opened:
    """Everything is kept as text; what belongs to the site is named in ``furniture``."""
    root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source))
    body = root.find("body")
    reader = _Reader()
    whole = max(len(root.text_content()), 1)
    reader.walk(body if body is not None else root, frame=False, linked=False, whole=whole)
    reader.break_line()
    title = (root.findtext(".//title") or "").strip()
    return _opened([line for line in reader.lines if line.text.strip()], title)


def _opened(lines: list[_Line], title: str) -> Opened:
    furniture = []
    at = 0
    for line in lines:
        end = at + len(line.text)
        bare = sum(not c.isspace() for c in line.text)
        if line.frame or (line.linked >= 0.8 * bare and bare < 60):
            furniture.append(Furniture(at, end, "navigation"))
        at = end + 1
    return Opened("\n".join(line.text for line in lines), "html", title=title, furniture=tuple(furniture))


class _Reader:
    def __init__(self) -> None:
        self.lines: list[_Line] = [_Line()]

    def break_line(self) -> None:
        line = self.lines[-1]
        line.text = re.sub(r"[ \u00a0\r\n]+", " ", line.text).strip(" ")
        if line.text.strip():
            self.lines.append(_Line())
        else:
            self.lines[-1] = _Line()

    def add(self, text: str | None, *, frame: bool, linked: bool) -> None:
        if not text:
            return
        line = self.lines[-1]
        line.text += text.replace("\t", " ").replace("\n", " ")
        line.frame |= frame and bool(text.strip())
        line.linked += sum(not c.isspace() for c in text) if linked else 0

    def walk(self, element: Any, *, frame: bool, linked: bool, whole: int) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _UNSEEN or _hidden(element):
            return
        frame = frame or _is_frame(element, tag, whole)
        if tag == "table" and (grid := grid_of(element)):
            self._table(grid, frame=frame)
            return
        block = tag in _BLOCKS
        if block:
            self.break_line()
        if tag in ("td", "th") and self.lines[-1].text.strip(" "):
            self.lines[-1].text += "\t"
        inside = linked or tag == "a"
        self.add(element.text, frame=frame, linked=inside)
        for child in element:
            cell = tag in ("td", "th")
            if not (cell and isinstance(child.tag, str) and child.tag in _BLOCKS):
                self.walk(child, frame=frame, linked=inside, whole=whole)
            else:  # paragraphs within a cell stay in its row
                self.add(" ".join(child.text_content().split()) + " ", frame=frame, linked=inside)
            self.add(child.tail, frame=frame, linked=inside)
        if block:
            self.break_line()

    def _table(self, grid: list[list[str]], *, frame: bool) -> None:
        """A table of data: a line for each row, cells apart by tabs, 〃 where a cell belongs to the one above."""
        for row in grid:
            self.break_line()
            self.lines[-1] = _Line("\t".join(row), frame=frame)
            self.lines.append(_Line())


SAME = "〃"
_WIDEST, _LONGEST = 40, 4_000


def grid_of(table: Any) -> list[list[str]]:
    """The cells of a table with spans filled in; empty for a table that only lays out the page."""
    if table.xpath(".//table"):
        return []
    rows = table.xpath("./tr|./thead/tr|./tbody/tr|./tfoot/tr")
    taken: dict[tuple[int, int], str] = {}
    grid: list[list[str]] = []
    for number, row in enumerate(rows):
        column, cells = 0, row.xpath("./td|./th")
        for cell in cells:
            while (number, column) in taken:
                column += 1
            words = " ".join(" ".join(cell.itertext()).split()) if not _hidden(cell) else ""
            if len(words) > _LONGEST:
                return []
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for y in range(down):
                for x in range(across):
                    taken[(number + y, column + x)] = (SAME if y else words) if not x else ""
            column += across
        wide = max((x + 1 for y, x in taken if y == number), default=0)
        line = [taken.get((number, x), "") for x in range(wide)]
        grid.append([line[0], ""] if len(cells) == 1 and line else line)
    wide_enough = sum(len(row) > 1 for row in grid)
    return grid if wide_enough > 1 and max(map(len, grid)) <= _WIDEST else []


def _span(cell: Any, name: str) -> int:
    written = cell.get(name) or "1"
    return min(max(int(written), 1), 200) if written.isdigit() and len(written) < 5 else 1


def _hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _is_frame(element: Any, tag: str, whole: int) -> bool:
    """A part of the site and not of the document; a container that holds most of the text never is."""
    named = tag in _FRAME or bool(
        _FRAME_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    )
    return named and len(element.text_content()) < 0.4 * whole
