"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import yanglao.kernel.crypto.fields
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('assessment', '0001_initial'), ('assessment', '0002_visits'), ('assessment', '0003_photo_items')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cases', '0001_squashed_0003_news'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('people', '0001_squashed_0007_deaths'),
        ('workforce', '0001_squashed_0004_attendance'),
    ]

    operations = [
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.CharField(blank=True, max_length=120, verbose_name='委托文件')),
                ('valid_from', models.DateField(verbose_name='委托起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='委托止')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='服务区域')),
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment_body', to='accounts.organisation', verbose_name='单位')),
            ],
            options={
                'verbose_name': '评估机构',
                'ordering': ['division', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='assessment_body_dates')],
            },
        ),
        migrations.CreateModel(
            name='Assessor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='姓名')),
                ('since', models.DateField(verbose_name='起')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='离开日期')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.worker', verbose_name='从业人员')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessors', to='assessment.body', verbose_name='评估机构')),
            ],
            options={
                'verbose_name': '评估员',
                'ordering': ['body', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('worker',), name='assessment_worker_one_body'), models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('user',), name='assessment_user_one_assessor'), models.CheckConstraint(condition=models.Q(('left_on', None), ('left_on__gte', models.F('since')), _connector='OR'), name='assessment_assessor_dates')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scale', models.CharField(max_length=40, verbose_name='量表')),
                ('first_day', models.DateField(verbose_name='起')),
                ('last_day', models.DateField(verbose_name='止')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='抽查比例（%）')),
                ('seed', models.CharField(max_length=32, verbose_name='随机种子')),
                ('population', models.PositiveIntegerField(verbose_name='总数')),
                ('size', models.PositiveIntegerField(verbose_name='抽取数')),
                ('drawn_at', models.DateTimeField(auto_now_add=True, verbose_name='抽取时间')),
                ('drawn_by', models.CharField(max_length=140, verbose_name='抽取人')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '质量抽查',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('division', 'scale', 'first_day', 'last_day'), name='assessment_drawn_once'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='assessment_sample_days')],
            },
        ),
        migrations.CreateModel(
            name='ScaleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scale', models.CharField(max_length=40, verbose_name='量表')),
                ('version', models.CharField(max_length=20, verbose_name='版本')),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('first_used_at', models.DateTimeField(auto_now_add=True, verbose_name='启用时间')),
            ],
            options={
                'verbose_name': '量表版本',
                'ordering': ['scale', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('scale', 'sha256'), name='assessment_scale_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scale', models.CharField(max_length=40, verbose_name='量表')),
                ('by', models.CharField(choices=[('self', '本人'), ('family', '家属或监护人'), ('village', '村（社区）'), ('institution', '养老服务机构'), ('staff', '民政工作人员')], max_length=12, verbose_name='申请人')),
                ('applicant', models.CharField(blank=True, max_length=60, verbose_name='申请人姓名')),
                ('why', models.CharField(choices=[('first', '首次评估'), ('periodic', '到期复评'), ('changed', '情况变化'), ('objection', '对结果有疑问')], max_length=10, verbose_name='评估原因')),
                ('changed', models.CharField(blank=True, max_length=300, verbose_name='变化情况')),
                ('wish_on', models.DateField(blank=True, null=True, verbose_name='希望日期')),
                ('asked_on', models.DateField(verbose_name='申请日期')),
                ('state', models.CharField(choices=[('open', '办理中'), ('done', '已办结'), ('refused', '不予受理'), ('stopped', '终止')], default='open', max_length=8, verbose_name='状态')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case', verbose_name='办件')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='老年人')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.scaleversion', verbose_name='量表')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='申请机构')),
            ],
            options={
                'verbose_name': '评估申请',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['division', 'state'], name='assessment_requests')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('person', 'scale'), name='assessment_one_open_request')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('regular', '评估'), ('review', '异议复评'), ('sample', '质量抽查')], default='regular', max_length=8, verbose_name='类别')),
                ('due_on', models.DateField(verbose_name='完成期限')),
                ('planned_for', models.DateField(blank=True, null=True, verbose_name='约定日期')),
                ('assigned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='分派时间')),
                ('assigned_by', models.CharField(max_length=140, verbose_name='分派人')),
                ('state', models.CharField(choices=[('open', '待评估'), ('signing', '待签名'), ('done', '已完成'), ('cancelled', '已取消')], default='open', max_length=9, verbose_name='状态')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('cancelled_why', models.CharField(blank=True, max_length=200, verbose_name='取消原因')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员一')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='老年人')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员二')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='assessment.body', verbose_name='评估机构')),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='assessment.request', verbose_name='评估申请')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.scaleversion', verbose_name='量表')),
                ('planned_time', models.TimeField(blank=True, null=True, verbose_name='约定时间')),
            ],
            options={
                'verbose_name': '评估任务',
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(fields=['first', 'state'], name='assessment_of_first'), models.Index(fields=['second', 'state'], name='assessment_of_second'), models.Index(fields=['division', 'state', 'due_on'], name='assessment_assignments')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'sample'), ('request', None), ('second', None)), models.Q(models.Q(('purpose', 'sample'), _negated=True), ('request__isnull', False), ('second__isnull', False)), _connector='OR'), name='assessment_two_assessors'), models.CheckConstraint(condition=models.Q(('second', None), models.Q(('first', models.F('second')), _negated=True), _connector='OR'), name='assessment_two_different'), models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'signing'])), fields=('request',), name='assessment_one_assignment'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='assessment_done_at'), models.CheckConstraint(condition=models.Q(('planned_time', None), ('planned_for__isnull', False), _connector='OR'), name='assessment_hour_has_day')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('scale', models.CharField(max_length=40, verbose_name='量表')),
                ('body_name', models.CharField(blank=True, max_length=120, verbose_name='评估机构名称')),
                ('made_at', models.DateTimeField(verbose_name='评估时间')),
                ('made_on', models.DateField(verbose_name='评估基准日期')),
                ('place', models.CharField(blank=True, max_length=60, verbose_name='评估地点')),
                ('sources', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='信息提供者')),
                ('answers', models.JSONField(default=dict, verbose_name='答案')),
                ('diagnoses', models.JSONField(default=list, verbose_name='疾病诊断和情形')),
                ('events', models.JSONField(default=dict, verbose_name='照护风险事件')),
                ('total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='总分')),
                ('outcome', models.JSONField(default=dict, verbose_name='计分过程')),
                ('level_by_total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='初步等级')),
                ('raised_by', models.JSONField(default=list, verbose_name='等级变更依据')),
                ('level', models.PositiveSmallIntegerField(verbose_name='最终等级')),
                ('state', models.CharField(choices=[('unsigned', '待签名'), ('valid', '有效'), ('replaced', '已被新的评估取代'), ('withdrawn', '已撤销'), ('sample', '质量抽查')], default='unsigned', max_length=9, verbose_name='状态')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签名完成时间')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='有效期起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='有效期止')),
                ('source', models.CharField(blank=True, max_length=100, verbose_name='来源')),
                ('withdrawn_why', models.CharField(blank=True, max_length=200, verbose_name='撤销原因')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='老年人')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='assessment.assessment', verbose_name='取代')),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员一')),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员二')),
                ('assignment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessment', to='assessment.assignment', verbose_name='评估任务')),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.body', verbose_name='评估机构')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.scaleversion', verbose_name='量表')),
            ],
            options={
                'verbose_name': '评估',
                'ordering': ['-made_on', '-id'],
                'indexes': [models.Index(fields=['person', '-made_on'], name='assessment_of_person'), models.Index(fields=['division', 'state', 'made_on'], name='assessment_of_division'), models.Index(condition=models.Q(('state', 'valid')), fields=['valid_to', 'division'], name='assessment_expiring')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'valid')), fields=('person', 'scale'), name='assessment_one_valid_result'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='assessment_validity'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'valid'), _negated=True), ('valid_from__isnull', False), _connector='OR'), name='assessment_valid_from'), models.CheckConstraint(condition=models.Q(('second', None), models.Q(('first', models.F('second')), _negated=True), _connector='OR'), name='assessment_signed_by_two')],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('accepted', '已收下'), ('conflict', '与另一份不一致'), ('refused', '未收下')], max_length=8, verbose_name='状态')),
                ('message', models.CharField(blank=True, max_length=400, verbose_name='说明')),
                ('made_at', models.DateTimeField(verbose_name='评估时间')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='收到时间')),
                ('answers', models.JSONField(default=dict, verbose_name='答案')),
                ('diagnoses', models.JSONField(default=list, verbose_name='疾病诊断和情形')),
                ('events', models.JSONField(default=dict, verbose_name='照护风险事件')),
                ('sources', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='信息提供者')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='核定时间')),
                ('settled_by', models.CharField(blank=True, max_length=140, verbose_name='核定人')),
                ('assessor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员')),
                ('assignment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='assessment.assignment', verbose_name='评估任务')),
                ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '评估原始记录',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['assignment'], name='assessment_records'), models.Index(condition=models.Q(('settled_at', None), ('state', 'conflict')), fields=['state'], name='assessment_conflicts')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('photo', '照片'), ('signature', '签名')], max_length=9, verbose_name='类别')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='assessment.record')),
                ('item', models.CharField(blank=True, db_default='', default='', help_text='code of the item it shows', max_length=60, verbose_name='指标')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='拍摄时间')),
            ],
            options={
                'verbose_name': '评估附件',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SampleLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(verbose_name='次序')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessment', verbose_name='评估')),
                ('assignment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sampled', to='assessment.assignment', verbose_name='复评任务')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='assessment.sample')),
            ],
            options={
                'verbose_name': '抽查的评估',
                'ordering': ['sample', 'order'],
                'constraints': [models.UniqueConstraint(fields=('sample', 'assessment'), name='assessment_sampled_once')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(choices=[('drawn', '手写签名'), ('account', '本人账号签名（重新验证密码）'), ('typed', '本人账号签名（已登录）')], max_length=8, verbose_name='方式')),
                ('name', models.CharField(max_length=60, verbose_name='签名')),
                ('at', models.DateTimeField(verbose_name='签名时间')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='assessment.assessment')),
                ('assessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.assessor', verbose_name='评估员')),
                ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
            options={
                'verbose_name': '评估签名',
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'assessor'), name='assessment_signed_once'), models.CheckConstraint(condition=models.Q(models.Q(('how', 'drawn'), _negated=True), ('image__isnull', False), _connector='OR'), name='assessment_drawn_has_image')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(blank=True, null=True, verbose_name='约定日期')),
                ('hour', models.TimeField(blank=True, null=True, verbose_name='约定时间')),
                ('told', models.CharField(blank=True, max_length=60, verbose_name='与谁约定')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='改期原因')),
                ('by', models.CharField(max_length=140, verbose_name='登记人')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='assessment.assignment', verbose_name='评估任务')),
            ],
            options={
                'verbose_name': '约定上门',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['assignment'], name='assessment_visits')],
            },
        ),
    ]
