"""The policies of bench/policies written once more for OpenFisca-core, by hand and in whole columns.

OpenFisca knows one kind of person and no spells: each kind of subject has a system of its own, and what holds when is
looked up before, outside it (`FACTS`; that time is shown apart). Money is integer fen, as here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

FIRST, LAST, BEFORE = dt.date(2026, 10, 1), dt.date(2026, 10, 31), dt.date(2026, 9, 30)
Array = NDArray[Any]


def held(kind: str, day: dt.date, value: str = "value") -> str:
    return (
        f"SELECT person_id, max({value}) AS v FROM circumstance WHERE kind = '{kind}' AND valid_from <= DATE '{day}' "
        f"AND (valid_to IS NULL OR valid_to > DATE '{day}') GROUP BY person_id"
    )


LEVEL = "substr(value, 15)::INT"
RANK = "CASE value WHEN 'dibao' THEN 1 WHEN 'dibao_edge' THEN 2 WHEN 'tekun_home' THEN 3 ELSE 4 END"
EPOCH = "(valid_from - DATE '1970-01-01')::INT"
JOINED = (
    ("hukou", held("hukou", LAST, "value::BIGINT")),
    ("hukou_first", held("hukou", FIRST, "value::BIGINT")),
    ("residence", held("residence", LAST, "value::BIGINT")),
    ("economic", held("economic", LAST, RANK)),
    ("ability", held("ability", LAST, LEVEL)),
    ("alone", held("living", LAST, "1")),
    ("applied", held("allowance_application", LAST, EPOCH)),
    ("verified", held("life_verified", LAST, EPOCH)),
    ("ltci", held("ltci", LAST, "1")),
    ("dementia", held("dementia", LAST, "1")),
)
_OF_PERSON = (
    "SELECT p.person_id AS id, p.birth_date - DATE '1800-01-01' AS birth, coalesce(p.death_date - DATE '1800-01-01', 9999999) AS "
    "death" + "".join(f", coalesce(j{n}.v, -1) AS {name}" for n, (name, _sql) in enumerate(JOINED))
)
DAYS = (
    "SELECT stay_id, sum(least(coalesce(until, DATE '2026-11-01'), DATE '2026-11-01') - greatest(since, DATE '2026-10-01')) AS days "
    "FROM occupancy WHERE since <= DATE '2026-10-31' AND (until IS NULL OR until > DATE '2026-10-01') GROUP BY stay_id"
)
FACTS = {
    "person": _OF_PERSON
    + " FROM person p"
    + "".join(
        f" LEFT JOIN ({sql}) j{n} ON j{n}.person_id = p.person_id" for n, (_name, sql) in enumerate(JOINED)
    )
    + " ORDER BY p.person_id",
    "stay": (
        "SELECT s.stay_id AS id, coalesce(d.days, 0) AS days, coalesce(h.v, -1) AS hukou, coalesce(a.v, -1) AS ability, "
        "coalesce(e.v, -1) AS economic, coalesce(f.value::INT, -1) AS star FROM stay s "
        f"LEFT JOIN ({DAYS}) d USING (stay_id) LEFT JOIN ({held('hukou', LAST, 'value::BIGINT')}) h ON h.person_id = s.person_id "
        f"LEFT JOIN ({held('ability', LAST, LEVEL)}) a ON a.person_id = s.person_id "
        f"LEFT JOIN ({held('economic', LAST, RANK)}) e ON e.person_id = s.person_id "
        "LEFT JOIN place_fact f ON f.place_id = s.place_id AND f.kind = 'star' ORDER BY s.stay_id"
    ),
    "place": (
        "SELECT p.place_id AS id, p.opened_on - DATE '1800-01-01' AS opened, month(p.opened_on) AS month, year(p.opened_on) AS year, "
        "f.amount AS beds FROM place p JOIN place_fact f ON f.place_id = p.place_id AND f.kind = 'approved_beds' ORDER BY p.place_id"
    ),
    "worker": (
        "SELECT w.worker_id AS id, e.starts - DATE '1800-01-01' AS since, (e.post = 'carer')::INT AS carer, coalesce(c.level, 0) AS "
        "level FROM worker w JOIN employment e USING (worker_id) LEFT JOIN certificate c USING (worker_id) ORDER BY w.worker_id"
    ),
}


def beside(unit: str, day: dt.date, value: str) -> str:
    """The same out of the person's own row in the snapshot, where the latest spell stands."""
    return f"CASE WHEN {unit}__from <= DATE '{day}' AND ({unit}__to IS NULL OR {unit}__to > DATE '{day}') THEN {value} END"


def earlier(day: dt.date) -> str:
    return (
        f"(SELECT subject_id, hukou AS v FROM earlier_hukou WHERE valid_from <= DATE '{day}' "
        f"AND (valid_to IS NULL OR valid_to > DATE '{day}'))"
    )


SIDE_BY_SIDE = (
    ("hukou", f"coalesce({beside('hukou', LAST, 'p.hukou')}, e1.v)"),
    ("hukou_first", f"coalesce({beside('hukou', FIRST, 'p.hukou')}, e2.v)"),
    ("residence", beside("residence", LAST, "residence")),
    ("economic", beside("economic", LAST, RANK.replace("value", "economic"))),
    ("ability", beside("ability", LAST, LEVEL.replace("value", "ability"))),
    ("alone", beside("living", LAST, "1")),
    ("applied", beside("applied_on", LAST, EPOCH.replace("valid_from", "applied_on__from"))),
    ("verified", beside("verified_on", LAST, EPOCH.replace("valid_from", "verified_on__from"))),
    ("ltci", beside("ltci", LAST, "1")),
    ("dementia", beside("dementia", LAST, "1")),
)
FACTS_BESIDE = {
    **FACTS,
    "person": "SELECT p.subject_id AS id, birth_date - DATE '1800-01-01' AS birth, "
    "coalesce(death_date - DATE '1800-01-01', 9999999) AS death"
    + "".join(f", coalesce({sql}, -1) AS {name}" for name, sql in SIDE_BY_SIDE)
    + f" FROM latest_person p LEFT JOIN {earlier(LAST)} e1 USING (subject_id) "
    f"LEFT JOIN {earlier(FIRST)} e2 USING (subject_id) ORDER BY p.subject_id",
}


def number(day: dt.date) -> int:
    return (day - dt.date(1800, 1, 1)).days


def born_by(day: dt.date, years: int) -> int:
    """The latest birth of those who are `years` old on a day (no 29 February in these months)."""
    return number(day.replace(year=day.year - years))


def half_up(top: Any, bottom: int) -> Any:
    return (2 * top + bottom) // (2 * bottom)


class Facts:
    """Columns of one kind of subject in a running simulation."""

    def __init__(self, entity: Any, period: Any) -> None:
        self.entity, self.period = entity, period

    def __getattr__(self, name: str) -> Array:
        values: Array = self.entity(name, self.period)
        return values


def inside(code: Array) -> Array:
    return (code >= 330200000000) & (code <= 330299999999)


def age_counted(f: Facts) -> Array:
    """Nobody grows older after death."""
    return np.minimum(f.death, number(LAST))


def reached(f: Facts, years: int) -> Array:
    """Of that age in the month, and alive when it began; who died in it must have had the birthday before."""
    alive = f.death >= number(FIRST)
    return alive & (f.birth <= born_by(LAST, years)) & _birthday_lived(f, years)


def _birthday_lived(f: Facts, years: int) -> Array:
    """For those who died this month: the birthday came first."""
    birthday = f.birth - born_by(LAST, years) + number(LAST)
    return (f.death > number(LAST)) | (birthday <= f.death)


def p01_raw(f: Facts) -> Array:
    paid = np.select([reached(f, 100), reached(f, 90), reached(f, 80)], [80000, 10000, 6000], 0)
    first = (FIRST - dt.date(1970, 1, 1)).days
    applied = (f.applied >= 0) & (f.applied < first)
    verified = inside(f.residence) | (f.verified >= (dt.date(2025, 10, 31) - dt.date(1970, 1, 1)).days)
    return np.where(inside(f.hukou_first) & applied & verified, paid, 0)


def poor(f: Facts) -> Array:
    return (f.economic == 1) | (f.economic == 3)


def p02_raw(f: Facts) -> Array:
    return np.where(reached(f, 80) & inside(f.hukou) & poor(f), 15000, 0)


def p03_raw(f: Facts) -> Array:
    who = reached(f, 60) & inside(f.hukou) & (f.economic >= 1) & (f.economic <= 3) & (f.ability >= 3)
    return np.where(who, int(half_up(118000 * 3333, 10000)), 0)


def p04_raw(f: Facts) -> Array:
    return np.where(reached(f, 60) & inside(f.hukou) & (f.dementia == 1) & (f.ltci == -1), 40000, 0)


def p05(f: Facts) -> Array:
    return np.where(
        reached(f, 60) & inside(f.residence) & (f.ability >= 2),
        min(80000, int(half_up(187333 * 5000, 10000))),
        0,
    )


def p06(f: Facts) -> Array:
    return np.where(reached(f, 70) & inside(f.hukou) & poor(f) & (f.p05 == 0), 3250 * 30, 0)


def p09(f: Facts) -> Array:
    return np.where(reached(f, 75) & inside(f.residence) & (f.alone == 1) & (f.p06 == 0), 4000, 0)


def p10(f: Facts) -> Array:
    turned = (f.birth <= born_by(LAST, 100)) & (f.birth > born_by(BEFORE, 100))
    return np.where(turned & (f.death >= number(FIRST)) & inside(f.hukou), 200000, 0)


def p07(f: Facts) -> Array:
    level = np.select([f.ability == 4, f.ability == 3, f.ability == 2], [20000, 15000, 12000], 10000)
    star = np.select([f.star >= 5, f.star >= 4, f.star >= 3, f.star >= 0], [12500, 11000, 10000, 8000], 0)
    daily = half_up(half_up(26000 * level, 10000) * star, 10000)
    return np.where(inside(f.hukou) & (f.days > 0), half_up(daily * f.days, 30), 0)


def p08(f: Facts) -> Array:
    share = np.select([f.ability == 4, f.ability == 3], [5000, 3000], 1000)
    return np.where((f.economic == 4) & (f.days > 0), half_up(half_up(249000 * share, 10000) * f.days, 30), 0)


def p11(f: Facts) -> Array:
    due = (f.month == 10) & (f.year >= 2021) & (f.year <= 2025) & (f.beds > 0)
    return np.where(due, half_up(np.minimum(1200000 * f.beds, 300000000) * 2000, 10000), 0)


def p12(f: Facts) -> Array:
    who = (f.since <= number(dt.date(2025, 10, 1))) & (f.carer == 1)
    return np.where(who & (f.level > 0), (6 - f.level) * 10000, 0)


def higher(mine: str, other: str, first: bool) -> Callable[[Facts], Array]:
    def formula(f: Facts) -> Array:
        a, b = getattr(f, mine), getattr(f, other)
        return np.where(a >= b if first else a > b, a, 0)

    return formula


VARIABLES: dict[str, dict[str, Callable[[Facts], Array]]] = {
    "person": {
        "p01_raw": p01_raw, "p02_raw": p02_raw, "p03_raw": p03_raw, "p04_raw": p04_raw,
        "p01": higher("p01_raw", "p02_raw", True), "p02": higher("p02_raw", "p01_raw", False),
        "p03": higher("p03_raw", "p04_raw", True), "p04": higher("p04_raw", "p03_raw", False),
        "p05": p05, "p06": p06, "p09": p09, "p10": p10,
    },
    "stay": {"p07": p07, "p08": p08},
    "place": {"p11": p11},
    "worker": {"p12": p12},
}  # fmt: skip


def variable(name: str, entity: Any, formula: Callable[[Facts], Array] | None) -> type[Variable]:
    body: dict[str, Any] = {
        "value_type": int,
        "entity": entity,
        "definition_period": MONTH,
        "label": name,
    }
    if formula is not None:
        body["formula"] = lambda population, period, _parameters: formula(Facts(population, period))
    return type(name, (Variable,), body)


class System:
    """OpenFisca's system for one kind of subject, filled with columns."""

    def __init__(self, subject: str, columns: dict[str, Array]) -> None:
        entity = build_entity(key=subject, plural=f"{subject}s", label=subject, is_person=True)
        system = TaxBenefitSystem([entity])
        self.names = [n for n in VARIABLES[subject] if not n.endswith("_raw")]
        for name in columns:
            if name != "id":
                system.add_variable(variable(name, entity, None))
        for name, formula in VARIABLES[subject].items():
            system.add_variable(variable(name, entity, formula))
        for name in (*columns, *VARIABLES[subject]):
            if name != "id":
                system.variables[name].dtype = np.int64  # its own 32 bits wrap without a word
        self.simulation = SimulationBuilder().build_default_simulation(system, len(columns["id"]))
        for name, values in columns.items():
            if name != "id":
                self.simulation.set_input(name, "2026-10", values.astype(np.int64))

    def compute(self) -> dict[str, Array]:
        return {name: self.simulation.calculate(name, "2026-10") for name in self.names}
