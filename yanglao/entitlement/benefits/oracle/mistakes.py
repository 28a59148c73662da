"""Small mistakes put into a policy file on purpose, one at a time, to see whether its tests would notice them.

What a clerk may get wrong: a comparison, an `and`, a number, a day, a condition forgotten, a cap, the rounding, the
rhythm, who pays. Each mistake is in the file as it is written; whatever the file check refuses was never a danger.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from sqlglot import exp

from ..rules import form
from ..rules.lang import parse
from ..rules.policy import Period
from ..rules.schema import Subject, Type
from .days import months_later
from .paper import STEPPED

Data = dict[str, Any]
Path = tuple[str | int, ...]
TOKEN = re.compile(r"'[^']*'|[a-z_][a-z0-9_]*|[0-9]+|>=|<=|!=|[=<>+*(),-]", re.IGNORECASE)
OTHER_WORD: Mapping[str, tuple[str, ...]] = {
    ">=": (">", "<"),
    ">": (">=", "<="),
    "<=": ("<", ">"),
    "<": ("<=", ">="),
    "=": ("!=",),
    "!=": ("=",),
    "and": ("or",),
    "or": ("and",),
    "+": ("-",),
    "-": ("+",),
    "least": ("greatest",),
    "greatest": ("least",),
    "percent_of": ("raised_by",),
    "raised_by": ("percent_of",),
    "to_yuan": ("",),
    "div_half_up": ("div_down",),
    "within": ("not within",),
    "in": ("not in",),
}
MOMENTS = ("month_start", "month_middle", "month_end", "previous_month_end")
VALUE_DAYS = (*MOMENTS, "year_start", "previous_year_end")
LEVELS = ("nation", "province", "city", "county", "street", "village")
SCALAR_KEYS: Mapping[Path, tuple[Any, ...]] = {
    ("start", "age"): get_args(form.StartForm.model_fields["age"].annotation),
    ("start", "application", "counted"): get_args(form.ApplicationForm.model_fields["counted"].annotation),
    ("start", "application", "late"): ("none", "this_year", "full", {"months": 12}),
    ("stop", "death"): get_args(form.StopForm.model_fields["death"].annotation),
    ("verification", "back_pay"): (True, False),
    ("verification", "never"): ("suspended", "paid"),
    ("rounding", "to"): get_args(form.RoundingForm.model_fields["to"].annotation),
    ("rounding", "how"): get_args(form.RoundingForm.model_fields["how"].annotation),
    ("payment", "rhythm"): ("monthly", "quarterly", "half_yearly", "yearly"),
    ("payment", "timing"): get_args(form.PaymentForm.model_fields["timing"].annotation),
    ("stacking", "rule"): ("add", "highest"),
    ("gives",): ("hours", "times", "meals", "days"),
}
DROPPED: tuple[Path, ...] = (
    ("stop",),
    ("start", "application"),
    ("verification",),
    ("rounding",),
    ("instalments",),
    ("shares",),
    ("stacking", "group"),
    ("stacking", "excluded_by"),
    ("stacking", "reduced_by"),
    ("stacking", "overrides"),
    ("effective", "to"),
)
STEPPED_NUMBERS: tuple[Path, ...] = (
    ("verification", "every_months"),
    ("payment", "first_month"),
    ("payment", "once", "after_years"),
    ("payment", "once", "after_months"),
)


@dataclass(frozen=True)
class Mistake:
    """`what` is wrong, `where` in the file, and the file with it."""

    where: Path
    what: str
    written: Data


def mistakes(written: Data, subject: Subject) -> Iterator[Mistake]:
    """Every file that differs by one small mistake."""
    for where, what, value in _changes(written, subject):
        yield Mistake(where, f"{'.'.join(map(str, where))}: {what}", _with(written, where, value))


GONE = object()


def _with(written: Data, where: Path, value: Any) -> Data:
    changed = copy.deepcopy(written)
    here: Any = changed
    for key in where[:-1]:
        here = here.setdefault(key, {}) if isinstance(here, dict) else here[key]
    if value is GONE:
        del here[where[-1]]
    else:
        here[where[-1]] = value
    return changed


def _at(written: Data, where: Path) -> Any:
    here: Any = written
    for key in where:
        if not isinstance(here, dict) or key not in here:
            return None
        here = here[key]
    return here


def _changes(written: Data, subject: Subject) -> Iterator[tuple[Path, str, Any]]:
    yield from _clauses(written)
    yield from _expression(("amount",), written["amount"])
    for name, parameter in (written.get("parameters") or {}).items():
        yield from _figures(("parameters", name, "values"), parameter)
    yield from _dates(written)
    yield from _days(written, subject)
    yield from _words(written)
    yield from _caps(written)
    yield from _shares(written)
    yield from _parts(written)
    yield from _who(written, subject)


def _clauses(written: Data) -> Iterator[tuple[Path, str, Any]]:
    for index, clause in enumerate(written["eligibility"]):
        where: Path = ("eligibility", index)
        yield where, f"{clause['id']} always holds", {**clause, "when": "month_of_year >= 1"}
        yield from _expression((*where, "when"), clause["when"])
        for key in ("from", "to"):
            if clause.get(key):
                yield (*where, key), "a month later", months_later(clause[key], 1)
                yield (*where, key), "a month earlier", months_later(clause[key], -1)
                yield (*where, key), "left out", GONE


def _expression(where: Path, text: str) -> Iterator[tuple[Path, str, Any]]:
    for what, changed in _rewritten(text):
        yield where, what, changed


def _rewritten(text: str) -> Iterator[tuple[str, str]]:
    """The expression with one word changed."""
    for found in TOKEN.finditer(text):
        word, before, after = found.group(), text[: found.start()], text[found.end() :]
        for other in _other_words(word):
            yield f"{word} → {other or 'nothing'} at {found.start()}", f"{before}{other}{after}"
        if word.startswith("'") and re.match(r"\s*,", after):
            yield f"without {word}", before + re.sub(r"^\s*,", "", after)
        elif word.startswith("'") and re.search(r",\s*$", before) and re.match(r"\s*\)", after):
            yield f"without {word}", re.sub(r",\s*$", "", before) + after
        if word == "not" and re.search(r"is\s+$", before):
            yield f"is not null → is null at {found.start()}", before + after
        elif word == "not":
            yield f"not taken away at {found.start()}", before + after
        elif word == "is" and not re.match(r"\s+not", after):
            yield f"is null → is not null at {found.start()}", f"{before}is not{after}"
    yield from _structure(text)


def _other_words(word: str) -> Iterator[str]:
    yield from OTHER_WORD.get(word, ())
    if word.isdigit() and len(word) < 12:
        yield from (str(int(word) + step) for step in (1, -1) if int(word) + step >= 0)
    if word in MOMENTS:
        yield from (m for m in MOMENTS if m != word)
    if word.startswith("'"):
        try:
            day = date.fromisoformat(word[1:-1])
            yield from (f"'{day + timedelta(days=n)}'" for n in (1, -1))
        except ValueError:
            yield "'something_else'"


def _structure(text: str) -> Iterator[tuple[str, str]]:
    """Branches swapped, and `coalesce` taken away."""
    for number, node in enumerate(parse(text).find_all(exp.Case, exp.Coalesce)):
        tree = parse(text)
        same = list(tree.find_all(exp.Case, exp.Coalesce))[number]
        if isinstance(same, exp.Case):
            branch, rest = same.args["ifs"][0].args["true"], same.args["default"]
            same.args["ifs"][0].set("true", rest.copy())
            same.set("default", branch.copy())
            yield f"branches of case {number} swapped", tree.sql()
        elif same is not tree:
            same.replace(node.this.copy())
            yield f"coalesce {number} taken away", tree.sql()


def _figures(where: Path, parameter: Mapping[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    by = parameter.get("by") or []
    kinds = [by] if isinstance(by, str) else by
    for index, value in enumerate(parameter["values"]):
        here: Path = (*where, index)
        since = value["from"]
        if index:
            yield here, f"{since} never begins", GONE
            yield (*here, "from"), f"{since} a month later", months_later(since, 1)
        yield (*here, "from"), f"{since} a month earlier", months_later(since, -1)
        if kinds:
            for what, table in _tables(value["table"], kinds):
                yield (*here, "table"), f"{since} {what}", table
        elif isinstance(value["value"], date):
            for n in (1, -1):
                yield (*here, "value"), f"{since} {n:+d} day", value["value"] + timedelta(days=n)
        else:
            for n in (1, -1):
                yield (*here, "value"), f"{since} {n:+d}", value["value"] + n


def _tables(table: Mapping[Any, Any], kinds: list[str]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            for what, changed in _tables(value, kinds[1:]):
                yield f"{key} {what}", {**table, key: changed}
        else:
            for n in (1, -1) if value else (1,):
                yield f"{key} pays {n:+d}", {**table, key: value + n}
        rest = {k: v for k, v in table.items() if k != key}
        if rest and str(key) != "*":
            yield f"{key} left out", rest
        if kinds[0] in STEPPED and isinstance(key, int):
            for n in (1, -1):
                if key + n not in table and key + n >= 0:
                    yield (
                        f"{key} begins at {key + n}",
                        {k + n if k == key else k: v for k, v in table.items()},
                    )


def _dates(written: Data) -> Iterator[tuple[Path, str, Any]]:
    for key in ("from", "to"):
        day = written["effective"].get(key)
        for n in (1, -1) if day else ():
            yield ("effective", key), f"{n:+d} month", months_later(day, n)


def _days(written: Data, subject: Subject) -> Iterator[tuple[Path, str, Any]]:
    """On which day facts and figures are looked at."""
    on = written.get("values_on") or "month_end"
    if isinstance(on, str):
        on = {"default": on}
    for name, day in {"default": "month_end", **on}.items():
        for other in VALUE_DAYS:
            if other != day:
                yield ("values_on",), f"{name} {day} → {other}", {**on, name: other}
    facts_on = {"default": "month_end", **(written.get("facts_on") or {})}
    for fact in sorted(_dated(written, subject)):
        day = facts_on.get(fact, facts_on["default"])
        for other in MOMENTS:
            if other != day:
                yield ("facts_on",), f"{fact} {day} → {other}", {**facts_on, fact: other}


def _dated(written: Data, subject: Subject) -> set[str]:
    """Dated facts that some expression or rule names."""
    words = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(_texts(written))))
    words |= {(written.get("payer") or {}).get("fact", "hukou")}
    return {n for n, (view, _fact) in subject.facts.items() if n in words and view.shape == "dated"}


def _texts(written: Data) -> list[str]:
    return [c["when"] for c in written["eligibility"]] + [written["amount"]]


def _words(written: Data) -> Iterator[tuple[Path, str, Any]]:
    """Words with a short list of others that could stand there."""
    defaults: Mapping[Path, Any] = {
        ("start", "age"): "birthday_month",
        ("start", "application", "late"): "none",
        ("rounding", "how"): "half_up",
        ("payment", "timing"): "current",
        ("payment", "rhythm"): "monthly",
    }
    for where, others in SCALAR_KEYS.items():
        now = _at(written, where)
        if where == ("start", "age") and not re.search(r"\bage\b", str(_texts(written))):
            continue  # no age is looked at
        if now is None and (where not in defaults or (len(where) == 3 and _at(written, where[:-1]) is None)):
            continue
        if where[0] == "rounding" and not written.get("rounding"):
            continue
        now = defaults.get(where) if now is None else now
        yield from ((where, f"{now} → {other}", other) for other in others if other != now)
    for where in DROPPED:
        if _at(written, where):
            yield where, "left out", GONE
    for where in STEPPED_NUMBERS:
        if _at(written, where) is not None:
            yield from ((where, f"{n:+d}", _at(written, where) + n) for n in (1, -1))
    windows = _at(written, ("verification", "windows")) or []
    for month in windows:
        yield ("verification", "windows"), f"not in {month}", [w for w in windows if w != month]


def _caps(written: Data) -> Iterator[tuple[Path, str, Any]]:
    for index, cap in enumerate(written.get("caps") or []):
        yield ("caps",), f"{index} left out", written["caps"][:index] + written["caps"][index + 1 :]
        for key, others in {"per": ("subject", "policy"), "period": get_args(Period)}.items():
            for other in others:
                if other != cap[key]:
                    yield ("caps", index, key), f"{cap[key]} → {other}", other
        for key in ("amount", "times"):
            if cap.get(key) is not None:
                yield from _expression(("caps", index, key), str(cap[key]))
        for key in ("order", "and"):
            if cap.get(key):
                yield ("caps", index, key), "left out", GONE


def _shares(written: Data) -> Iterator[tuple[Path, str, Any]]:
    for index, share in enumerate(written.get("shares") or []):
        percent = share.get("percent")
        if isinstance(percent, str):
            yield from _expression(("shares", index, "percent"), percent)
        elif percent is not None:
            yield from ((("shares", index, "percent"), f"{n:+d}", percent + n) for n in (1, -1))
        for level in LEVELS:
            if level not in {s["level"] for s in written["shares"]}:
                yield ("shares", index, "level"), f"{share['level']} → {level}", level


def _parts(written: Data) -> Iterator[tuple[Path, str, Any]]:
    for index, part in enumerate((written.get("instalments") or {}).get("plan") or []):
        for n in (1, -1):
            yield ("instalments", "plan", index, "after_months"), f"{n:+d}", part["after_months"] + n


def _who(written: Data, subject: Subject) -> Iterator[tuple[Path, str, Any]]:
    """Whose budget pays, for which area, and who receives it."""
    payer = {"fact": "hukou", "level": "county", **(written.get("payer") or {})}
    for level in LEVELS:
        if level != payer["level"]:
            yield ("payer",), f"{payer['level']} → {level}", {**payer, "level": level}
    facts = {n: f.type for n, (_view, f) in subject.facts.items()}
    for name in (n for n, t in facts.items() if t is Type.DIVISION and n != payer["fact"]):
        yield ("payer",), f"{payer['fact']} → {name}", {**payer, "fact": name}
    payee = written.get("payee") or {}
    for name in (n for n, t in facts.items() if t is Type.INT and n != payee.get("fact")):
        if payee.get("fact") and name in {"person", "place", "operator", "person_id", "place_id"}:
            yield ("payee",), f"{payee['fact']} → {name}", {**payee, "fact": name}
    yield ("division",), "the next one", written["division"] + _unit(written["division"])


def _unit(code: int) -> int:
    return next(10**n for n in (10, 8, 6, 3, 0) if code % 10**n == 0)
