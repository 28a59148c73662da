"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('imports', '0001_initial'), ('imports', '0002_own_records'), ('imports', '0003_files_are_forgotten')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.CharField(max_length=80, verbose_name='种类')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('state', models.CharField(choices=[('uploaded', '检查中'), ('checked', '已检查'), ('committing', '入库中'), ('committed', '已入库'), ('undoing', '撤销中'), ('undone', '已撤销'), ('failed', '未能导入'), ('cancelled', '已放弃')], default='uploaded', max_length=12, verbose_name='状态')),
                ('good_only', models.BooleanField(default=False, verbose_name='只导入没有错误的行')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='行数')),
                ('error_rows', models.PositiveIntegerField(default=0, verbose_name='有错误的行')),
                ('warning_rows', models.PositiveIntegerField(default=0, verbose_name='有提醒的行')),
                ('report', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict, help_text='what the commit did, label → number')),
                ('actor_name', models.CharField(max_length=140, verbose_name='导入人')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='上传时间')),
                ('checked_at', models.DateTimeField(null=True)),
                ('committed_at', models.DateTimeField(null=True, verbose_name='入库时间')),
                ('undone_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('marked', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.jobrun')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'verbose_name': '导入批次',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['division', '-id'], name='imports_division')],
                'constraints': [models.CheckConstraint(condition=models.Q(('error_rows__lte', models.F('rows'))), name='imports_errors_within_rows'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'committed'), _negated=True), ('committed_at__isnull', False), _connector='OR'), name='imports_committed_has_time')],
            },
        ),
    ]
