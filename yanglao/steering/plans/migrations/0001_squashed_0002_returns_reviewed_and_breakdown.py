"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('plans', '0001_initial'), ('plans', '0002_returns_reviewed_and_breakdown')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('indicators', '0001_squashed_0003_since'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='代号')),
                ('title', models.CharField(max_length=120, verbose_name='计划')),
                ('place', models.CharField(max_length=40, verbose_name='城市包')),
                ('document', models.CharField(max_length=160, verbose_name='文件')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('issuer', models.CharField(max_length=80, verbose_name='发文机关')),
                ('issued', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                ('start', models.DateField(verbose_name='起')),
                ('end', models.DateField(verbose_name='止')),
                ('lead', models.CharField(max_length=80, verbose_name='牵头单位')),
                ('due_day', models.PositiveSmallIntegerField(default=20, verbose_name='每月填报截止日')),
                ('demonstration', models.BooleanField(default=False, verbose_name='演示')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(auto_now=True, verbose_name='载入时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '计划',
                'ordering': ['-end', '-demonstration', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='plan_dates_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Return',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='月份')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('state', models.CharField(choices=[('draft', '草稿'), ('submitted', '已上报'), ('returned', '已退回'), ('accepted', '审核通过')], default='draft', max_length=10, verbose_name='状态')),
                ('as_of', models.DateField(verbose_name='统计日')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='情况说明')),
                ('filled_by', models.CharField(blank=True, max_length=140, verbose_name='填报人')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='上报时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='填报单位')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='returns', to='plans.plan')),
                ('correction', models.CharField(blank=True, max_length=400, verbose_name='更正原因')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='填报部门')),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='退回原因')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('reviewed_by', models.CharField(blank=True, max_length=140, verbose_name='审核人')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '月报',
                'ordering': ['plan', '-month', 'division', 'department', '-version'],
                'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='return_month_first_day'), models.UniqueConstraint(fields=('plan', 'division', 'department', 'month', 'version'), name='return_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('submitted_at', None)), models.Q(models.Q(('state', 'draft'), _negated=True), ('submitted_at__isnull', False)), _connector='OR'), name='return_submitted_when'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('state__in', ('draft', 'submitted'))), models.Q(('reviewed_at__isnull', False), ('state', 'accepted')), models.Q(('reviewed_at__isnull', False), ('state', 'returned'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='return_reviewed_when')],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('chapter', models.CharField(max_length=80, verbose_name='板块')),
                ('title', models.CharField(max_length=120, verbose_name='任务')),
                ('departments', models.JSONField(default=list, verbose_name='责任部门')),
                ('deadline', models.DateField(verbose_name='完成时限')),
                ('withdrawn', models.BooleanField(default=False, verbose_name='已撤销')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='plans.plan')),
            ],
            options={
                'verbose_name': '任务',
                'ordering': ['plan', 'item'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'item'), name='task_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60, verbose_name='代号')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('name', models.CharField(max_length=100, verbose_name='目标')),
                ('comparison', models.CharField(choices=[('reach', '达到'), ('at_least', '不少于'), ('more_than', '超过'), ('at_most', '不超过'), ('less_than', '低于'), ('all', '全部'), ('about', '左右')], max_length=10, verbose_name='比较')),
                ('number', models.CharField(max_length=20, verbose_name='目标值')),
                ('unit', models.CharField(max_length=12, verbose_name='计量单位')),
                ('deadline', models.DateField(verbose_name='完成时限')),
                ('curve', models.CharField(choices=[('linear', '按时间均匀推进'), ('steps', '分段达标'), ('seasonal', '按月份权重推进'), ('hold', '全程保持'), ('end', '到期完成')], max_length=8, verbose_name='进度曲线')),
                ('baseline', models.CharField(blank=True, max_length=20, verbose_name='期初数')),
                ('scope', models.CharField(blank=True, max_length=80, verbose_name='范围')),
                ('divisions', models.JSONField(default=list, verbose_name='范围区划')),
                ('yearly', models.JSONField(default=list, verbose_name='分年度目标')),
                ('part_of', models.CharField(blank=True, max_length=60, verbose_name='上级目标')),
                ('withdrawn', models.BooleanField(default=False, verbose_name='已撤销')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='indicators.indicator', verbose_name='指标')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plans.plan')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='plans.task')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='填报部门')),
                ('marks', models.JSONField(default=list, verbose_name='时间节点')),
                ('weights', models.JSONField(default=list, verbose_name='月份权重')),
            ],
            options={
                'verbose_name': '目标',
                'ordering': ['plan', 'order'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'key'), name='target_key_once')],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='数值或分子')),
                ('denominator', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, verbose_name='分母')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='plans.return')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='plans.target')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='说明')),
            ],
            options={
                'verbose_name': '月报数值',
                'ordering': ['report', 'target'],
                'constraints': [models.UniqueConstraint(fields=('report', 'target'), name='return_line_once'), models.CheckConstraint(condition=models.Q(('numerator__gte', 0)), name='return_line_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Breakdown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('method', models.CharField(choices=[('hand', '手工分解'), ('population', '按老年人口'), ('base', '按现有基数'), ('even', '平均分解'), ('same', '同一标准下达')], max_length=12, verbose_name='分解办法')),
                ('total', models.CharField(max_length=20, verbose_name='目标值')),
                ('in_force', models.BooleanField(default=True, verbose_name='现行')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('made_by', models.CharField(max_length=140, verbose_name='分解人')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='分解时间')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breakdowns', to='plans.target')),
            ],
            options={
                'verbose_name': '任务分解',
                'ordering': ['target', '-version'],
                'constraints': [models.UniqueConstraint(fields=('target', 'version'), name='breakdown_version_once'), models.UniqueConstraint(condition=models.Q(('in_force', True)), fields=('target',), name='breakdown_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='BreakdownPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, verbose_name='目标值')),
                ('breakdown', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='plans.breakdown')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
            ],
            options={
                'verbose_name': '区县目标',
                'ordering': ['breakdown', 'division'],
                'constraints': [models.UniqueConstraint(fields=('breakdown', 'division'), name='breakdown_part_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.CharField(blank=True, max_length=80, verbose_name='填报部门')),
                ('month', models.DateField(verbose_name='月份')),
                ('kind', models.CharField(choices=[('opened', '开始填报'), ('soon', '临近截止'), ('due', '当日截止'), ('late', '逾期'), ('manual', '人工催报')], max_length=8, verbose_name='种类')),
                ('sent_on', models.DateField(verbose_name='催报日期')),
                ('sent_by', models.CharField(blank=True, max_length=140, verbose_name='催报人')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='plans.plan')),
            ],
            options={
                'verbose_name': '催报',
                'ordering': ['plan', 'month', 'sent_on', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'division', 'department', 'month', 'kind', 'sent_on'), name='reminder_once')],
            },
        ),
        migrations.CreateModel(
            name='ReturnFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_by', models.CharField(max_length=140, verbose_name='上传人')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='上传时间')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='plans.return')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='plans.target')),
            ],
            options={
                'verbose_name': '佐证材料',
                'ordering': ['report', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReturnPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_by', models.CharField(max_length=140, verbose_name='交办人')),
                ('given_at', models.DateTimeField(auto_now_add=True, verbose_name='交办时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='填好时间')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='plans.return')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='plans.target')),
            ],
            options={
                'verbose_name': '分办',
                'ordering': ['report', 'target'],
                'constraints': [models.UniqueConstraint(fields=('report', 'target'), name='return_part_once')],
            },
        ),
    ]
