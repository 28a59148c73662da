# i18n: data (names as they are)
"""Names: how they are written alike, read aloud (pinyin), found by initials and masked for publicity."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Readings of a character as a surname where pypinyin gives another, the everyday one.
SURNAMES: Final[dict[str, str]] = {
    "曾": "zeng", "仇": "qiu", "解": "xie", "单": "shan", "查": "zha", "区": "ou", "翟": "zhai",
    "盖": "ge", "朴": "piao", "覃": "qin", "乐": "yue", "缪": "miao", "牟": "mu", "秘": "bi",
    "折": "she", "黑": "he", "洗": "xian", "种": "chong", "重": "chong", "召": "shao", "员": "yun",
    "繁": "po", "能": "nai", "佴": "nai", "祭": "zhai", "长": "chang", "隗": "wei", "乜": "nie",
    "句": "gou", "阚": "kan", "卜": "bu", "都": "du", "适": "kuo", "不": "fou",
}  # fmt: skip
COMPOUND_SURNAMES: Final[dict[str, str]] = {
    "欧阳": "ou yang", "诸葛": "zhu ge", "司马": "si ma", "上官": "shang guan", "尉迟": "yu chi",
    "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "令狐": "ling hu",
    "皇甫": "huang fu", "夏侯": "xia hou", "东方": "dong fang", "赫连": "he lian", "公孙": "gong sun",
    "慕容": "mu rong", "宇文": "yu wen", "司徒": "si tu", "司空": "si kong", "轩辕": "xuan yuan",
    "呼延": "hu yan", "端木": "duan mu", "独孤": "du gu", "南宫": "nan gong", "西门": "xi men",
    "鲜于": "xian yu", "闾丘": "lv qiu", "拓跋": "tuo ba", "完颜": "wan yan", "濮阳": "pu yang",
    "淳于": "chun yu", "太史": "tai shi", "申屠": "shen tu", "仲孙": "zhong sun", "钟离": "zhong li",
    "百里": "bai li", "东郭": "dong guo", "羊舌": "yang she", "微生": "wei sheng", "梁丘": "liang qiu",
}  # fmt: skip
_DOTS: Final = re.compile(r"\s*[·•・‧∙⋅●．.。、･]+\s*")
_BETWEEN_HAN: Final = re.compile(r"(?<=[㐀-鿿\U00020000-\U0003ffff])\s+(?=[㐀-鿿\U00020000-\U0003ffff])")
_ALLOWED: Final = re.compile(r"^[㐀-鿿\U00020000-\U0003ffff〇A-Za-z·' -]+$")


def normalise_name(text: str) -> str:
    """One spelling for a name: half-width, no blanks between Chinese characters, `·` between its parts."""
    name = unicodedata.normalize("NFKC", text.replace("．", "·").replace("。", "·")).strip()
    name = _DOTS.sub("·", name).strip("·")
    return re.sub(r"\s+", " ", _BETWEEN_HAN.sub("", name))


def is_name(name: str) -> bool:
    """Whether a normalised name can be one: 2-50 Chinese characters, Latin letters and `·`."""
    return 2 <= len(name) <= 50 and bool(_ALLOWED.match(name))


@lru_cache(maxsize=200_000)
def _read(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin  # its dictionaries are a tenth of a start; few processes need them

    # In a name 卜 is never the bo of 萝卜, which is what pypinyin reads; 布 sounds as it should.
    spoken = lazy_pinyin(text.split() if text.isascii() else text.replace("卜", "布"))
    return tuple(part for part in map(_letters, spoken) if part)


def _letters(syllable: str) -> str:
    plain = unicodedata.normalize("NFKD", syllable.replace("ü", "v").replace("Ü", "v"))
    return "".join(c for c in plain.lower() if c.isascii() and c.isalnum())


def syllables(name: str) -> tuple[str, ...]:
    """A name's syllables, its surname read as one: 单于华 → chan yu hua, 曾四 → zeng si.

    A name in parts (阿卜杜拉·热合曼) has no Chinese surname and is read as it stands.
    """
    if "·" in name:
        return tuple(s for part in name.split("·") for s in _read(part))
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return (*COMPOUND_SURNAMES[name[:2]].split(), *_read(name[2:]))
    if name[:1] in SURNAMES:
        return (SURNAMES[name[:1]], *_read(name[1:]))
    return (*_read(name[:1]), *_read(name[1:])) if name[:1] > "ÿ" else _read(name)


def pinyin(name: str) -> str:
    """`张三` → `zhangsan`: what a clerk types, at most 100 letters."""
    return "".join(syllables(name))[:100]


def initials(name: str) -> str:
    """`张三` → `zs`, at most 30 letters."""
    return "".join(s[0] for s in syllables(name))[:30]


def masked(name: str) -> str:
    """A name as a publicity list (公示) shows it: 张三 → 张*, 张小三 → 张*三, 欧阳小明 → 欧**明."""
    if len(name) < 3:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
