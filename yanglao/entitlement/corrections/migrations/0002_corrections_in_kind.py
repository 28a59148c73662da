"""Corrections by who bears them, also of what is given in kind; claw-back settled by arrears of the same run."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('corrections', '0001_initial'),
        ('divisions', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='correction',
            name='corrections_one_open',
        ),
        migrations.RemoveConstraint(
            model_name='correction',
            name='corrections_settled_once',
        ),
        migrations.RemoveConstraint(
            model_name='correction',
            name='corrections_arithmetic',
        ),
        migrations.RemoveConstraint(
            model_name='correction',
            name='corrections_sign',
        ),
        migrations.RemoveConstraint(
            model_name='debtentry',
            name='corrections_offset_has_run',
        ),
        migrations.AddField(
            model_name='correction',
            name='account',
            field=models.BigIntegerField(default=0, help_text='the county, city or province of the payer: who bears it'),
        ),
        migrations.AddField(
            model_name='correction',
            name='corrected_quantity',
            field=models.BigIntegerField(default=0, verbose_name='此前更正数量'),
        ),
        migrations.AddField(
            model_name='correction',
            name='due_quantity',
            field=models.BigIntegerField(default=0, verbose_name='应享数量'),
        ),
        migrations.AddField(
            model_name='correction',
            name='granted_quantity',
            field=models.BigIntegerField(default=0, verbose_name='已享数量'),
        ),
        migrations.AddField(
            model_name='correction',
            name='quantity',
            field=models.BigIntegerField(default=0, verbose_name='数量差额'),
        ),
        migrations.AddField(
            model_name='correction',
            name='unit',
            field=models.CharField(blank=True, max_length=8, verbose_name='单位'),
        ),
        migrations.AlterField(
            model_name='debtentry',
            name='kind',
            field=models.CharField(choices=[('offset', '从后续发放中抵扣'), ('netted', '与同批次补发相抵'), ('cash', '现金退回'), ('transfer', '转账退回'), ('written_off', '核销')], max_length=12, verbose_name='方式'),
        ),
        # what was found before belongs to the county of its payer
        migrations.RunSQL(
            "UPDATE corrections_correction SET account = COALESCE(payer, division_id) / 1000000 * 1000000",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'held', 'asked'])), fields=('subject_kind', 'subject_id', 'policy', 'month', 'account'), name='corrections_one_open'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['booked', 'waived'])), fields=('subject_kind', 'subject_id', 'policy', 'month', 'account', 'turn'), name='corrections_settled_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('due_fen'), '-', models.F('granted_fen')), '-', models.F('corrected_fen'))), ('quantity', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('due_quantity'), '-', models.F('granted_quantity')), '-', models.F('corrected_quantity')))), name='corrections_arithmetic'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_fen__gt', 0), ('kind', 'arrears')), models.Q(('amount_fen', 0), ('kind', 'arrears'), ('quantity__gt', 0)), models.Q(('amount_fen__lt', 0), ('kind', 'clawback')), models.Q(('amount_fen', 0), ('kind', 'clawback'), ('quantity__lt', 0)), _connector='OR'), name='corrections_sign'),
        ),
        migrations.AddConstraint(
            model_name='debtentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'netted'), ('live', True)), fields=('debt',), name='corrections_netted_once'),
        ),
        migrations.AddConstraint(
            model_name='debtentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['offset', 'netted']), _negated=True), ('run_id__isnull', False), _connector='OR'), name='corrections_offset_has_run'),
        ),
    ]
