"""All lines of a run are written at once: PostgreSQL looks for their run once."""

from django.db import migrations

from yanglao.kernel.references import KeptByStatement


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_squashed_0011_ledger_by_month")]

    operations: list[migrations.operations.base.Operation] = [KeptByStatement("ledgerline", "run")]
