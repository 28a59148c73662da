# i18n: data — labels stand here in both languages, as in the policy files
"""What benefit policies may say of a worker's training: hours in the calendar year (继续教育学时)."""

from __future__ import annotations

from yanglao.kernel.rooms import Fact, FactView, SnapshotTable

HOURS_TABLE = SnapshotTable(  # keeps no second time line: a snapshot freezes it as it is
    name="training_hours",
    key="enrolment_id",
    columns={"enrolment_id": "int", "worker_id": "int", "completed_on": "date", "tenths": "int"},
    sql=(
        "SELECT e.id AS enrolment_id, t.worker_id, e.completed_on, CAST(e.hours * 10 AS BIGINT) AS tenths "
        "FROM training_enrolment e JOIN training_trainee t ON t.id = e.trainee_id "
        "WHERE t.worker_id IS NOT NULL AND e.completed_on IS NOT NULL"
    ),
)
_YEAR = "CAST(SUBSTR(CAST(h.completed_on AS VARCHAR), 1, 4) AS BIGINT) * 100"
FACTS = (
    FactView(
        "worker",
        "worker_training",
        "从业人员",
        "Care worker",
        "monthly",
        # whole hours of the calendar year the month lies in, as far as they are known
        "SELECT h.worker_id AS subject_id, months.month AS month, CAST(SUM(h.tenths) // 10 AS BIGINT) AS training_hours "
        f"FROM months JOIN training_hours AS h ON months.month > {_YEAR} AND months.month <= {_YEAR} + 12 "
        "GROUP BY h.worker_id, months.month",
        (
            Fact(
                "training_hours",
                "int",
                "当年培训（继续教育）学时",
                "Hours of training in the calendar year",
                source="培训登记",
            ),
        ),
        (HOURS_TABLE,),
        functions=("sum", "substr", "substring", "//"),
    ),
)
