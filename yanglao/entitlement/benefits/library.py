# i18n: data — the words of the index stand here in both languages, as in the policy files
"""The library of examples (政策样例库): real policies of other places, each with the cases its source gives.

`library/policies/*.yaml` are policy files as those of a city; `library/index.csv` and the tables of
`library/README.md` are made from them by `yanglao library index` and compared with them by a test.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from yanglao import assets
from yanglao.entitlement.benefits.facts.schema import schema
from yanglao.entitlement.benefits.rules.book import check_texts
from yanglao.entitlement.benefits.rules.cases import CaseResult, run_cases
from yanglao.entitlement.benefits.rules.policy import Policy
from yanglao.kernel.packs.problems import PackInvalid
from yanglao.kernel.packs.reading import read

FOLDER = settings.ROOT / "library"
POLICIES = FOLDER / "policies"
INDEX = FOLDER / "index.csv"
Raw = Mapping[str, Any]
Words = tuple[str, str]

KINDS: Mapping[str, Words] = {
    "advanced_age_allowance": ("高龄津贴", "Old-age allowance"),
    "care_subsidy": ("护理补贴", "Care subsidy"),
    "home_care_subsidy": ("居家养老服务补贴", "Home-care subsidy"),
    "destitute_support": ("特困供养", "Destitute support"),
    "family_bed": ("家庭养老床位", "Family care bed"),
    "home_adaptation": ("适老化改造", "Home adaptation"),
    "meal_subsidy": ("助餐补贴", "Meal subsidy"),
    "consumption_voucher": ("消费券", "Consumption voucher"),
    "institution_subsidy": ("机构补贴", "Institution subsidy"),
    "caregiver_allowance": ("护理员津贴", "Carer allowance"),
    "time_bank": ("时间银行", "Time bank"),
}
SHAPES: Mapping[str, Words] = {
    "age": ("按年龄分档", "brackets by age"),
    "class": ("按类别", "by class"),
    "matrix": ("交叉表", "matrix"),
    "step": ("按数量分档", "steps by number"),
    "percent": ("按比例", "percent"),
    "capped": ("封顶", "capped"),
    "difference": ("补差或取高", "difference or the higher"),
    "count": ("按数量乘", "per unit"),
    "quantity": ("给小时或次数", "hours or times"),
    "instalments": ("分期", "instalments"),
    "flat": ("定额", "flat"),
}
CONFIDENCE: Mapping[str, Words] = {
    "verified": ("已核对原文", "checked against the text"),
    "seen": ("见于公开文本", "seen in public"),
    "reported": ("见于报道", "reported"),
    "derived": ("由数字推算", "derived"),
    "inferred": ("推定，待核实", "inferred"),
    "recalled": ("凭记忆，待核实", "recalled"),
    "placeholder": ("占位示例，待核实", "placeholder"),
}
LEAST_SURE = ("placeholder", "recalled", "inferred", "derived", "reported", "seen", "verified")


@dataclass(frozen=True)
class Entry:
    """One line of the index. `shapes`: keys of SHAPES, joined by spaces; `least_sure`: of all its figures."""

    id: str
    kind: str
    division: int
    place: str
    subject: str
    title: str
    title_en: str
    shapes: str
    least_sure: str
    published: int
    reported: int
    derived: int
    design: int

    @property
    def cases(self) -> int:
        return self.published + self.reported + self.derived + self.design

    @property
    def province(self) -> int:
        return self.division // 10**10 * 10**10


@dataclass(frozen=True)
class Example:
    """One file of the library, read, built and tried on its cases."""

    policy: Policy
    raw: Raw
    results: tuple[CaseResult, ...]


def entries() -> tuple[Entry, ...]:
    """The index, as it stands in `library/index.csv`; empty where the library was not installed."""
    if not INDEX.exists():
        return ()
    kinds: Mapping[str, type] = {f.name: int if f.type == "int" else str for f in fields(Entry)}
    with INDEX.open(encoding="utf-8") as lines:
        return tuple(Entry(**{k: kinds[k](v) for k, v in row.items()}) for row in csv.DictReader(lines))


def example(policy_id: str) -> Example:
    """The file of that name with its cases. Raises LookupError when there is none, PackInvalid when it is wrong."""
    if policy_id not in {entry.id for entry in entries()}:
        raise LookupError(policy_id)
    name = f"{policy_id}.yaml"
    shared = sorted(path.relative_to(POLICIES).as_posix() for path in POLICIES.glob("standards/*.yaml"))
    texts = {n: (POLICIES / n).read_text(encoding="utf-8-sig") for n in (name, *shared)}
    book, problems = check_texts(texts, schema())  # what it says of other policies is not looked at here
    if not book.policies:
        raise PackInvalid(problems)
    return Example(book.policies[0], read(POLICIES / name, shown_as=name).data, tuple(tried(book.policies)))


def tried(policies: Sequence[Policy]) -> Iterator[CaseResult]:
    """Every case of these policies, computed."""
    with duckdb.connect(":memory:") as con:
        for policy in policies:
            yield from run_cases(policy, schema(), lambda sql: con.execute(sql).fetchall())


def made_index(raws: Sequence[Raw]) -> list[Entry]:
    """The index of these files, by kind and place."""
    made = [_entry(raw) for raw in raws]
    kinds = list(KINDS)
    return sorted(made, key=lambda e: (kinds.index(e.kind), e.division, e.id))


def raw_files(folder: Path = POLICIES) -> list[Raw]:
    """The files as they are written."""
    return [read(path, shown_as=path.name).data for path in sorted(folder.glob("*.yaml"))]


def _entry(raw: Raw) -> Entry:
    origins = Counter(case["origin"] for case in raw["cases"])
    return Entry(
        id=raw["id"],
        kind=raw["kind"],
        division=raw["division"],
        place=place(raw["division"]),
        subject=raw.get("subject", "person"),
        title=raw["title"]["zh"],
        title_en=raw["title"]["en"],
        shapes=" ".join(shapes(raw)),
        least_sure=least_sure(raw),
        **{origin: origins[origin] for origin in ("published", "reported", "derived", "design")},
    )


def least_sure(raw: Raw) -> str:
    """The weakest confidence of the document and of all its figures."""
    values = (value for parameter in raw.get("parameters", {}).values() for value in parameter["values"])
    said = {raw["document"]["confidence"], *(v["confidence"] for v in values if v.get("confidence"))}
    return next(c for c in LEAST_SURE if c in said)


def shapes(raw: Raw) -> list[str]:
    """What the policy is made of, as keys of SHAPES."""
    keys = [keys_of(parameter) for parameter in raw.get("parameters", {}).values()]
    flat = {key for each in keys for key in each}
    amount = str(raw["amount"])
    found = {
        "age": "age" in flat,
        "class": bool(flat & {"text", "bool", "division"}) or "case when" in amount,
        "matrix": any(len(each) > 1 for each in keys),
        "step": bool(flat & {"int", "yuan", "date"}),
        "percent": any(f"{f}(" in amount for f in ("percent_of", "raised_by")),
        "capped": "least(" in amount or "caps" in raw,
        "difference": "greatest(" in amount,
        "count": " * " in amount,
        "quantity": raw.get("gives", "money") != "money",
        "instalments": "instalments" in raw,
    }
    return [name for name, is_so in found.items() if is_so] or ["flat"]


def keys_of(parameter: Raw) -> list[str]:
    """By what a parameter's table is looked up."""
    by = parameter.get("by") or []
    return [by] if isinstance(by, str) else list(by)


def subject_label(name: str, english: bool = False) -> str:
    """What a subject is called: 老年人 for person."""
    subject = schema().subjects.get(name)
    return name if subject is None else subject.label_en if english and subject.label_en else subject.label


@cache
def _names() -> dict[int, str]:
    """Names of provinces, cities and counties of the whole country."""
    found = {}
    for level in assets.DIVISIONS[:3]:
        with assets.path(f"data/divisions/{level}.csv").open(encoding="utf-8") as lines:
            rows = csv.DictReader(lines)
            found.update({int(row["code"].ljust(12, "0")): row["name"] for row in rows})
    return found


def place(division: int) -> str:
    """A division with what it lies in: 云南省保山市龙陵县. The nation where the code is no province's."""
    codes = dict.fromkeys(division // unit * unit for unit in (10**10, 10**8, 10**6))
    names = [_names().get(code, "") for code in codes]
    return "".join(n for n in names if n and n not in {"市辖区", "县", "省直辖县级行政区划"}) or "全国"


def index_text(index: Sequence[Entry]) -> str:
    """The index as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.name for f in fields(Entry)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(entry) for entry in index)
    return out.getvalue()
