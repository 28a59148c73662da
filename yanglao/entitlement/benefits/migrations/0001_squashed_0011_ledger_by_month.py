"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('benefits', '0001_initial'), ('benefits', '0002_payee'), ('benefits', '0003_corrections'), ('benefits', '0004_policy_file_published'), ('benefits', '0005_cycle'), ('benefits', '0006_ledger_proof'), ('benefits', '0007_capped'), ('benefits', '0008_ledger_corrections_only'), ('benefits', '0009_spot_lists'), ('benefits', '0010_statement'), ('benefits', '0011_ledger_by_month')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0003_news'),
        ('divisions', '0001_initial'),
        ('packs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='批次')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('policies', models.JSONField(default=list, verbose_name='政策')),
                ('policy_key', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('draft', '待测算'), ('computed', '待复核'), ('reviewed', '待审批'), ('approved', '待发放'), ('exported', '发放中'), ('closed', '已办结'), ('failed', '测算失败'), ('cancelled', '已作废')], default='draft', max_length=12, verbose_name='状态')),
                ('known_at', models.DateTimeField(null=True, verbose_name='数据截止')),
                ('snapshot', models.CharField(blank=True, max_length=200)),
                ('snapshot_sha', models.CharField(blank=True, max_length=64)),
                ('book', models.JSONField(default=dict)),
                ('book_sha', models.CharField(blank=True, max_length=64)),
                ('sql_sha', models.CharField(blank=True, max_length=64)),
                ('engine', models.CharField(blank=True, max_length=60, verbose_name='引擎')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='人数')),
                ('sum_fen', models.BigIntegerField(default=0, verbose_name='金额')),
                ('checked', models.PositiveIntegerField(default=0, verbose_name='参与测算人数')),
                ('problem', models.TextField(blank=True, verbose_name='问题')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('computed_at', models.DateTimeField(null=True)),
                ('file_sha', models.CharField(blank=True, max_length=64)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='benefit_run', to='cases.case')),
                ('spot_seed', models.BigIntegerField(null=True, verbose_name='抽样种子')),
                ('ledger_sha', models.CharField(blank=True, max_length=64)),
                ('statement_sha', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'verbose_name': '发放批次',
                'ordering': ['-month', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('division', 'month', 'policy_key'), name='run_once_per_month'), models.CheckConstraint(condition=models.Q(('month__gte', 200001), ('month__lte', 299912)), name='run_month_yyyymm')],
            },
        ),
        migrations.CreateModel(
            name='LedgerLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(max_length=80, verbose_name='政策')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('subject_kind', models.CharField(default='person', max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('payer', models.BigIntegerField(null=True, verbose_name='出资区划')),
                ('kind', models.CharField(choices=[('due', '当月'), ('arrears', '补发'), ('clawback', '追回')], default='due', max_length=10, verbose_name='性质')),
                ('reason', models.CharField(blank=True, max_length=80, verbose_name='档次')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额')),
                ('live', models.BooleanField(default=True)),
                ('division', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='发放区划')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='benefits.run')),
                ('payee_kind', models.CharField(blank=True, max_length=12, verbose_name='收款方类别')),
                ('payee_id', models.BigIntegerField(default=0, verbose_name='收款方')),
                ('quantity', models.BigIntegerField(null=True, verbose_name='数量')),
                ('unit', models.CharField(blank=True, max_length=8, verbose_name='单位')),
                ('correction', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': '台账明细',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['run', 'division'], name='ledger_run_division'), models.Index(fields=['subject_id'], name='ledger_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'due'), ('correction__isnull', False), _connector='OR'), name='ledger_correction_named'), models.UniqueConstraint(condition=models.Q(('correction__isnull', False), ('live', True)), fields=('correction',), name='ledger_correction_once'), models.UniqueConstraint(condition=models.Q(('kind', 'due'), ('live', True)), fields=('month', 'subject_id', 'subject_kind', 'policy'), name='ledger_due_once')],
            },
        ),
        migrations.CreateModel(
            name='RunChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(max_length=12)),
                ('people', models.PositiveIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='benefits.run')),
            ],
            options={
                'verbose_name': '批次变化',
                'ordering': ['division', 'cause'],
                'constraints': [models.UniqueConstraint(fields=('run', 'division', 'cause'), name='run_change_once')],
            },
        ),
        migrations.CreateModel(
            name='RunTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(max_length=80)),
                ('month', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('people', models.PositiveIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals', to='benefits.run')),
            ],
            options={
                'verbose_name': '批次汇总',
                'ordering': ['division', 'policy', 'reason'],
                'constraints': [models.UniqueConstraint(fields=('run', 'division', 'policy', 'month', 'reason'), name='run_total_once')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('started', '发起测算'), ('reviewed', '复核通过'), ('returned', '退回'), ('approved', '审批通过'), ('exported', '报送发放文件'), ('cancelled', '作废'), ('checked', '抽查通过'), ('closed', '办结')], max_length=12, verbose_name='环节')),
                ('user_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(max_length=140, verbose_name='签署人（职务）')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('comment', models.CharField(blank=True, max_length=400, verbose_name='意见')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='benefits.run')),
            ],
            options={
                'verbose_name': '签署',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PolicyFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件')),
                ('text', models.TextField(verbose_name='内容')),
                ('loaded_at', models.DateTimeField(verbose_name='载入时间')),
                ('replaced_at', models.DateTimeField(null=True, verbose_name='被替换时间')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.city')),
                ('published', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': '政策文件',
                'ordering': ['city', 'name', '-loaded_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('city', 'name'), name='policy_file_current_once')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('channel', models.CharField(max_length=60, verbose_name='提出渠道')),
                ('reason', models.CharField(max_length=400, verbose_name='异议内容')),
                ('raised_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('raised_by', models.CharField(max_length=140, verbose_name='登记人')),
                ('verdict', models.CharField(blank=True, choices=[('', '待核查'), ('upheld', '成立'), ('dismissed', '不成立')], default='', max_length=10, verbose_name='核查结论')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='核查时间')),
                ('decided_by', models.CharField(blank=True, max_length=140, verbose_name='核查人')),
                ('remark', models.CharField(blank=True, max_length=400, verbose_name='核查说明')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='benefits.run')),
            ],
            options={
                'verbose_name': '公示异议',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SpotCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额')),
                ('verdict', models.CharField(blank=True, choices=[('', '待核实'), ('confirmed', '属实'), ('objected', '有异议'), ('missing', '没找到')], default='', max_length=10, verbose_name='核实结果')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='核实时间')),
                ('checked_by', models.CharField(blank=True, max_length=140, verbose_name='核实人')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='异议消除时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spot_checks', to='benefits.run')),
                ('looked_on', models.DateField(null=True, verbose_name='核实日期')),
            ],
            options={
                'verbose_name': '抽查',
                'ordering': ['division', 'id'],
                'constraints': [models.UniqueConstraint(fields=('run', 'subject_kind', 'subject_id'), name='spot_check_once')],
            },
        ),
        migrations.CreateModel(
            name='CappedPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(max_length=80)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capped', to='benefits.run')),
            ],
            options={
                'verbose_name': '有封顶的政策',
                'ordering': ['run', 'policy'],
                'constraints': [models.UniqueConstraint(fields=('run', 'policy'), name='capped_policy_once')],
            },
        ),
        migrations.CreateModel(
            name='SpotReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='未尽说明')),
                ('given_at', models.DateTimeField(verbose_name='报送时间')),
                ('given_by', models.CharField(max_length=140, verbose_name='报送人')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='街道')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spot_reasons', to='benefits.run')),
            ],
            options={
                'verbose_name': '抽查未尽说明',
                'ordering': ['division'],
                'constraints': [models.UniqueConstraint(fields=('run', 'division'), name='spot_reason_once')],
            },
        ),
    ]
