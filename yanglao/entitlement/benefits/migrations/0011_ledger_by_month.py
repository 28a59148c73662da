from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0010_statement'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='ledgerline',
            name='ledger_due_once',
        ),
        migrations.AddConstraint(
            model_name='ledgerline',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'due'), ('live', True)), fields=('month', 'subject_id', 'subject_kind', 'policy'), name='ledger_due_once'),
        ),
        migrations.AddIndex(
            model_name='ledgerline',
            index=models.Index(fields=['subject_id'], name='ledger_subject'),
        ),
    ]
