"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('corrections', '0001_initial'), ('corrections', '0002_corrections_in_kind')]

    initial = True

    dependencies = [
        ('divisions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OffsetMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run_id', models.BigIntegerField(unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': '已抵扣批次',
            },
        ),
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run_id', models.BigIntegerField()),
                ('payee_kind', models.CharField(default='person', max_length=12)),
                ('payee_id', models.BigIntegerField(verbose_name='对象')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('amount_fen', models.BigIntegerField(verbose_name='应追回')),
                ('repaid_fen', models.BigIntegerField(default=0, verbose_name='已收回或核销')),
                ('share', models.PositiveSmallIntegerField(null=True, verbose_name='每月抵扣比例（%）')),
                ('state', models.CharField(choices=[('open', '追回中'), ('asked', '核销待审批'), ('settled', '已结清'), ('void', '批次已退回')], default='open', max_length=8, verbose_name='状态')),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by', models.CharField(blank=True, max_length=140)),
                ('asked_reason', models.CharField(blank=True, max_length=400)),
                ('noticed_on', models.DateField(null=True, verbose_name='通知书日期')),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='形成时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '应追回款',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['payee_kind', 'payee_id', 'state'], name='corrections_debtor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('run_id', 'payee_kind', 'payee_id'), name='corrections_debt_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('repaid_fen__gte', 0), ('repaid_fen__lte', models.F('amount_fen'))), name='corrections_debt_balance'), models.CheckConstraint(condition=models.Q(('share', None), ('share__lte', 100), _connector='OR'), name='corrections_share_percent')],
            },
        ),
        migrations.CreateModel(
            name='DebtEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offset', '从后续发放中抵扣'), ('netted', '与同批次补发相抵'), ('cash', '现金退回'), ('transfer', '转账退回'), ('written_off', '核销')], max_length=12, verbose_name='方式')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额')),
                ('on', models.DateField(verbose_name='日期')),
                ('run_id', models.BigIntegerField(null=True)),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='凭证号')),
                ('remark', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('by_id', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=140, verbose_name='经办人')),
                ('live', models.BooleanField(default=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('debt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='corrections.debt')),
            ],
            options={
                'verbose_name': '追回记录',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='corrections_entry_positive'), models.UniqueConstraint(condition=models.Q(('kind', 'offset'), ('live', True)), fields=('debt', 'run_id'), name='corrections_offset_once'), models.UniqueConstraint(condition=models.Q(('kind', 'transfer'), ('live', True), models.Q(('reference', ''), _negated=True)), fields=('kind', 'reference'), name='corrections_transfer_once'), models.UniqueConstraint(condition=models.Q(('kind', 'netted'), ('live', True)), fields=('debt',), name='corrections_netted_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['offset', 'netted']), _negated=True), ('run_id__isnull', False), _connector='OR'), name='corrections_offset_has_run')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField(verbose_name='老年人')),
                ('reason', models.CharField(max_length=200, verbose_name='暂停原因')),
                ('since', models.DateField(verbose_name='自')),
                ('clue_id', models.BigIntegerField(null=True, verbose_name='线索')),
                ('fact_on', models.DateField(null=True, verbose_name='事实发生日')),
                ('granted_fen', models.BigIntegerField(default=0, verbose_name='事实发生后已发')),
                ('state', models.CharField(choices=[('open', '暂停中'), ('released', '已恢复发放'), ('stopped', '已停发'), ('recovered', '已停发并追回')], default='open', max_length=10, verbose_name='状态')),
                ('decision', models.CharField(blank=True, max_length=400, verbose_name='决定理由')),
                ('opened_by', models.CharField(max_length=140)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='暂停时间')),
                ('decided_by', models.CharField(blank=True, max_length=140, verbose_name='决定人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '暂停发放',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('person_id',), name='corrections_one_hold')],
            },
        ),
        migrations.CreateModel(
            name='Prospect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField(verbose_name='老年人')),
                ('policy', models.CharField(max_length=80, verbose_name='政策')),
                ('kind', models.CharField(choices=[('starts', '将享受'), ('rises', '将提档'), ('ends', '将停发')], max_length=6, verbose_name='变化')),
                ('on', models.DateField(null=True, verbose_name='到龄日')),
                ('age', models.PositiveSmallIntegerField(null=True, verbose_name='周岁')),
                ('month', models.PositiveIntegerField(verbose_name='起始月份')),
                ('before_fen', models.BigIntegerField(default=0, verbose_name='现每月')),
                ('after_fen', models.BigIntegerField(default=0, verbose_name='将每月')),
                ('applies', models.BooleanField(default=False, verbose_name='须登记申请')),
                ('state', models.CharField(choices=[('open', '待确认'), ('confirmed', '已确认'), ('refused', '本人放弃'), ('no_account', '缺收款账户'), ('noted', '已告知'), ('gone', '情况有变，不再符合')], default='open', max_length=10, verbose_name='状态')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('said_by', models.CharField(blank=True, max_length=60, verbose_name='确认人')),
                ('helper', models.BooleanField(default=False, verbose_name='由代办人确认')),
                ('remark', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('settled_by', models.CharField(blank=True, max_length=140, verbose_name='经办人')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='办理时间')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='户籍区划')),
            ],
            options={
                'verbose_name': '免申即享预告',
                'ordering': ['month', 'id'],
                'indexes': [models.Index(fields=['state', 'division', 'month'], name='corrections_prospects')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'policy', 'kind', 'month'), name='corrections_prospect_once')],
            },
        ),
        migrations.CreateModel(
            name='Recomputation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.PositiveIntegerField(verbose_name='自')),
                ('last', models.PositiveIntegerField(verbose_name='至')),
                ('whole', models.BooleanField(default=False, verbose_name='全部人员')),
                ('since', models.DateTimeField(null=True, verbose_name='变动起点')),
                ('state', models.CharField(choices=[('waiting', '等待重算'), ('done', '已重算'), ('failed', '重算失败')], default='waiting', max_length=8, verbose_name='状态')),
                ('known_at', models.DateTimeField(null=True, verbose_name='数据截止')),
                ('runs', models.JSONField(default=list, help_text='ids of the approved runs it was held against')),
                ('snapshot', models.CharField(blank=True, max_length=200)),
                ('snapshot_sha', models.CharField(blank=True, max_length=64)),
                ('book', models.JSONField(default=dict)),
                ('book_sha', models.CharField(blank=True, max_length=64)),
                ('sql_sha', models.CharField(blank=True, max_length=64)),
                ('engine', models.CharField(blank=True, max_length=60, verbose_name='引擎')),
                ('checked', models.PositiveIntegerField(default=0, verbose_name='重算人数')),
                ('withheld', models.PositiveIntegerField(default=0, verbose_name='事实有矛盾、未重算')),
                ('found', models.PositiveIntegerField(default=0, verbose_name='差异')),
                ('seconds', models.FloatField(default=0, verbose_name='用时（秒）')),
                ('problem', models.TextField(blank=True, verbose_name='问题')),
                ('asked_by', models.CharField(max_length=140, verbose_name='发起人')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='发起时间')),
                ('done_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '重算',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='corrections_months_in_order'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('division',), name='corrections_one_waits')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payer', models.BigIntegerField(null=True, verbose_name='出资区划')),
                ('subject_kind', models.CharField(default='person', max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('payee_kind', models.CharField(blank=True, max_length=12)),
                ('payee_id', models.BigIntegerField(default=0)),
                ('policy', models.CharField(max_length=80, verbose_name='政策')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('kind', models.CharField(choices=[('arrears', '补发'), ('clawback', '追回')], max_length=8, verbose_name='性质')),
                ('due_fen', models.BigIntegerField(verbose_name='应发')),
                ('granted_fen', models.BigIntegerField(verbose_name='已发')),
                ('corrected_fen', models.BigIntegerField(default=0, verbose_name='此前更正')),
                ('amount_fen', models.BigIntegerField(verbose_name='差额')),
                ('turn', models.PositiveIntegerField(default=0, help_text='how many decisions on this month came before')),
                ('doubled', models.BooleanField(default=False, verbose_name='重复发放')),
                ('cause', models.CharField(choices=[('death_late', '死亡登记晚'), ('alive_again', '死亡登记撤销'), ('registered_late', '建档晚'), ('moved', '迁移登记晚'), ('ability_late', '能力等级登记晚'), ('economic_late', '经济状况登记晚'), ('applied_late', '申请登记晚'), ('verified_late', '资格认证补办'), ('clue', '比对线索属实'), ('merged', '档案合并'), ('mistake', '差错更正'), ('other_fact', '其他情形登记晚'), ('rate_late', '政策或标准发布晚'), ('missed', '当月漏算'), ('unknown', '待查明')], default='unknown', max_length=16, verbose_name='原因')),
                ('facts', models.JSONField(default=list, help_text='shape: rules.Learned.as_data')),
                ('clue_id', models.BigIntegerField(null=True, verbose_name='线索')),
                ('state', models.CharField(choices=[('proposed', '待决定'), ('held', '搁置'), ('asked', '免予更正待审批'), ('booked', '已入账'), ('waived', '免予更正'), ('replaced', '已由后来的重算替代')], default='proposed', max_length=8, verbose_name='处理')),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='理由')),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by', models.CharField(blank=True, max_length=140, verbose_name='申请人')),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=140, verbose_name='决定人')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='发现时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                ('recomputation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='corrections.recomputation')),
                ('account', models.BigIntegerField(default=0, help_text='the county, city or province of the payer: who bears it')),
                ('corrected_quantity', models.BigIntegerField(default=0, verbose_name='此前更正数量')),
                ('due_quantity', models.BigIntegerField(default=0, verbose_name='应享数量')),
                ('granted_quantity', models.BigIntegerField(default=0, verbose_name='已享数量')),
                ('quantity', models.BigIntegerField(default=0, verbose_name='数量差额')),
                ('unit', models.CharField(blank=True, max_length=8, verbose_name='单位')),
            ],
            options={
                'verbose_name': '更正',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['state', 'division', 'cause'], name='corrections_state_place'), models.Index(fields=['recomputation', 'division'], name='corrections_of_one'), models.Index(fields=['subject_kind', 'subject_id'], name='corrections_subject')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'held', 'asked'])), fields=('subject_kind', 'subject_id', 'policy', 'month', 'account'), name='corrections_one_open'), models.UniqueConstraint(condition=models.Q(('state__in', ['booked', 'waived'])), fields=('subject_kind', 'subject_id', 'policy', 'month', 'account', 'turn'), name='corrections_settled_once'), models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('due_fen'), '-', models.F('granted_fen')), '-', models.F('corrected_fen'))), ('quantity', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('due_quantity'), '-', models.F('granted_quantity')), '-', models.F('corrected_quantity')))), name='corrections_arithmetic'), models.CheckConstraint(condition=models.Q(models.Q(('amount_fen__gt', 0), ('kind', 'arrears')), models.Q(('amount_fen', 0), ('kind', 'arrears'), ('quantity__gt', 0)), models.Q(('amount_fen__lt', 0), ('kind', 'clawback')), models.Q(('amount_fen', 0), ('kind', 'clawback'), ('quantity__lt', 0)), _connector='OR'), name='corrections_sign')],
            },
        ),
    ]
