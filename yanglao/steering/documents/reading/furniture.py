"""What stands on the paper or the web page and is no part of the document: menus, page numbers, running heads."""
# i18n: data

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from .aligned import Aligned, Edit
from .opened import Opened

_NAVIGATION = re.compile(
    r"^\s*(?:"
    r"(?:您|你)(?:的|所在|当前)*位置[:：]?.*|当前位置[:：]?.*|首\s*页|>\s*.{0,40}>.*|首页\s*[>＞»].*"
    r"|(?:注册|登录|登陆)(?:\s*[|/]?\s*(?:注册|登录|登陆))*|一图看\S{0,12}|一图读懂\S{0,20}"
    r"|.{0,4}字[体号]\s*[:：].{0,20}|【?\s*(?:文字|字体|打印|关闭|大\s*中\s*小).*(?:打印|关闭|保护视力色|大\s*中\s*小).*"
    r"|(?:打印|关闭|收藏|返回)(?:本页|此页|窗口|顶部|上一页)?(?:\s+(?:打印|关闭|收藏|返回|分享)(?:本页|此页|窗口|顶部|上一页)?)*"
    r"|(?:分享(?:到|至)?|转发|扫一扫)\s*[:：]?\s*.{0,24}|Produced\s+By\b.*|.{0,20}版通发布系统"
    r"|(?:上一篇|下一篇|上一条|下一条|相关(?:链接|阅读|新闻|文章)|延伸阅读)\s*[:：]?.{0,60}"
    r"|(?:网站地图|联系我们|关于我们|版权声明|隐私声明|友情链接|站点地图|无障碍阅读)(?:\s*[|｜]?\s*\S{2,8})*"
    r"|.*(?:ICP备|公网安备|网站标识码|版权所有|Copyright|©).*"
    r"|(?:主办|承办|技术支持|维护)(?:单位)?\s*[:：].{2,40}|(?:浏览|阅读|点击)(?:次数|量|数)?\s*[:：].{0,10}"
    r"|(?:其他|其它|政策|规范性|法规|通知公告|政策)*文件|(?:政务|政府信息)公开|通知公告|工作动态|信息公开(?:目录|指南)?"
    r"|责任编辑\s*[:：].{0,12}|\(?编辑\s*[:：].{0,12}\)?"
    r")\s*$",
    re.IGNORECASE,
)
_META = re.compile(
    r"^\s*(?:发布机构|信息来源|来源|发布时间|发布日期|时间|日期|索引号|公开方式|公开时限|主题分类|成文日期|有效性)\s*[:：]"
)
_LIBRARY = re.compile(r"^.*由会员分享.*(?:在线阅读|下载|搜索).*$")
_PAGE_NUMBER = re.compile(
    r"第\s*\d+\s*页\s*[,，/]?\s*(?:共\s*\d+\s*页)?|(?m:^\s*[-—–－]\s*\d{1,4}\s*[-—–－]\s*$)|(?m:^\s*\d{1,4}\s*/\s*\d{1,4}\s*$)"
)
_BARE_NUMBER = re.compile(r"^\s*\d{1,4}\s*$")
_PIECE = re.compile(r"(?m)^(\d{1,3})、")
_STOPS = "。！？!?;；:：”》】）)"
_LABEL = re.compile(
    r"\s*(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,3}\s?[.．、)）](?!\d)|[①-⑳]|第[一二三四五六七八九十百零\d]+[章节条编]"
    r"|附\s*[件表]|[一二三四五六七八九十]是)"
)


def strip_furniture(text: Aligned, opened: Opened) -> None:
    """Take out what is no part of the document; every removal stays in ``text.changes``."""
    text.apply(Edit(f.start, f.end, "", f.reason) for f in opened.furniture)
    text.apply(_page_numbers(text.text, many=opened.pages > 1))
    text.apply(_navigation(text.text))
    text.apply(_pieces(text.text))
    if opened.wrapped or _is_wrapped(text.text):
        text.apply(_wraps(text.text))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _navigation(text: str) -> Iterator[Edit]:
    for start, end in _lines(text):
        line = text[start:end]
        if line.strip() and not _META.match(line) and (_NAVIGATION.match(line) or _LIBRARY.match(line)):
            yield Edit(start, end, "", "navigation")


def _page_numbers(text: str, *, many: bool) -> Iterator[Edit]:
    for m in _PAGE_NUMBER.finditer(text):
        yield Edit(m.start(), m.end(), "", "page_number")
    if many:
        for start, end in _lines(text):
            if _BARE_NUMBER.match(text[start:end]):
                yield Edit(start, end, "", "page_number")


def _pieces(text: str) -> Iterator[Edit]:
    """Some library sites cut a text into numbered pieces (1、2、…) in the middle of sentences: joined again."""
    marks = list(_PIECE.finditer(text))
    if len(marks) < 3 or [int(m.group(1)) for m in marks] != list(range(1, len(marks) + 1)):
        return
    broken = [m for m in marks[1:] if (before := text[: m.start()].rstrip()) and before[-1] not in _STOPS]
    if len(broken) * 3 < (len(marks) - 1) * 2:
        return
    for m in marks:
        start = len(text[: m.start()].rstrip()) if m in broken else m.start()
        yield Edit(start, m.end(), "", "piece_number")


def _is_wrapped(text: str) -> bool:
    """Lines of one width, most of them ending within a sentence: copied from a page."""
    lengths = [end - start for start, end in _lines(text) if text[start:end].strip()]
    if len(lengths) < 12:
        return False
    widest = sorted(lengths)[int(len(lengths) * 0.9)]
    full = sum(widest - 3 <= length <= widest + 3 for length in lengths)
    return 18 <= widest <= 60 and full * 2 > len(lengths) and _open_ends(text) * 5 > len(lengths) * 2


def _open_ends(text: str) -> int:
    return sum(bool(text[a:b].strip()) and text[a:b].rstrip()[-1] not in _STOPS for a, b in _lines(text))


def _wraps(text: str) -> Iterator[Edit]:
    """Join lines that ended where the paper ended. A new paragraph begins with a number, an indent, or after a
    line that ends a sentence or is clearly shorter than the paper."""
    spans = [(a, b) for a, b in _lines(text) if text[a:b].strip()]
    if not spans:
        return
    width = sorted(len(text[a:b].strip()) for a, b in spans)[int(len(spans) * 0.85)]
    for (a, b), (c, d) in itertools.pairwise(spans):
        line, following = text[a:b].rstrip(), text[c:d]
        if "\t" in line or "\t" in following:
            continue
        ends = line[-1] in "。！？!?；;：:" or len(line.strip()) < 0.7 * width
        if not ends and not _LABEL.match(following) and not following.startswith(("\u3000\u3000", "    ")):
            yield Edit(a + len(line), c + len(following) - len(following.lstrip()), "", "wrapped")
