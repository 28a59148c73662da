"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.utils.timezone
import uuid
import yanglao.kernel.crypto.fields
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('payments', '0001_initial'), ('payments', '0002_month_change'), ('payments', '0003_reading'), ('payments', '0004_orders_of_claims')]

    initial = True

    dependencies = [
        ('benefits', '0001_squashed_0011_ledger_by_month'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='应发笔数')),
                ('sum_fen', models.BigIntegerField(default=0, verbose_name='应发金额')),
                ('planned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='建立时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='关闭时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pay_order', to='benefits.run', verbose_name='批次')),
                ('source', models.CharField(choices=[('run', '待遇批次'), ('vouchers', '消费券结算')], default='run', max_length=10, verbose_name='来源')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='名称')),
            ],
            options={
                'verbose_name': '发放单',
                'ordering': ['-month', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('run__isnull', False), ('source', 'run')), models.Q(models.Q(('source', 'run'), _negated=True), ('run', None), models.Q(('title', ''), _negated=True)), _connector='OR'), name='payments_order_source')],
            },
        ),
        migrations.CreateModel(
            name='PaymentFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('format', models.CharField(max_length=60, verbose_name='格式')),
                ('rows', models.PositiveIntegerField(verbose_name='笔数')),
                ('sum_fen', models.BigIntegerField(verbose_name='金额')),
                ('sha256', models.CharField(max_length=64, verbose_name='指纹')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='生成时间')),
                ('made_by', models.CharField(max_length=140, verbose_name='经办人')),
                ('user_id', models.BigIntegerField(null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='payments.payorder')),
            ],
            options={
                'verbose_name': '发放文件',
                'ordering': ['order', 'number'],
                'constraints': [models.UniqueConstraint(fields=('order', 'number'), name='payments_file_number')],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(max_length=80, verbose_name='政策')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('kind', models.CharField(max_length=10, verbose_name='性质')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('payee_kind', models.CharField(max_length=12, verbose_name='收款方类别')),
                ('payee_id', models.BigIntegerField(verbose_name='收款方')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额')),
                ('offset_fen', models.BigIntegerField(default=0, verbose_name='抵扣')),
                ('state', models.CharField(choices=[('ready', '待发放'), ('sent', '已报送银行'), ('paid', '已到账'), ('failed', '发放失败'), ('corrected', '已更正，待补发'), ('withheld', '暂缓发放')], default='ready', max_length=10, verbose_name='状态')),
                ('why', models.CharField(blank=True, choices=[('no_account', '没有收款账户'), ('merged', '合并前的两份档案同月重复'), ('spot_check', '抽查有异议'), ('publicity', '公示异议成立'), ('held', '待核查或已停发'), ('offset', '全部抵扣应追回款')], max_length=12, verbose_name='暂缓原因')),
                ('settled_on', models.DateField(null=True, verbose_name='到账日期')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='发放区划')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.payorder')),
            ],
            options={
                'verbose_name': '发放明细',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['order', 'state'], name='payments_order_state'), models.Index(fields=['payee_kind', 'payee_id'], name='payments_payee')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'due')), fields=('subject_kind', 'subject_id', 'policy', 'month'), name='payments_due_once'), models.UniqueConstraint(fields=('order', 'subject_kind', 'subject_id', 'policy', 'month', 'kind'), name='payments_once_in_order'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), models.Q(('amount_fen', 0), ('why', 'offset')), _connector='OR'), name='payments_amount_positive'), models.CheckConstraint(condition=models.Q(('offset_fen__gte', 0)), name='payments_offset_positive'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withheld'), models.Q(('why', ''), _negated=True)), models.Q(models.Q(('state', 'withheld'), _negated=True), ('why', '')), _connector='OR'), name='payments_withheld_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('policy', models.CharField(blank=True, max_length=80, verbose_name='政策')),
                ('reason', models.CharField(max_length=200, verbose_name='原因')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='依据')),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='起')),
                ('placed_by', models.CharField(max_length=140, verbose_name='经办人')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='止')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
            ],
            options={
                'verbose_name': '暂缓发放',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('subject_kind', 'subject_id', 'policy', 'source'), name='payments_hold_once')],
            },
        ),
        migrations.CreateModel(
            name='PayeeAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('payee_kind', models.CharField(choices=[('place', '养老机构和设施'), ('worker', '养老服务人员'), ('operator', '运营单位')], max_length=12, verbose_name='收款方类别')),
                ('payee_id', models.BigIntegerField(verbose_name='收款方')),
                ('account', yanglao.kernel.crypto.fields.EncryptedField(verbose_name='银行账号')),
                ('holder', models.CharField(max_length=80, verbose_name='户名')),
                ('bank', models.CharField(max_length=80, verbose_name='开户银行')),
                ('valid_from', models.DateField(verbose_name='启用日期')),
                ('valid_to', models.DateField(null=True, verbose_name='停用日期')),
                ('source', models.CharField(max_length=100, verbose_name='来源')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('account_hash', yanglao.kernel.crypto.fields.BlindIndexField(db_index=True, null=True, verbose_name='银行账号 #')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='所在区划')),
            ],
            options={
                'verbose_name': '收款账户',
                'ordering': ['payee_kind', 'payee_id', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('payee_kind', 'payee_id'), name='payments_one_account'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='payments_account_dates')],
            },
        ),
        migrations.CreateModel(
            name='BankReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='文件')),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.PositiveIntegerField(verbose_name='行数')),
                ('paid', models.PositiveIntegerField(verbose_name='成功')),
                ('failed', models.PositiveIntegerField(verbose_name='失败')),
                ('known', models.PositiveIntegerField(verbose_name='此前已回')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='读取时间')),
                ('read_by', models.CharField(max_length=140, verbose_name='经办人')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='payments.paymentfile')),
            ],
            options={
                'verbose_name': '银行回盘',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('file', 'sha256'), name='payments_return_once')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField(verbose_name='文件行号')),
                ('account_id', models.BigIntegerField()),
                ('account_mask', models.CharField(max_length=30, verbose_name='账号')),
                ('state', models.CharField(choices=[('sent', '已报送'), ('paid', '成功'), ('failed', '失败')], default='sent', max_length=10, verbose_name='结果')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='银行代码')),
                ('said', models.CharField(blank=True, max_length=200, verbose_name='银行说明')),
                ('returned_at', models.DateTimeField(null=True, verbose_name='回盘时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.payment')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='payments.paymentfile')),
            ],
            options={
                'verbose_name': '发放记录',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['file', 'serial'], name='payments_file_serial')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['sent', 'paid'])), fields=('payment',), name='payments_sent_once'), models.UniqueConstraint(fields=('file', 'payment'), name='payments_once_in_file')],
            },
        ),
        migrations.CreateModel(
            name='MonthChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(max_length=80, verbose_name='政策')),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField(verbose_name='对象')),
                ('cause', models.CharField(choices=[('age', '到龄新增'), ('registered', '新建档'), ('moved_in', '迁入'), ('qualified', '新符合条件'), ('started', '政策本月开始'), ('died', '去世'), ('moved_out', '迁出'), ('clause', '不再符合条件'), ('suspended', '资格待认证，暂停'), ('conflict', '档案自相矛盾，未测算'), ('ended', '政策到期或本月不发'), ('other', '改享其他待遇或已达封顶'), ('bracket', '档次变化'), ('rate', '标准调整'), ('facts', '情况变化，金额不同')], max_length=12, verbose_name='原因')),
                ('clause', models.CharField(blank=True, max_length=80, verbose_name='条件')),
                ('bracket_before', models.CharField(blank=True, max_length=80)),
                ('bracket', models.CharField(blank=True, max_length=80)),
                ('before_fen', models.BigIntegerField(default=0, verbose_name='上月')),
                ('after_fen', models.BigIntegerField(default=0, verbose_name='本月')),
                ('before_quantity', models.BigIntegerField(default=0)),
                ('after_quantity', models.BigIntegerField(default=0)),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='benefits.run')),
            ],
            options={
                'verbose_name': '较上月变动',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['run', 'division'], name='payments_change_run')],
                'constraints': [models.UniqueConstraint(fields=('run', 'subject_kind', 'subject_id', 'policy'), name='payments_change_once')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='文件')),
                ('format', models.CharField(max_length=60, verbose_name='格式')),
                ('state', models.CharField(choices=[('waiting', '读取中'), ('done', '已入账'), ('again', '此前已读过'), ('wrong', '有错误，没有入账'), ('failed', '读不出来')], default='waiting', max_length=8, verbose_name='状态')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='行数')),
                ('paid', models.PositiveIntegerField(default=0, verbose_name='成功')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='失败')),
                ('known', models.PositiveIntegerField(default=0, verbose_name='此前已回')),
                ('errors', models.PositiveIntegerField(default=0, verbose_name='错误')),
                ('problem', models.CharField(blank=True, max_length=400, verbose_name='问题')),
                ('handed_in_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='上传时间')),
                ('handed_in_by', models.CharField(max_length=140, verbose_name='经办人')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='payments.paymentfile')),
                ('marked', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='files.storedfile')),
                ('stored', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='files.storedfile')),
            ],
            options={
                'verbose_name': '回盘读取',
                'ordering': ['-id'],
            },
        ),
    ]
