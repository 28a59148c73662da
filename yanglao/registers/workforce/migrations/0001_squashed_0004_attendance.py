"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import yanglao.kernel.crypto.fields
import yanglao.kernel.ranges
import yanglao.kernel.text
from django.conf import settings
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('workforce', '0001_initial'), ('workforce', '0002_gaps'), ('workforce', '0003_staffing'), ('workforce', '0004_attendance')]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('places', '0001_squashed_0003_no_overlap'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeStaffing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('bands', models.JSONField(default=dict, verbose_name='入住老年人')),
                ('residents', models.PositiveIntegerField(default=0, verbose_name='入住老年人数')),
                ('unassessed', models.PositiveIntegerField(default=0, verbose_name='能力未评估')),
                ('full_time', models.PositiveIntegerField(default=0, verbose_name='全职护理员')),
                ('part_time', models.PositiveIntegerField(default=0, verbose_name='兼职护理员')),
                ('demanded', models.PositiveIntegerField(default=0, verbose_name='应配护理员')),
                ('missing', models.PositiveIntegerField(default=0, verbose_name='缺口')),
                ('counted_on', models.DateField(verbose_name='统计日')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='所在区划')),
                ('place', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.place', verbose_name='机构设施')),
            ],
            options={
                'verbose_name': '护理配比',
                'ordering': ['division', 'id'],
                'indexes': [models.Index(fields=['missing', 'division'], name='workforce_staffing_missing'), models.Index(fields=['division', 'missing'], name='workforce_staffing_division')],
            },
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(max_length=30, verbose_name='岗位')),
                ('title', models.CharField(blank=True, max_length=40, verbose_name='职务')),
                ('full_time', models.BooleanField(default=True, verbose_name='全职')),
                ('starts', models.DateField(verbose_name='入职日期')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                ('left', models.CharField(blank=True, choices=[('resigned', '本人辞职'), ('expired', '合同到期'), ('dismissed', '单位解除'), ('retired', '退休'), ('transferred', '调动'), ('changed', '岗位变动'), ('closed', '机构停业'), ('died', '死亡'), ('other', '其他')], max_length=12, verbose_name='离职原因')),
                ('contract', models.CharField(blank=True, choices=[('labour', '劳动合同'), ('dispatch', '劳务派遣'), ('service', '劳务协议（含退休返聘）'), ('public', '事业编制'), ('intern', '实习'), ('none', '未签合同')], max_length=10, verbose_name='用工形式')),
                ('contract_until', models.DateField(blank=True, null=True, verbose_name='合同到期日')),
                ('insured', models.CharField(blank=True, choices=[('full', '已参加职工社会保险'), ('injury', '仅工伤或意外伤害保险'), ('own', '本人以灵活就业身份参保'), ('none', '未参保')], max_length=10, verbose_name='社会保险')),
                ('pay', models.CharField(blank=True, choices=[('0', '3000元以下'), ('3000', '3000—3999元'), ('4000', '4000—4999元'), ('5000', '5000—6999元'), ('7000', '7000—9999元'), ('10000', '10000元以上')], max_length=6, verbose_name='基本工资')),
                ('main', models.BooleanField(default=False, editable=False, verbose_name='主要岗位')),
                ('source', models.CharField(max_length=100, verbose_name='来源')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('replaced_at', models.DateTimeField(editable=False, null=True, verbose_name='更正时间')),
                ('division', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='工作地')),
                ('operator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.operator', verbose_name='运营方')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='其他单位')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='机构设施')),
            ],
            options={
                'verbose_name': '任职',
                'ordering': ['-starts', '-id'],
                'indexes': [models.Index(fields=['place', 'starts'], name='workforce_spell_place'), models.Index(fields=['operator', 'starts'], name='workforce_spell_operator'), models.Index(fields=['post', 'division'], name='workforce_spell_post'), models.Index(fields=['division', 'starts'], name='workforce_spell_division')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gt', models.F('starts')), _connector='OR'), name='workforce_employment_dates'), models.CheckConstraint(condition=models.Q(models.Q(('operator', None), ('organisation', None), ('place__isnull', False)), models.Q(('operator__isnull', False), ('organisation', None), ('place', None)), models.Q(('operator', None), ('organisation__isnull', False), ('place', None)), _connector='OR'), name='workforce_employment_one_employer')],
            },
        ),
        migrations.CreateModel(
            name='Worker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', yanglao.kernel.text.PrefixField(db_index=True, max_length=50, verbose_name='姓名')),
                ('pinyin', yanglao.kernel.text.PrefixField(db_index=True, editable=False, max_length=100, verbose_name='姓名拼音')),
                ('initials', yanglao.kernel.text.PrefixField(db_index=True, editable=False, max_length=30, verbose_name='姓名拼音首字母')),
                ('sex', models.SmallIntegerField(choices=[(1, '男'), (2, '女')], verbose_name='性别')),
                ('birth_date', models.DateField(verbose_name='出生日期')),
                ('id_number_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, unique=True, verbose_name='身份号码索引')),
                ('id_number', yanglao.kernel.crypto.fields.EncryptedField(verbose_name='公民身份号码')),
                ('id_tail_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, verbose_name='身份号码后四位索引')),
                ('person_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, verbose_name='老年人档案索引')),
                ('phone', yanglao.kernel.crypto.fields.EncryptedField(blank=True, null=True, verbose_name='联系电话')),
                ('education', models.CharField(blank=True, choices=[('primary', '小学及以下'), ('junior', '初中'), ('senior', '高中'), ('vocational', '中专、中职、技校'), ('college', '大专、高职'), ('bachelor', '本科'), ('master', '研究生')], max_length=12, verbose_name='学历')),
                ('school', models.CharField(blank=True, max_length=60, verbose_name='毕业院校')),
                ('major', models.CharField(blank=True, max_length=60, verbose_name='所学专业')),
                ('graduated_on', models.DateField(blank=True, null=True, verbose_name='毕业日期')),
                ('entered_trade_on', models.DateField(blank=True, null=True, verbose_name='首次从事养老服务日期')),
                ('employer_outside', models.CharField(blank=True, max_length=120, verbose_name='工作单位（未登记）')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('post', models.CharField(blank=True, editable=False, max_length=30, verbose_name='岗位')),
                ('level', models.SmallIntegerField(editable=False, null=True, verbose_name='护理员等级')),
                ('source', models.CharField(blank=True, editable=False, max_length=100, verbose_name='建档来源')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='建档时间')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='更新时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='工作地')),
                ('hukou', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='户籍地')),
                ('spell', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workforce.employment', verbose_name='主要岗位')),
            ],
            options={
                'verbose_name': '从业人员',
                'ordering': ['pinyin', 'id'],
                'indexes': [models.Index(fields=['division', 'post'], name='workforce_worker_division'), models.Index(fields=['post', 'division'], name='workforce_worker_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sex__in', [1, 2])), name='workforce_worker_sex')],
            },
        ),
        migrations.CreateModel(
            name='Studio',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('master', '养老护理技能大师工作室'), ('social', '养老社工工作室')], max_length=10, verbose_name='类别')),
                ('rank', models.CharField(choices=[('nation', '国家级'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('body', '单位或行业')], max_length=10, verbose_name='级别')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('opened_on', models.DateField(verbose_name='设立日期')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('document', models.CharField(blank=True, max_length=120, verbose_name='文件名称和文号')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='设立地点')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='studios', to='workforce.worker', verbose_name='领衔人')),
            ],
            options={
                'verbose_name': '技能工作室',
                'ordering': ['-opened_on', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closed_on', None), ('closed_on__gt', models.F('opened_on')), _connector='OR'), name='workforce_studio_dates'), models.UniqueConstraint(condition=models.Q(('closed_on', None)), fields=('place', 'name'), name='workforce_studio_once')],
            },
        ),
        migrations.CreateModel(
            name='PoolMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pool', models.CharField(choices=[('assessor', '能力评估员'), ('expert', '专家')], max_length=10, verbose_name='人才库')),
                ('field', models.CharField(max_length=30, verbose_name='专业领域')),
                ('valid_from', models.DateField(verbose_name='聘任日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='聘期至')),
                ('document', models.CharField(blank=True, max_length=120, verbose_name='聘任文件')),
                ('left_on', models.DateField(blank=True, null=True, verbose_name='退出日期')),
                ('left_why', models.CharField(blank=True, max_length=100, verbose_name='退出原因')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='服务区域')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pools', to='workforce.worker', verbose_name='从业人员')),
            ],
            options={
                'verbose_name': '人才库成员',
                'ordering': ['pool', 'field', 'id'],
                'indexes': [models.Index(fields=['pool', 'area', 'field'], name='workforce_pool_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='workforce_pool_dates'), models.UniqueConstraint(condition=models.Q(('left_on', None)), fields=('worker', 'pool', 'field', 'area'), name='workforce_pool_once')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='证书')),
                ('level', models.SmallIntegerField(blank=True, null=True, verbose_name='等级')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='证书编号')),
                ('issuer', models.CharField(blank=True, max_length=80, verbose_name='发证单位')),
                ('issued_on', models.DateField(verbose_name='发证日期')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='有效期至')),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='注销日期')),
                ('verified_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='核验时间')),
                ('verified_how', models.CharField(blank=True, editable=False, max_length=60, verbose_name='核验方式')),
                ('source', models.CharField(max_length=100, verbose_name='来源')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('replaced_at', models.DateTimeField(editable=False, null=True, verbose_name='更正时间')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='证书扫描件')),
                ('verified_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核验人')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='workforce.worker', verbose_name='从业人员')),
            ],
            options={
                'verbose_name': '证书',
                'ordering': ['kind', 'level', '-issued_on', '-id'],
                'indexes': [models.Index(fields=['kind', 'expires_on'], name='workforce_certificate_expiry'), models.Index(fields=['worker', 'kind'], name='workforce_certificate_worker'), models.Index(fields=['kind', 'issued_on'], name='workforce_certificate_issued')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_on', None), ('expires_on__gte', models.F('issued_on')), _connector='OR'), name='workforce_certificate_dates'), models.CheckConstraint(condition=models.Q(('revoked_on', None), ('revoked_on__gte', models.F('issued_on')), _connector='OR'), name='workforce_certificate_revoked'), models.UniqueConstraint(condition=models.Q(('replaced_at', None), models.Q(('number', ''), _negated=True)), fields=('kind', 'number'), name='workforce_certificate_once')],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('title', '荣誉称号'), ('contest', '竞赛获奖'), ('commendation', '通报表扬'), ('talent', '人才称号'), ('other', '其他')], max_length=14, verbose_name='类别')),
                ('rank', models.CharField(choices=[('nation', '国家级'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('body', '单位或行业')], max_length=10, verbose_name='级别')),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('given_on', models.DateField(verbose_name='授予日期')),
                ('given_by', models.CharField(blank=True, max_length=80, verbose_name='授予单位')),
                ('document', models.CharField(blank=True, max_length=120, verbose_name='文件名称和文号')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='撤回时间')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='证明材料')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='workforce.worker', verbose_name='从业人员')),
            ],
            options={
                'verbose_name': '荣誉表彰',
                'ordering': ['-given_on', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('worker', 'title', 'given_on'), name='workforce_award_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkerLooked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                ('user_id', models.BigIntegerField(null=True, verbose_name='账号')),
                ('actor', models.CharField(max_length=140, verbose_name='查阅人')),
                ('via', models.CharField(max_length=8, verbose_name='方式')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='来源地址')),
                ('field', models.CharField(max_length=40, verbose_name='查阅内容')),
                ('purpose', models.CharField(max_length=100, verbose_name='用途')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looked', to='workforce.worker')),
            ],
            options={
                'verbose_name': '查阅记录',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['worker', '-at'], name='workforce_looked_at')],
            },
        ),
        migrations.CreateModel(
            name='CertificateGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('post', models.CharField(max_length=30, verbose_name='岗位')),
                ('wanted', models.CharField(max_length=120, verbose_name='要求的证书')),
                ('must', models.BooleanField(default=True, verbose_name='强制')),
                ('state', models.CharField(choices=[('missing', '无证'), ('expired', '已过期'), ('expiring', '即将到期')], max_length=10, verbose_name='情况')),
                ('until', models.DateField(null=True, verbose_name='有效期至')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='工作地')),
                ('spell', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='workforce.employment', verbose_name='任职')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gaps', to='workforce.worker', verbose_name='从业人员')),
            ],
            options={
                'verbose_name': '持证上岗问题',
                'ordering': ['division', 'id'],
                'indexes': [models.Index(fields=['division', 'state'], name='workforce_gap_division'), models.Index(fields=['state', 'until'], name='workforce_gap_state')],
                'constraints': [models.UniqueConstraint(fields=('spell', 'wanted'), name='workforce_gap_once')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('days', models.PositiveSmallIntegerField(null=True, verbose_name='出勤天数')),
                ('hours', models.PositiveSmallIntegerField(null=True, verbose_name='服务小时')),
                ('source', models.CharField(max_length=100, verbose_name='来源')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('replaced_at', models.DateTimeField(editable=False, null=True, verbose_name='更正时间')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='workforce.worker', verbose_name='从业人员')),
            ],
            options={
                'verbose_name': '出勤',
                'ordering': ['-month', '-id'],
                'indexes': [models.Index(fields=['source'], name='workforce_attendance_source')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('worker', 'month'), name='workforce_attendance_once'), models.CheckConstraint(condition=models.Q(('month__gte', 200001), ('month__lte', 299912)), name='workforce_attendance_yyyymm'), models.CheckConstraint(condition=models.Q(models.Q(('days__isnull', False), ('hours__isnull', False), _connector='OR'), models.Q(('days', None), ('days__lte', 31), _connector='OR'), models.Q(('hours', None), ('hours__lte', 744), _connector='OR')), name='workforce_attendance_within_a_month')],
            },
        ),
        migrations.AddField(
            model_name='employment',
            name='worker',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spells', to='workforce.worker', verbose_name='从业人员'),
        ),
        migrations.AddIndex(
            model_name='employment',
            index=models.Index(fields=['worker', 'starts'], name='workforce_spell_worker'),
        ),
        migrations.AddConstraint(
            model_name='employment',
            constraint=models.UniqueConstraint(condition=models.Q(('main', True), ('replaced_at', None)), fields=('worker',), name='workforce_one_main_spell'),
        ),
        yanglao.kernel.ranges.NoOverlap(
            name='workforce_one_full_time',
            table='workforce_employment',
            keys=('worker_id',),
            texts=(),
            first='starts',
            last='ends',
            closed=False,
            where='full_time AND replaced_at IS NULL',
        ),
    ]
