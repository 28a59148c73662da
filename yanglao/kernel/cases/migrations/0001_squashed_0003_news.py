"""The tables as they stand; an existing database only notes that it has them."""

import django.core.serializers.json
import django.db.models.deletion
import uuid
import yanglao.kernel.crypto.fields
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('cases', '0001_initial'), ('cases', '0002_work_list_index'), ('cases', '0003_news')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.PositiveIntegerField()),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': '编号',
                'ordering': ('county', 'year'),
                'constraints': [models.UniqueConstraint(fields=('county', 'year'), name='cases_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('roles', models.CharField(help_text='sorted, separated by spaces', max_length=400)),
                ('kind', models.CharField(blank=True, max_length=12)),
                ('name', models.CharField(blank=True, help_text="a part of the organisation's name", max_length=120)),
            ],
            options={
                'verbose_name': '办理岗位',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('roles', 'kind', 'name'), name='cases_desk_once')],
            },
        ),
        migrations.CreateModel(
            name='ProcessVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=40, verbose_name='流程')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('loaded_at', models.DateTimeField(auto_now_add=True, verbose_name='载入时间')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='被替换时间')),
                ('root', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='城市')),
            ],
            options={
                'verbose_name': '流程版本',
                'ordering': ('process', '-pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('root__isnull', False)), fields=('process', 'root'), name='cases_one_version_of_city'), models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('root', None)), fields=('process',), name='cases_one_version_of_house')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='编号')),
                ('process', models.CharField(max_length=40, verbose_name='流程')),
                ('title', models.CharField(max_length=200, verbose_name='事项')),
                ('subject_kind', models.CharField(blank=True, help_text='people.person', max_length=60)),
                ('subject_id', models.BigIntegerField(blank=True, null=True)),
                ('applicant', models.CharField(blank=True, max_length=120, verbose_name='申请人')),
                ('phone', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='联系电话')),
                ('query_code', models.CharField(max_length=8, verbose_name='查询码')),
                ('key', models.CharField(blank=True, help_text='asked for twice, opened once', max_length=160)),
                ('state', models.CharField(choices=[('open', '办理中'), ('ended', '已办结')], default='open', max_length=6, verbose_name='状态')),
                ('step', models.CharField(blank=True, max_length=40, verbose_name='当前步骤')),
                ('votes', models.JSONField(default=dict)),
                ('uses', models.JSONField(default=dict)),
                ('result', models.CharField(blank=True, max_length=40, verbose_name='结果')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='表单')),
                ('secret', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='敏感内容')),
                ('suspended', models.BooleanField(default=False, verbose_name='中止')),
                ('opened_at', models.DateTimeField(verbose_name='受理时间')),
                ('opened_on', models.DateField(verbose_name='受理日期')),
                ('counts_from', models.DateField(help_text="the day the case's clock began; anew when it is re-opened")),
                ('due', models.DateField(blank=True, null=True, verbose_name='办结期限')),
                ('provisional', models.BooleanField(default=False, verbose_name='日期未公布')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('objections', models.PositiveSmallIntegerField(default=0, verbose_name='异议次数')),
                ('objection_until', models.DateField(blank=True, null=True, verbose_name='异议期至')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='所在区划')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.processversion')),
            ],
            options={
                'verbose_name': '办件',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='cases_subject'), models.Index(fields=['process', 'state', 'division'], name='cases_process_state'), models.Index(condition=models.Q(('state', 'open')), fields=['division'], name='cases_open_division')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('process', 'key'), name='cases_one_case_per_key'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('result', ''), ('state', 'open'), models.Q(('step', ''), _negated=True)), models.Q(('ended_at__isnull', False), ('state', 'ended'), ('step', ''), models.Q(('result', ''), _negated=True)), _connector='OR'), name='cases_ended_with_a_result')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('process', models.CharField(max_length=40, verbose_name='流程')),
                ('step', models.CharField(max_length=40, verbose_name='步骤')),
                ('branch', models.CharField(blank=True, max_length=40)),
                ('name', models.CharField(max_length=120, verbose_name='步骤名称')),
                ('state', models.CharField(choices=[('open', '待办'), ('done', '已办'), ('cancelled', '不再需要')], default='open', max_length=9, verbose_name='状态')),
                ('opened_at', models.DateTimeField(verbose_name='到达时间')),
                ('opened_on', models.DateField(verbose_name='到达日期')),
                ('days', models.PositiveSmallIntegerField(verbose_name='时限')),
                ('by_calendar', models.BooleanField(default=False, help_text='days off count too')),
                ('due', models.DateField(verbose_name='办理期限')),
                ('provisional', models.BooleanField(default=False, verbose_name='日期未公布')),
                ('by_itself', models.BooleanField(default=False, help_text='an outcome comes when the deadline has passed')),
                ('remind_on', models.DateField(help_text='still to be reminded on', null=True)),
                ('reminded_at', models.DateTimeField(null=True, verbose_name='提醒时间')),
                ('escalate_on', models.DateField(help_text='raised to the next level after', null=True)),
                ('escalated', models.PositiveSmallIntegerField(default=0, verbose_name='已升级')),
                ('suspended', models.BooleanField(default=False, verbose_name='中止')),
                ('done_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('outcome', models.CharField(blank=True, max_length=40, verbose_name='办理结果')),
                ('late_days', models.PositiveSmallIntegerField(default=0, verbose_name='逾期工作日')),
                ('performer_name', models.CharField(blank=True, max_length=120, verbose_name='经办人')),
                ('performer_position', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='cases.case')),
                ('desk', models.ForeignKey(db_index=False, help_text='null: ends by itself', null=True, on_delete=django.db.models.deletion.PROTECT, to='cases.desk')),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='所在区划')),
                ('holder', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('performer', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('performer_organisation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='办理区划')),
            ],
            options={
                'verbose_name': '办理任务',
                'ordering': ('pk',),
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['due'], name='cases_task_due'), models.Index(condition=models.Q(('by_itself', True), ('state', 'open')), fields=['due'], name='cases_by_itself'), models.Index(condition=models.Q(('state', 'open')), fields=['holder'], name='cases_held'), models.Index(condition=models.Q(('state', 'open')), fields=['remind_on'], name='cases_remind'), models.Index(condition=models.Q(('state', 'open')), fields=['escalate_on'], name='cases_escalate'), models.Index(condition=models.Q(('state', 'open')), fields=['place', 'due', 'id', 'desk', 'holder'], name='cases_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('case', 'step', 'branch'), name='cases_one_open_task'), models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('outcome', ''), ('state', 'open')), models.Q(('done_at__isnull', False), ('state', 'done'), models.Q(('outcome', ''), _negated=True)), models.Q(('done_at__isnull', False), ('outcome', ''), ('state', 'cancelled')), _connector='OR'), name='cases_task_done_once'), models.CheckConstraint(condition=models.Q(('due__gte', models.F('opened_on'))), name='cases_due_after_opened')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=400, verbose_name='理由')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(null=True, verbose_name='止')),
                ('by_name', models.CharField(max_length=120, verbose_name='经办人')),
                ('by_position', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='cases.case')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='cases.task')),
            ],
            options={
                'verbose_name': '中止计时',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('task', None), ('until', None)), fields=('case',), name='cases_one_open_pause'), models.UniqueConstraint(condition=models.Q(('task__isnull', False), ('until', None)), fields=('task',), name='cases_one_open_task_pause'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='cases_pause_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('items', models.JSONField(default=list, help_text='[{"document": "", "text": ""}]', verbose_name='需补正的内容')),
                ('given_at', models.DateTimeField(verbose_name='告知时间')),
                ('by_name', models.CharField(max_length=120, verbose_name='告知人')),
                ('by_position', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('answer_by', models.DateField(verbose_name='补正期限')),
                ('provisional', models.BooleanField(default=False, verbose_name='日期未公布')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='补正时间')),
                ('lapsed_at', models.DateTimeField(null=True, verbose_name='逾期未补正')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='cases.case')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repeats', to='cases.notice')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='cases.task')),
            ],
            options={
                'verbose_name': '一次性告知书',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('first', None)), fields=('case',), name='cases_one_list_per_case'), models.UniqueConstraint(condition=models.Q(('answered_at', None), ('lapsed_at', None)), fields=('task',), name='cases_one_open_notice')],
            },
        ),
        migrations.CreateModel(
            name='Escalated',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='第几级')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='cases.desk')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='cases.task')),
            ],
            options={
                'verbose_name': '逾期升级',
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['place', 'desk'], name='cases_escalated_to')],
                'constraints': [models.UniqueConstraint(fields=('task', 'level'), name='cases_escalated_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('kind', models.CharField(choices=[('opened', '受理'), ('taken', '领取'), ('handed', '转交'), ('done', '办理'), ('by_itself', '到期自动办理'), ('notice', '一次性告知'), ('supplemented', '补正'), ('suspended', '中止'), ('resumed', '恢复'), ('reminded', '到期提醒'), ('escalated', '逾期升级'), ('published', '公示开始'), ('publicity_ended', '公示结束'), ('objected', '提出异议'), ('reopened', '重新办理'), ('withdrawn', '申请人撤回'), ('voided', '作废'), ('ended', '办结'), ('filed', '补充材料'), ('remark', '督办意见'), ('news', '告知')], max_length=16, verbose_name='种类')),
                ('step', models.CharField(blank=True, max_length=40)),
                ('branch', models.CharField(blank=True, max_length=40)),
                ('user_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='姓名')),
                ('position', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                ('organisation', models.CharField(blank=True, max_length=120, verbose_name='单位')),
                ('outcome', models.CharField(blank=True, max_length=40, verbose_name='结果')),
                ('reason', models.TextField(blank=True, verbose_name='理由')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('public', models.BooleanField(default=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='cases.case')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='cases.task')),
            ],
            options={
                'verbose_name': '办理过程',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(blank=True, max_length=40)),
                ('label', models.CharField(blank=True, max_length=120, verbose_name='材料')),
                ('added_at', models.DateTimeField(verbose_name='提交时间')),
                ('by_name', models.CharField(max_length=120, verbose_name='提交人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='cases.case')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='cases.task')),
            ],
            options={
                'verbose_name': '办件材料',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('case', 'stored'), name='cases_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Bar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.CharField(help_text='the step he performed', max_length=40)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bars', to='cases.task')),
            ],
            options={
                'verbose_name': '回避',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='起')),
                ('last_day', models.DateField(verbose_name='止')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('made_by', models.CharField(max_length=140, verbose_name='经办人')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(null=True, verbose_name='提前结束')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='委托人')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='代办人')),
            ],
            options={
                'verbose_name': '委托代办',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['taker', 'last_day'], name='cases_delegation_taker')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='cases_delegation_in_order'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='cases_delegation_to_another')],
            },
        ),
    ]
