# i18n: data — the README is written in both languages
"""The tables of `library/README.md`: the index by kind and place, and which file proves which construct."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yanglao.kernel.packs.reading import read

from .library import CONFIDENCE, FOLDER, KINDS, POLICIES, SHAPES, Entry

README = FOLDER / "README.md"
CONSTRUCTS = FOLDER / "constructs.yaml"


@dataclass(frozen=True)
class Construct:
    """Something policies need, and a file that shows it: `shows` stands in its text."""

    zh: str
    en: str
    file: str
    shows: str

    def proven(self) -> bool:
        path = POLICIES / f"{self.file}.yaml"
        return path.exists() and self.shows in path.read_text(encoding="utf-8")


def constructs() -> list[Construct]:
    data = read(CONSTRUCTS, shown_as=CONSTRUCTS.name).data
    return [Construct(**each) for each in data["constructs"]]


def readme_text(text: str, index: Sequence[Entry]) -> str:
    """The README with its generated parts made anew."""
    text = _between(text, "index", index_table(index))
    return _between(text, "constructs", construct_table(constructs()))


def _between(text: str, name: str, table: str) -> str:
    first, last = f"<!-- {name}: generated -->\n", f"<!-- {name}: end -->"
    before, _sep, rest = text.partition(first)
    _old, sep, after = rest.partition(last)
    return f"{before}{first}\n{table}\n{sep}{after}" if sep else text


def index_table(index: Sequence[Entry]) -> str:
    lines = []
    for kind in dict.fromkeys(entry.kind for entry in index):
        zh, en = KINDS[kind]
        lines += ["", f"### {zh} {en}", ""]
        lines += _table(
            ("地方 Place", "政策 Policy", "形状 Shape", "数字 Figures", "案例 Cases"),
            (_row(entry) for entry in index if entry.kind == kind),
        )
    return "\n".join(lines[1:]) + "\n"


def _row(entry: Entry) -> tuple[str, ...]:
    given = {"公布": entry.published, "报道": entry.reported, "推出": entry.derived, "自拟": entry.design}
    return (
        entry.place,
        f"[{entry.title}](policies/{entry.id}.yaml) {entry.title_en}",
        "、".join(SHAPES[s][0] for s in entry.shapes.split()),
        CONFIDENCE[entry.least_sure][0],
        " ".join(f"{word}{n}" for word, n in given.items() if n),
    )


def construct_table(found: Sequence[Construct]) -> str:
    rows = ((c.zh, c.en, f"[{c.file}](policies/{c.file}.yaml)", f"`{c.shows}`") for c in found)
    return "\n".join(_table(("写法", "Construct", "样例 File", "写在 Written as"), rows)) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(c.replace('|', chr(92) + '|') for c in cells)} |"
