"""The same comparison by Splink with its DuckDB backend, as its documentation advises: u by random sampling, m by
expectation maximisation on two blocks, comparisons fitted to the fields (its own for dates; names by written form,
folded form, pinyin and sound, with term frequencies; ids and pinyin by Damerau-Levenshtein).

It gets the records in plain, already normalised: ids of 18 digits, folded names, pinyin, sound, street and county.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

PROBABILITIES = (0.5, 0.95, 0.99)
Judge = Callable[[Mapping[int, int]], dict[str, Any]]


def table(people: list[Any]) -> pa.Table:
    """Records as Splink takes them; `key` is the place in the list."""
    from yanglao.registers.doubles import queries
    from yanglao.registers.doubles.rules import ids, judging
    from yanglao.registers.doubles.rules import names as rules

    folding, columns = judging.folding(queries.weights()), []
    for key, who in enumerate(people):
        number, name = ids.read(who.id_number), rules.read(who.name, folding)
        home, hukou = who.residence, who.hukou
        columns.append(
            (
                key,
                number or None,
                name.written or None,
                name.folded or None,
                name.pinyin or None,
                name.sound or None,
                name.folded[:1] or None,
                who.birth_date or ids.born(number),
                who.sex or ids.sex(number),
                home,
                hukou,
                home // 1000 if home else None,
                home // 10**6 if home else None,
            )
        )
    kinds = [pa.int64(), *[pa.string()] * 6, pa.date32(), *[pa.int64()] * 5]
    names = [
        "unique_id",
        "id",
        "name",
        "folded",
        "pinyin",
        "sound",
        "surname",
        "birth",
        "sex",
        "village",
        "hukou",
        "street",
        "county",
    ]
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(zip(*columns, strict=True), kinds, strict=True)],
        names=names,
    )


def settings() -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    name = cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("name"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.ExactMatchLevel("folded"),
            cll.ExactMatchLevel("pinyin"),
            cll.ExactMatchLevel("sound"),
            cll.DamerauLevenshteinLevel("pinyin", 2),
            cll.ExactMatchLevel("surname"),
            cll.ElseLevel(),
        ],
    )
    place = cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.NullLevel("village"),
            cll.CustomLevel("village_l = village_r OR hukou_l = village_r OR village_l = hukou_r", "village"),
            cll.ExactMatchLevel("street"),
            cll.ExactMatchLevel("county"),
            cll.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.DamerauLevenshteinAtThresholds("id", [1, 2]),
            name,
            cl.DateOfBirthComparison("birth", input_is_string=False),
            cl.ExactMatch("sex"),
            place,
        ],
        blocking_rules_to_generate_predictions=[
            block_on("id"),
            block_on("sound", "birth"),
            block_on("birth", "surname"),
            block_on("birth", "street"),
            block_on("sound", "year(birth)"),
            block_on("sound", "street"),
        ],
        retain_matching_columns=False,
    )


def run(folder: Path, people: list[Any], found: list[Any], judge: Judge, timed: Any) -> dict[str, Any]:
    from splink import DuckDBAPI, Linker, block_on

    left, right = table(people), table(found)
    with timed() as clock:
        began = time.monotonic()
        api = DuckDBAPI()
        linker = Linker(
            [
                api.register(left, dataset_display_name="register"),
                api.register(right, dataset_display_name="rows"),
            ],
            settings(),
            log_level=None,
        )
        sure = [block_on("id"), "l.name = r.name and l.birth = r.birth and l.village = r.village"]
        linker.training.estimate_probability_two_random_records_match(sure, recall=0.9)
        linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
        for block in (block_on("id"), block_on("name", "birth")):
            linker.training.estimate_parameters_using_expectation_maximisation(block)
        trained = time.monotonic() - began
        predicting = time.monotonic()
        pairs = linker.inference.predict(threshold_match_probability=0.2)
        best = api.duckdb_con.execute(
            f"SELECT unique_id_l, unique_id_r, match_probability, source_dataset_l FROM {pairs.physical_name} "
            "QUALIFY row_number() OVER (PARTITION BY CASE source_dataset_l WHEN 'rows' THEN unique_id_l "
            "ELSE unique_id_r END ORDER BY match_weight DESC) = 1"
        ).fetchall()
        predicted = time.monotonic() - predicting
    answers = [(b, a, p) if source == "register" else (a, b, p) for a, b, p, source in best]
    rows = []
    for least in (0.95, 0.5, 0.99):
        given = {row: people[person].number for row, person, p in answers if p >= least}
        rows.append({"what": f"Splink: best with probability ≥ {least}", **clock.row, **judge(given)})
    note = (
        f"Splink: {trained:.1f} s of its time were training, once per model and not per file, and the rest, "
        f"{predicted:.1f} s, the prediction (ours has read and indexed the register and the file in its time); "
        f"{len(answers):,} rows had a pair above 0.2"
    )
    return {"table": rows, "notes": [note]}
