"""The tables as they stand; an existing database only notes that it has them."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
import yanglao.kernel.crypto.fields
import yanglao.kernel.text
import yanglao.registers.training.kinds
from decimal import Decimal
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('training', '0001_initial'), ('training', '0002_person_of_a_merge')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('people', '0001_squashed_0007_deaths'),
        ('places', '0001_squashed_0003_no_overlap'),
        ('workforce', '0001_squashed_0004_attendance'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='竞赛名称')),
                ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('place', '机构级')], default='county', max_length=10, verbose_name='级别')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='文件名称和文号')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(verbose_name='结束日期')),
                ('team', models.BooleanField(default=False, verbose_name='团体赛')),
                ('rule', models.CharField(choices=[('mean', '全部评委平均'), ('trimmed', '去掉一个最高分和一个最低分后平均')], default='trimmed', max_length=10, verbose_name='计分规则')),
                ('state', models.CharField(choices=[('open', '报名与抽签'), ('scoring', '评分中'), ('published', '成绩已公布')], default='open', editable=False, max_length=10, verbose_name='状态')),
                ('published_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='举办地')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='主办单位')),
            ],
            options={
                'verbose_name': '技能竞赛',
                'ordering': ['-starts_on', '-id'],
                'indexes': [models.Index(fields=['division', 'starts_on'], name='training_contest_where')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='training_contest_dates')],
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='课程名称')),
                ('kind', models.CharField(choices=yanglao.registers.training.kinds.choices, max_length=20, verbose_name='类别')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(Decimal('0.5'))], verbose_name='学时要求')),
                ('theory_pass', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='理论及格分')),
                ('practice_pass', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='实操及格分')),
                ('certificate', models.CharField(blank=True, max_length=60, verbose_name='发给的证书')),
                ('valid_months', models.PositiveSmallIntegerField(default=0, verbose_name='证书有效期（月，0为长期）')),
                ('needs_id', models.BooleanField(default=False, verbose_name='报名须填身份证号')),
                ('outline', models.TextField(blank=True, max_length=2000, verbose_name='课程内容')),
                ('active', models.BooleanField(default=True, verbose_name='使用中')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='设置单位所在区划')),
            ],
            options={
                'verbose_name': '课程',
                'ordering': ['kind', 'id'],
                'constraints': [models.UniqueConstraint(fields=('division', 'name'), name='training_course_once_per_division'), models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='training_course_hours')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='参赛号')),
                ('name', models.CharField(max_length=60, verbose_name='姓名或队名')),
                ('members', models.CharField(blank=True, max_length=200, verbose_name='队员')),
                ('workplace', models.CharField(max_length=120, verbose_name='单位')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='training.contest')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='所在机构')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.worker', verbose_name='从业人员档案')),
            ],
            options={
                'verbose_name': '参赛者',
                'ordering': ['contest', 'number'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'number'), name='training_entry_number'), models.UniqueConstraint(fields=('contest', 'name', 'workplace'), name='training_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', yanglao.kernel.text.PrefixField(db_index=True, max_length=100, verbose_name='荣誉名称')),
                ('level', models.CharField(choices=[('national', '国家级'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('place', '机构级')], default='county', max_length=10, verbose_name='级别')),
                ('to', yanglao.kernel.text.PrefixField(db_index=True, max_length=60, verbose_name='获奖者')),
                ('workplace', models.CharField(blank=True, max_length=120, verbose_name='单位')),
                ('on', models.DateField(verbose_name='授予日期')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='文件名称和文号')),
                ('withdrawn_on', models.DateField(blank=True, editable=False, null=True, verbose_name='撤销日期')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='文件')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='所在机构')),
                ('contest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='training.contest', verbose_name='竞赛')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='training.entry')),
            ],
            options={
                'verbose_name': '荣誉',
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(fields=['division', 'on'], name='training_award_where')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('entry', None), _negated=True), fields=('entry', 'title'), name='training_award_once_per_entry')],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='项目')),
                ('full', models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MinValueValidator(1)], verbose_name='满分')),
                ('weight', models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MinValueValidator(1)], verbose_name='权重（%）')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='training.contest')),
            ],
            options={
                'verbose_name': '竞赛项目',
                'ordering': ['contest', 'id'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'name'), name='training_item_once'), models.CheckConstraint(condition=models.Q(('full__gt', 0), ('weight__gt', 0)), name='training_item_positive')],
            },
        ),
        migrations.CreateModel(
            name='Judge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='姓名')),
                ('workplace', models.CharField(max_length=120, verbose_name='单位')),
                ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judges', to='training.contest')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='所在机构')),
                ('worker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.worker', verbose_name='从业人员档案')),
            ],
            options={
                'verbose_name': '评委',
                'ordering': ['contest', 'id'],
                'constraints': [models.UniqueConstraint(fields=('contest', 'name', 'workplace'), name='training_judge_once')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, editable=False, max_length=60)),
                ('name', models.CharField(max_length=100, verbose_name='计划名称')),
                ('kind', models.CharField(blank=True, choices=yanglao.registers.training.kinds.choices, max_length=20, verbose_name='课程类别')),
                ('counts', models.CharField(choices=[('persons', '人（同一人只计一次）'), ('times', '人次'), ('sites', '培训点（同一处只计一次）'), ('sessions', '期')], default='persons', max_length=10, verbose_name='计数单位')),
                ('sites', models.CharField(blank=True, choices=[('', '不限'), ('homes', '养老机构'), ('stations', '村（社区）居家养老服务站'), ('centres', '乡镇（街道）居家养老服务中心')], max_length=10, verbose_name='培训点类别')),
                ('free_only', models.BooleanField(default=False, verbose_name='只计免费培训')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                ('withdrawn', models.BooleanField(default=False, editable=False, verbose_name='已撤销')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='training.plan', verbose_name='上级计划')),
            ],
            options={
                'verbose_name': '培训计划',
                'ordering': ['division', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('division', 'key'), name='training_plan_once_per_key')],
            },
        ),
        migrations.CreateModel(
            name='PlanYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('number', models.PositiveIntegerField(verbose_name='数量')),
                ('total', models.BooleanField(default=False, verbose_name='累计数')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='training.plan')),
            ],
            options={
                'verbose_name': '年度目标',
                'ordering': ['plan', 'year'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'year'), name='training_plan_year_once'), models.CheckConstraint(condition=models.Q(('year__range', (2000, 2100))), name='training_plan_year_range')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marks', models.PositiveIntegerField(verbose_name='得分（百分之一分）')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.entry')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.item')),
                ('judge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='training.judge')),
            ],
            options={
                'verbose_name': '评分',
                'ordering': ['entry', 'item', 'judge'],
                'constraints': [models.UniqueConstraint(fields=('entry', 'item', 'judge'), name='training_score_once')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', yanglao.kernel.text.PrefixField(editable=False, max_length=20, unique=True, verbose_name='班次编号')),
                ('kind', models.CharField(choices=yanglao.registers.training.kinds.choices, editable=False, max_length=20, verbose_name='类别')),
                ('name', yanglao.kernel.text.PrefixField(max_length=100, verbose_name='班次名称')),
                ('pinyin', yanglao.kernel.text.PrefixField(db_index=True, editable=False, max_length=300)),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='地址')),
                ('teachers', models.CharField(blank=True, max_length=200, verbose_name='授课老师')),
                ('contact', models.CharField(blank=True, max_length=40, verbose_name='咨询电话（单位）')),
                ('capacity', models.PositiveIntegerField(verbose_name='名额')),
                ('waiting_room', models.PositiveIntegerField(default=10, verbose_name='候补名额')),
                ('taken', models.PositiveIntegerField(default=0, editable=False, verbose_name='已报')),
                ('enrol_until', models.DateField(blank=True, null=True, verbose_name='报名截止（含当日）')),
                ('open_to_public', models.BooleanField(default=True, verbose_name='在一键培训上公开报名')),
                ('fee', models.BigIntegerField(default=0, verbose_name='收费（分）')),
                ('funding', models.CharField(blank=True, max_length=60, verbose_name='经费来源')),
                ('state', models.CharField(choices=[('draft', '筹备'), ('open', '报名中'), ('closed', '报名截止'), ('finished', '已结班'), ('cancelled', '已取消')], default='draft', max_length=10, verbose_name='状态')),
                ('first_on', models.DateField(blank=True, editable=False, null=True, verbose_name='开班日期')),
                ('last_on', models.DateField(blank=True, editable=False, null=True, verbose_name='结束日期')),
                ('source', models.CharField(blank=True, editable=False, max_length=60, verbose_name='来源')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sessions', to='training.course', verbose_name='课程')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='举办地')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='主办单位')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='培训地点')),
            ],
            options={
                'verbose_name': '班次',
                'ordering': ['-first_on', '-id'],
                'indexes': [models.Index(fields=['division', 'first_on'], name='training_session_where'), models.Index(fields=['kind', 'first_on'], name='training_session_kind'), models.Index(fields=['first_on'], name='training_session_when')],
                'constraints': [models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='training_session_not_over'), models.CheckConstraint(condition=models.Q(('capacity__gt', 0)), name='training_session_seats'), models.CheckConstraint(condition=models.Q(('fee__gte', 0)), name='training_session_fee')],
            },
        ),
        migrations.CreateModel(
            name='Lesson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='课次')),
                ('on', models.DateField(verbose_name='日期')),
                ('starts', models.TimeField(blank=True, null=True, verbose_name='开始')),
                ('ends', models.TimeField(blank=True, null=True, verbose_name='结束')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='学时')),
                ('topic', models.CharField(blank=True, max_length=100, verbose_name='内容')),
                ('teacher', models.CharField(blank=True, max_length=50, verbose_name='老师')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lessons', to='training.session')),
            ],
            options={
                'verbose_name': '课次',
                'ordering': ['session', 'number'],
                'indexes': [models.Index(fields=['on'], name='training_lesson_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='training_lesson_hours'), models.CheckConstraint(condition=models.Q(('ends', None), ('starts', None), ('ends__gt', models.F('starts')), _connector='OR'), name='training_lesson_times'), models.UniqueConstraint(fields=('session', 'number'), name='training_lesson_number')],
            },
        ),
        migrations.CreateModel(
            name='Trainee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', yanglao.kernel.text.PrefixField(db_index=True, max_length=50, verbose_name='姓名')),
                ('pinyin', yanglao.kernel.text.PrefixField(db_index=True, editable=False, max_length=100, verbose_name='拼音')),
                ('phone', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='联系电话')),
                ('id_number', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='公民身份号码')),
                ('workplace', models.CharField(blank=True, max_length=120, verbose_name='单位')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('phone_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, verbose_name='联系电话 #')),
                ('id_number_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, verbose_name='公民身份号码 #')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='登记地')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='老年人档案')),
                ('worker', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.worker', verbose_name='从业人员档案')),
            ],
            options={
                'verbose_name': '学员',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('id_number_hash', None), ('person', None), ('worker', None)), fields=('name', 'phone_hash'), name='training_trainee_once'), models.UniqueConstraint(fields=('id_number_hash',), name='training_trainee_id')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(editable=False, max_length=12, unique=True, verbose_name='报名号')),
                ('state', models.CharField(choices=[('in', '已报名'), ('waiting', '候补'), ('out', '已取消')], default='in', max_length=8, verbose_name='状态')),
                ('via', models.CharField(choices=[('public', '一键培训'), ('staff', '工作人员'), ('list', '名单导入')], default='staff', max_length=8, verbose_name='途径')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='报名时间')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='取消时间')),
                ('hours', models.DecimalField(decimal_places=1, default=0, editable=False, max_digits=5, verbose_name='学时')),
                ('theory', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='理论成绩')),
                ('practice', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='实操成绩')),
                ('examined_on', models.DateField(blank=True, null=True, verbose_name='考试日期')),
                ('completed_on', models.DateField(blank=True, editable=False, null=True, verbose_name='合格日期')),
                ('source', models.CharField(blank=True, editable=False, max_length=60, verbose_name='来源')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='training.session', verbose_name='班次')),
                ('trainee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='training.trainee', verbose_name='学员')),
            ],
            options={
                'verbose_name': '报名',
                'ordering': ['session', 'id'],
                'indexes': [models.Index(fields=['completed_on'], name='training_enrolment_done'), models.Index(fields=['session', 'state', 'queued_at'], name='training_enrolment_queue')],
                'constraints': [models.CheckConstraint(condition=models.Q(('theory', None), ('theory__range', (0, 100)), _connector='OR'), name='training_theory_marks'), models.CheckConstraint(condition=models.Q(('practice', None), ('practice__range', (0, 100)), _connector='OR'), name='training_practice_marks'), models.CheckConstraint(condition=models.Q(('state', 'in'), ('completed_on', None), _connector='OR'), name='training_only_members_complete'), models.UniqueConstraint(fields=('session', 'trainee'), name='training_enrolled_once')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', yanglao.kernel.text.PrefixField(max_length=30, unique=True, verbose_name='证书编号')),
                ('code', models.CharField(editable=False, max_length=24, unique=True)),
                ('title', models.CharField(max_length=60, verbose_name='证书名称')),
                ('issuer', models.CharField(max_length=120, verbose_name='发证单位')),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='有效期至（不含）')),
                ('printed_at', models.DateTimeField(blank=True, null=True, verbose_name='打印时间')),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='作废日期')),
                ('revoked_why', models.CharField(blank=True, max_length=100, verbose_name='作废原因')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='training.course', verbose_name='课程')),
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='training.enrolment')),
            ],
            options={
                'verbose_name': '证书',
                'ordering': ['-issued_on', '-id'],
                'indexes': [models.Index(fields=['issued_on'], name='training_certificate_day')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('scan', '扫码签到'), ('tick', '老师点名'), ('list', '名单导入')], max_length=6, verbose_name='方式')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='training.enrolment')),
                ('lesson', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='training.lesson')),
            ],
            options={
                'verbose_name': '考勤',
                'ordering': ['lesson', 'id'],
                'constraints': [models.UniqueConstraint(fields=('enrolment', 'lesson'), name='training_attended_once')],
            },
        ),
    ]
