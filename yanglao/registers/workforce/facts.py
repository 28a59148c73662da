# i18n: data — labels stand here in both languages, as in the policy files
"""What benefit policies may say of one who works in elderly care (从业人员), read from this register.

Spells and certificates keep two time lines. On a day with several posts the full-time one counts, else the oldest;
of several carer's certificates the highest level counts (5 is the lowest, 1 the highest). The tables are read whole
each time: an end or a revocation is written into a row that is there, and they are small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable

LABEL, LABEL_EN = "从业人员", "Care worker"
BORN = dt.date(1980, 1, 1)
REGISTER = "从业人员登记"

WORKER_TABLE = SnapshotTable(
    name="worker",
    key="worker_id",
    columns={
        "worker_id": "int",
        "sex": "int",
        "birth_date": "date",
        "hukou": "int",
        "education": "text",
        "school": "text",
        "major": "text",
        "graduated_on": "date",
        "entered_trade_on": "date",
        "work_location": "int",
    },
    sql=(
        "SELECT id AS worker_id, sex, birth_date, hukou_id AS hukou, education, school, major, graduated_on, "
        "entered_trade_on, division_id AS work_location FROM workforce_worker WHERE added_at <= {known_at}"
    ),
)
EMPLOYMENT_TABLE = SnapshotTable(
    name="employment",
    key="employment_id",
    columns={
        "employment_id": "int",
        "worker_id": "int",
        "place_id": "int",
        "operator_id": "int",
        "organisation_id": "int",
        "location": "int",
        "post": "text",
        "full_time": "int",
        "starts": "date",
        "ends": "date",
        "contract": "text",
        "contract_until": "date",
        "insured": "text",
        "source": "text",
    },
    sql=(
        "SELECT id AS employment_id, worker_id, place_id, operator_id, organisation_id, division_id AS location, post, "
        "CASE WHEN full_time THEN 1 ELSE 0 END AS full_time, starts, ends, contract, contract_until, insured, source "
        "FROM workforce_employment "
        "WHERE recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
)
CERTIFICATE_TABLE = SnapshotTable(
    name="certificate",
    key="certificate_id",
    columns={
        "certificate_id": "int",
        "worker_id": "int",
        "kind": "text",
        "level": "int",
        "issued_on": "date",
        "expires_on": "date",
        "revoked_on": "date",
        "verified": "int",
        "source": "text",
    },
    sql=(
        "SELECT id AS certificate_id, worker_id, kind, level, issued_on, expires_on, revoked_on, "
        "CASE WHEN verified_at IS NULL THEN 0 ELSE 1 END AS verified, source FROM workforce_certificate "
        "WHERE recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
)
ATTENDANCE_TABLE = SnapshotTable(
    name="attendance",
    key="attendance_id",
    columns={"attendance_id": "int", "worker_id": "int", "month": "int", "days": "int", "hours": "int"},
    sql=(
        "SELECT id AS attendance_id, worker_id, month, days, hours FROM workforce_attendance "
        "WHERE recorded_at <= {known_at} AND (replaced_at IS NULL OR replaced_at > {known_at})"
    ),
)

# Of posts on the same day one counts: cut the time at every beginning and end, take the first by rank on each piece.
_CUTS = (
    "SELECT worker_id, day AS valid_from, LEAD(day) OVER (PARTITION BY worker_id ORDER BY day) AS valid_to FROM ("
    "SELECT worker_id, starts AS day FROM employment UNION SELECT worker_id, ends FROM employment WHERE ends IS NOT NULL"
    ") AS days"
)
# Posts at one employer that follow without a day between are one time of work there; so are those in the trade.
_KEPT = "CASE WHEN reached >= starts THEN 0 ELSE 1 END"
_REACH = "MAX(COALESCE(ends, DATE '9999-12-31')) OVER (PARTITION BY {by} ORDER BY starts, employment_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"


def _runs(by: str, name: str) -> str:
    """SELECT employment_id, <name>: the day since which he has worked there (or in the trade) without a gap."""
    reach = _REACH.format(by=by)
    gaps = f"SELECT employment_id, {by}, starts, {reach} AS reached FROM employment"
    groups = (
        f"SELECT employment_id, {by}, starts, SUM({_KEPT}) OVER (PARTITION BY {by} ORDER BY starts, employment_id) AS run "
        f"FROM ({gaps}) AS gaps"
    )
    return f"SELECT employment_id, MIN(starts) OVER (PARTITION BY {by}, run) AS {name} FROM ({groups}) AS groups_"


_HELD = (
    "SELECT c.worker_id, c.valid_from, c.valid_to, e.source, e.place_id, e.operator_id, e.location, e.post, "
    "e.full_time, e.contract, e.contract_until, e.insured, e.starts, h.employed_since, t.in_trade_since, "
    "ROW_NUMBER() OVER (PARTITION BY c.worker_id, c.valid_from ORDER BY e.full_time DESC, e.starts, e.employment_id) AS rank "
    f"FROM ({_CUTS}) AS c JOIN employment AS e ON e.worker_id = c.worker_id AND e.starts <= c.valid_from "
    "AND (e.ends IS NULL OR e.ends > c.valid_from) "
    f"JOIN ({_runs('worker_id, place_id, operator_id, organisation_id', 'employed_since')}) AS h "
    "ON h.employment_id = e.employment_id "
    f"JOIN ({_runs('worker_id', 'in_trade_since')}) AS t ON t.employment_id = e.employment_id"
)
_GOOD = (
    "SELECT worker_id, level, issued_on, source, CASE WHEN expires_on IS NULL THEN revoked_on "
    "WHEN revoked_on IS NULL OR revoked_on > CAST(DATE_ADD(expires_on, INTERVAL 1 DAY) AS DATE) "
    "THEN CAST(DATE_ADD(expires_on, INTERVAL 1 DAY) AS DATE) ELSE revoked_on END AS ended "
    "FROM certificate WHERE kind = 'carer' AND level IS NOT NULL"
)
_CERTIFIED = (
    "SELECT c.worker_id AS subject_id, c.valid_from, c.valid_to, MIN(g.source) AS source, "
    "MIN(g.level) AS carer_level, MIN(g.issued_on) AS certified_on FROM ("
    "SELECT worker_id, day AS valid_from, LEAD(day) OVER (PARTITION BY worker_id ORDER BY day) AS valid_to FROM ("
    f"SELECT worker_id, issued_on AS day FROM ({_GOOD}) AS a UNION "
    f"SELECT worker_id, ended FROM ({_GOOD}) AS b WHERE ended IS NOT NULL) AS days) AS c "
    f"JOIN ({_GOOD}) AS g ON g.worker_id = c.worker_id AND g.issued_on <= c.valid_from "
    "AND (g.ended IS NULL OR g.ended > c.valid_from) GROUP BY c.worker_id, c.valid_from, c.valid_to"
)


def _educations() -> Mapping[str, Any]:
    from yanglao.registers.workforce.models.worker import Education

    return dict(Education.choices)


def _posts() -> Mapping[str, Any]:
    from yanglao.registers.workforce.kinds import posts

    return {name: post.label for name, post in posts().items()}


def _contracts() -> Mapping[str, Any]:
    from yanglao.registers.workforce.models import Employment

    return dict(Employment.Contract.choices)


def _insured() -> Mapping[str, Any]:
    from yanglao.registers.workforce.models import Employment

    return dict(Employment.Insured.choices)


FACTS = (
    FactView(
        "worker",
        "worker",
        LABEL,
        LABEL_EN,
        "fixed",
        "SELECT worker_id AS subject_id, sex, birth_date, hukou, education, school, major, graduated_on, "
        "entered_trade_on, work_location FROM worker",
        (
            Fact("sex", "int", "性别（1男 2女）", "Sex (1 male, 2 female)", nullable=False, source=REGISTER, example=2),
            Fact("birth_date", "date", "出生日期", "Date of birth", nullable=False, source=REGISTER, example=BORN),
            Fact("hukou", "division", "户籍地", "Registered residence (hukou)", source=REGISTER),
            Fact("education", "text", "学历", "Education", source=REGISTER, values=_educations),
            Fact("school", "text", "毕业院校", "School", source=REGISTER),
            Fact("major", "text", "所学专业", "Major", source=REGISTER),
            Fact("graduated_on", "date", "毕业日期", "Graduated on", source=REGISTER),
            Fact("entered_trade_on", "date", "首次从事养老服务日期", "Entered the trade on", source=REGISTER),
            Fact("work_location", "division", "工作地（现在或最后）", "Works in (now or last)", source=REGISTER),
        ),
        (WORKER_TABLE, EMPLOYMENT_TABLE, CERTIFICATE_TABLE, ATTENDANCE_TABLE),
    ),
    FactView(
        "worker",
        "worker_post",
        LABEL,
        LABEL_EN,
        "dated",
        "SELECT worker_id AS subject_id, valid_from, valid_to, source, place_id AS place, operator_id AS operator, "
        "location, post, full_time = 1 AS full_time, contract, contract_until, insured, starts AS post_since, "
        f"employed_since, in_trade_since FROM ({_HELD}) AS held WHERE rank = 1",
        (
            Fact("post", "text", "岗位", "Post", source=REGISTER, values=_posts),
            Fact("place", "int", "工作机构", "Place of work", source=REGISTER),
            Fact("operator", "int", "工作的运营方", "Operator he works for", source=REGISTER),
            Fact("location", "division", "工作地", "Division of work", source=REGISTER),
            Fact("full_time", "bool", "全职", "Full time", source=REGISTER),
            Fact("contract", "text", "用工形式", "Contract", source=REGISTER, values=_contracts),
            Fact("contract_until", "date", "合同到期日", "Contract until", source=REGISTER),
            Fact("insured", "text", "社会保险", "Social insurance", source=REGISTER, values=_insured),
            Fact("post_since", "date", "本岗位起始日期", "In this post since", source=REGISTER),
            Fact("employed_since", "date", "在本单位连续工作起始日期", "With this employer without a gap since", source=REGISTER),
            Fact("in_trade_since", "date", "从事养老服务连续起始日期", "In the trade without a gap since", source=REGISTER),
        ),
        functions=("lead", "max", "sum", "min", "row_number"),
    ),
    FactView(
        "worker",
        "worker_certificate",
        LABEL,
        LABEL_EN,
        "dated",
        _CERTIFIED,
        (
            Fact("carer_level", "int", "护理员等级（5为初级，1为高级技师）", "Carer's level (5 lowest, 1 highest)", source=REGISTER),
            Fact("certified_on", "date", "护理员证书最早发证日期", "Day of the oldest carer's certificate in force", source=REGISTER),
        ),
        functions=("lead", "min", "to_days"),
    ),
    FactView(
        "worker",
        "worker_attendance",
        LABEL,
        LABEL_EN,
        "monthly",
        "SELECT a.worker_id AS subject_id, a.month AS month, a.days AS attendance_days, a.hours AS service_hours "
        "FROM months JOIN attendance AS a ON a.month = months.month",
        (
            Fact("attendance_days", "int", "本月出勤天数", "Days at work in the month", source=REGISTER),
            Fact("service_hours", "int", "本月服务小时", "Hours of service in the month", source=REGISTER),
        ),
    ),
    FactView(
        "worker",
        "worker_filing",
        LABEL,
        LABEL_EN,
        "dated",
        "SELECT e.worker_id AS subject_id, "
        "CASE WHEN e.valid_from > f.valid_from THEN e.valid_from ELSE f.valid_from END AS valid_from, "
        "CASE WHEN e.valid_to IS NULL THEN f.valid_to WHEN f.valid_to IS NULL OR e.valid_to < f.valid_to "
        "THEN e.valid_to ELSE f.valid_to END AS valid_to, f.source, f.filed_on AS employer_filed_on "
        f"FROM (SELECT worker_id, valid_from, valid_to, place_id FROM ({_HELD}) AS held WHERE rank = 1) AS e "
        "JOIN (SELECT place_id, MIN(valid_from) AS filed_on, MIN(valid_from) AS valid_from, "
        "CASE WHEN COUNT(*) = COUNT(valid_to) THEN MAX(valid_to) ELSE NULL END AS valid_to, MIN(source) AS source "
        "FROM place_fact WHERE kind = 'filing' GROUP BY place_id) AS f ON f.place_id = e.place_id "
        "AND (e.valid_to IS NULL OR f.valid_from < e.valid_to) AND (f.valid_to IS NULL OR e.valid_from < f.valid_to)",
        (Fact("employer_filed_on", "date", "工作机构备案日期", "Employer filed since", source="机构设施登记"),),
        functions=("lead", "max", "sum", "min", "row_number", "count", "count_star"),
    ),
)  # fmt: skip
