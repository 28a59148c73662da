"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('documents', '0001_initial'), ('documents', '0002_handed_over')]

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('jobs', '0001_initial'),
        ('plans', '0001_squashed_0002_returns_reviewed_and_breakdown'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='文件')),
                ('form', models.CharField(blank=True, max_length=10, verbose_name='格式')),
                ('kind', models.CharField(choices=[('plan', '规划、方案'), ('points', '工作要点、任务清单'), ('progress', '进展情况表'), ('reply', '建议提案答复'), ('report', '报告、汇报'), ('notice', '通知及其他')], default='notice', max_length=10, verbose_name='种类')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                ('issuer', models.CharField(blank=True, max_length=80, verbose_name='发文机关')),
                ('issued', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                ('start', models.DateField(blank=True, null=True, verbose_name='起')),
                ('end', models.DateField(blank=True, null=True, verbose_name='止')),
                ('pages', models.PositiveIntegerField(default=0, verbose_name='页数')),
                ('original', models.TextField(blank=True, verbose_name='原文')),
                ('text', models.TextField(blank=True, verbose_name='修复后的文本')),
                ('changes', models.JSONField(default=list, verbose_name='修复')),
                ('outline', models.JSONField(default=list, verbose_name='提纲')),
                ('unread', models.JSONField(default=list, verbose_name='未读出')),
                ('lists', models.JSONField(default=list, verbose_name='清单件数')),
                ('notes', models.JSONField(default=list, verbose_name='读取说明')),
                ('state', models.CharField(choices=[('reading', '正在读取'), ('refused', '读不了'), ('open', '待确认'), ('taken', '已转为计划')], default='reading', max_length=10, verbose_name='状态')),
                ('refusal', models.JSONField(blank=True, default=dict, verbose_name='读不了的原因')),
                ('brought_at', models.DateTimeField(auto_now_add=True, verbose_name='导入时间')),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='原件')),
                ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.plan', verbose_name='计划')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.jobrun')),
                ('handed', models.JSONField(default=list, verbose_name='可交督办的事项')),
            ],
            options={
                'verbose_name': '政策文件',
                'ordering': ['-brought_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'taken'), _negated=True), ('plan__isnull', False), _connector='OR'), name='document_taken_has_plan')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(default=0)),
                ('sort', models.CharField(choices=[('task', '任务'), ('target', '目标'), ('result', '现状'), ('standard', '标准')], max_length=10, verbose_name='类别')),
                ('state', models.CharField(choices=[('open', '待确认'), ('confirmed', '已确认'), ('dropped', '已舍去'), ('aside', '不列入')], default='open', max_length=10, verbose_name='状态')),
                ('measure', models.CharField(blank=True, max_length=80, verbose_name='板块')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('quantity', models.CharField(blank=True, max_length=20, verbose_name='目标值')),
                ('high', models.CharField(blank=True, max_length=20, verbose_name='上限')),
                ('unit', models.CharField(blank=True, max_length=12, verbose_name='计量单位')),
                ('comparison', models.CharField(choices=[('reach', '达到'), ('at_least', '不少于'), ('more_than', '超过'), ('at_most', '不超过'), ('less_than', '低于'), ('all', '全部'), ('about', '左右')], default='reach', max_length=10, verbose_name='比较')),
                ('kind', models.CharField(blank=True, choices=[('stock', '时点数'), ('increment', '当年新增'), ('cumulative', '累计数'), ('ratio', '占比'), ('density', '每万人拥有量'), ('flow', '日均量'), ('milestone', '完成节点'), ('formula', '按公式核定'), ('set_per_area', '每个区域应有')], max_length=12, verbose_name='类型')),
                ('scope', models.CharField(blank=True, max_length=80, verbose_name='范围')),
                ('departments', models.JSONField(default=list, verbose_name='责任部门')),
                ('lead_marked', models.BooleanField(default=False, verbose_name='文件写明牵头')),
                ('deadline', models.DateField(blank=True, null=True, verbose_name='完成时限')),
                ('deadline_words', models.CharField(blank=True, max_length=40, verbose_name='原文时限')),
                ('every', models.CharField(blank=True, max_length=8, verbose_name='重复')),
                ('indicator', models.CharField(blank=True, max_length=60, verbose_name='指标')),
                ('written', models.CharField(blank=True, max_length=60, verbose_name='原文写法')),
                ('start', models.PositiveIntegerField(default=0)),
                ('end', models.PositiveIntegerField(default=0)),
                ('sentence_start', models.PositiveIntegerField(default=0)),
                ('sentence_end', models.PositiveIntegerField(default=0)),
                ('original', models.TextField(blank=True, verbose_name='原文')),
                ('rules', models.JSONField(default=list, verbose_name='依据')),
                ('doubts', models.JSONField(default=list, verbose_name='存疑')),
                ('read', models.JSONField(default=dict, verbose_name='读出时')),
                ('target_key', models.CharField(blank=True, max_length=60)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='documents.document')),
                ('part_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parts', to='documents.proposal', verbose_name='上级目标')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rows', to='documents.proposal', verbose_name='所属任务')),
            ],
            options={
                'verbose_name': '拟列条目',
                'ordering': ['document', 'order', 'id'],
                'indexes': [models.Index(fields=['document', 'state', 'sort'], name='documents_proposals')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sentence_end__gte', models.F('sentence_start'))), name='proposal_sentence_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=10, verbose_name='动作')),
                ('before', models.JSONField(default=list)),
                ('made', models.JSONField(default=list)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='documents.document')),
            ],
            options={
                'verbose_name': '处理步骤',
                'ordering': ['document', '-id'],
            },
        ),
    ]
