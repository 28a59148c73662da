"""A ledger line names who receives it; of the lines there are, the subject does."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("benefits", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="ledgerline",
            name="payee_kind",
            field=models.CharField(blank=True, max_length=12, verbose_name="收款方类别"),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="payee_id",
            field=models.BigIntegerField(default=0, verbose_name="收款方"),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="quantity",
            field=models.BigIntegerField(null=True, verbose_name="数量"),
        ),
        migrations.AddField(
            model_name="ledgerline",
            name="unit",
            field=models.CharField(blank=True, max_length=8, verbose_name="单位"),
        ),
        migrations.RunSQL(
            "UPDATE benefits_ledgerline SET payee_kind = subject_kind, payee_id = subject_id "
            "WHERE payee_kind = ''",
            migrations.RunSQL.noop,
        ),
    ]
