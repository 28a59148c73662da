"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('vouchers', '0001_initial'), ('vouchers', '0002_bounced_claims')]

    initial = True

    dependencies = [
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('people', '0001_squashed_0007_deaths'),
        ('places', '0001_squashed_0003_no_overlap'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('state', models.CharField(choices=[('submitted', '待审核'), ('returned', '已退回'), ('approved', '待结算'), ('settled', '已结算'), ('bounced', '退汇待重付')], default='submitted', max_length=10, verbose_name='状态')),
                ('count', models.PositiveIntegerField(verbose_name='笔数')),
                ('gross_fen', models.BigIntegerField(verbose_name='核销金额')),
                ('refund_fen', models.BigIntegerField(verbose_name='退款金额')),
                ('amount_fen', models.BigIntegerField(verbose_name='应结算')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='申请时间')),
                ('submitted_by_id', models.BigIntegerField(null=True)),
                ('submitted_by', models.CharField(max_length=140, verbose_name='申请人')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                ('reviewed_by', models.CharField(blank=True, max_length=140, verbose_name='审核人')),
                ('comment', models.CharField(blank=True, max_length=200, verbose_name='审核意见')),
                ('settled_on', models.DateField(blank=True, null=True, verbose_name='结算日期')),
                ('payment', models.CharField(blank=True, max_length=60, verbose_name='付款凭证')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='机构')),
                ('bounced_on', models.DateField(blank=True, null=True, verbose_name='最近退汇日期')),
                ('bounced_why', models.CharField(blank=True, max_length=200, verbose_name='退汇原因')),
                ('reviewed_by_id', models.BigIntegerField(null=True)),
            ],
            options={
                'verbose_name': '结算申请',
                'ordering': ['-month', '-id'],
                'indexes': [models.Index(fields=['state', 'month'], name='vouchers_claim_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'approved'])), fields=('place', 'month'), name='vouchers_one_open_claim'), models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(models.F('gross_fen'), '-', models.F('refund_fen'))), ('amount_fen__gte', 0)), name='vouchers_claim_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_on__isnull', False), _connector='OR'), name='vouchers_settled_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('seed', models.CharField(max_length=64, verbose_name='种子')),
                ('percent', models.PositiveIntegerField(verbose_name='抽查比例')),
                ('population', models.PositiveIntegerField(verbose_name='总笔数')),
                ('population_sha', models.CharField(max_length=64, verbose_name='总体指纹')),
                ('size', models.PositiveIntegerField(verbose_name='抽取笔数')),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='抽取时间')),
                ('drawn_by', models.CharField(max_length=140, verbose_name='抽取人')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '抽查',
                'ordering': ['-month', '-id'],
                'constraints': [models.UniqueConstraint(fields=('division', 'month'), name='vouchers_drawn_once'), models.CheckConstraint(condition=models.Q(('population__gte', models.F('size')), ('size__gte', 1)), name='vouchers_draw_of_something')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('source', models.CharField(editable=False, max_length=40, unique=True)),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='行数')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='导入时间')),
                ('added_by', models.CharField(max_length=140, verbose_name='导入人')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='区划')),
            ],
            options={
                'verbose_name': '对账单',
                'ordering': ['-month', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=13, unique=True, verbose_name='券号')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('scheme', models.CharField(max_length=40, verbose_name='办法')),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='券种')),
                ('cap_fen', models.BigIntegerField(verbose_name='面额上限')),
                ('used_fen', models.BigIntegerField(default=0, verbose_name='已抵扣')),
                ('state', models.CharField(choices=[('issued', '待领取'), ('claimed', '已领取'), ('used', '已使用'), ('expired', '已过期'), ('refunded', '已全部退款'), ('void', '已作废')], default='issued', max_length=10, verbose_name='状态')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='发放时间')),
                ('claimed_on', models.DateField(blank=True, null=True, verbose_name='领取日期')),
                ('claimed_by', models.CharField(blank=True, choices=[('self', '本人'), ('spouse', '配偶'), ('child', '子女'), ('relative', '其他亲属'), ('village', '村（社区）工作人员'), ('provider', '服务机构人员')], max_length=10, verbose_name='领取人')),
                ('void_reason', models.CharField(blank=True, max_length=100, verbose_name='作废原因')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='people.person', verbose_name='老年人')),
            ],
            options={
                'verbose_name': '消费券',
                'ordering': ['-month', 'id'],
                'indexes': [models.Index(fields=['month', 'division', 'state'], name='vouchers_month_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('person', 'month'), name='vouchers_one_a_month'), models.CheckConstraint(condition=models.Q(('used_fen__gte', 0), ('used_fen__lte', models.F('cap_fen'))), name='vouchers_within_cap'), models.CheckConstraint(condition=models.Q(('month__gte', 202501), ('month__lte', 299912)), name='vouchers_month_yyyymm'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['claimed', 'used']), _negated=True), models.Q(models.Q(('kind', ''), _negated=True), ('claimed_on__isnull', False)), _connector='OR'), name='vouchers_claimed_of_a_kind'), models.CheckConstraint(condition=models.Q(('used_fen', 0), ('state', 'used'), _connector='OR'), name='vouchers_spent_is_used')],
            },
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('service', models.CharField(max_length=20, verbose_name='服务')),
                ('item', models.CharField(blank=True, max_length=60, verbose_name='服务内容')),
                ('day', models.DateField(verbose_name='服务日期')),
                ('stay_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='约定入住天数')),
                ('price_fen', models.BigIntegerField(verbose_name='价格')),
                ('ltci_fen', models.BigIntegerField(default=0, verbose_name='长护险支付')),
                ('other_fen', models.BigIntegerField(default=0, verbose_name='其他支付')),
                ('percent', models.PositiveIntegerField(verbose_name='抵扣比例')),
                ('voucher_fen', models.BigIntegerField(verbose_name='消费券抵扣')),
                ('own_fen', models.BigIntegerField(verbose_name='个人自付')),
                ('order_number', models.CharField(max_length=40, verbose_name='订单号')),
                ('price_refunded_fen', models.BigIntegerField(default=0, verbose_name='已退价款')),
                ('refunded_fen', models.BigIntegerField(default=0, verbose_name='已退回消费券')),
                ('source', models.CharField(blank=True, editable=False, max_length=40, verbose_name='来源')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='核销时间')),
                ('entered_by', models.CharField(blank=True, max_length=140, verbose_name='经办人')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='redemptions', to='vouchers.claim')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='机构')),
                ('voucher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='vouchers.voucher', verbose_name='消费券')),
            ],
            options={
                'verbose_name': '核销',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['month', 'place'], name='vouchers_redeemed'), models.Index(fields=['place', 'claim'], name='vouchers_unclaimed')],
                'constraints': [models.UniqueConstraint(fields=('place', 'order_number'), name='vouchers_order_once'), models.CheckConstraint(condition=models.Q(('ltci_fen__gte', 0), ('other_fen__gte', 0), ('own_fen__gte', 0), ('price_fen__gt', 0)), name='vouchers_amounts_not_negative'), models.CheckConstraint(condition=models.Q(('price_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('ltci_fen'), '+', models.F('other_fen')), '+', models.F('voucher_fen')), '+', models.F('own_fen')))), name='vouchers_price_is_split'), models.CheckConstraint(condition=models.Q(('voucher_fen__gt', 0), ('voucher_fen__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('price_fen'), '-', models.F('ltci_fen')), '-', models.F('other_fen')), '*', models.F('percent')), '/', models.Value(10000)))), name='vouchers_within_share'), models.CheckConstraint(condition=models.Q(('refunded_fen__gte', 0), ('refunded_fen__lte', models.F('voucher_fen'))), name='vouchers_refunded_once'), models.CheckConstraint(condition=models.Q(('price_refunded_fen__gte', 0), ('price_refunded_fen__lte', models.F('price_fen'))), name='vouchers_price_refunded_once')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price_fen', models.BigIntegerField(verbose_name='退价款')),
                ('voucher_fen', models.BigIntegerField(verbose_name='退回消费券')),
                ('cause', models.CharField(choices=[('cancelled', '服务取消'), ('not_delivered', '服务没有提供'), ('price', '价格有误'), ('other', '其他')], max_length=15, verbose_name='原因')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('on', models.DateField(verbose_name='退款日期')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('by', models.CharField(blank=True, max_length=140, verbose_name='经办人')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='refunds', to='vouchers.claim')),
                ('redemption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='vouchers.redemption', verbose_name='核销')),
            ],
            options={
                'verbose_name': '退款',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('price_fen__gt', 0), ('voucher_fen__gte', 0), ('voucher_fen__lte', models.F('price_fen'))), name='vouchers_refund_amounts')],
            },
        ),
        migrations.CreateModel(
            name='SampleCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(verbose_name='次序')),
                ('outcome', models.CharField(blank=True, choices=[('as_said', '属实'), ('not_delivered', '没有提供服务'), ('price', '价格有误')], max_length=15, verbose_name='结果')),
                ('price_found_fen', models.BigIntegerField(blank=True, null=True, verbose_name='实际价格')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='核查日期')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='情况')),
                ('inspector', models.CharField(blank=True, max_length=140, verbose_name='核查人')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='vouchers.draw')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('redemption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='vouchers.redemption')),
                ('refund', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vouchers.refund')),
            ],
            options={
                'verbose_name': '现场核查',
                'ordering': ['draw_id', 'order'],
                'constraints': [models.UniqueConstraint(fields=('draw', 'redemption'), name='vouchers_sampled_once'), models.CheckConstraint(condition=models.Q(('outcome', ''), ('checked_on__isnull', False), _connector='OR'), name='vouchers_checked_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(null=True, verbose_name='行')),
                ('voucher_number', models.CharField(max_length=40, verbose_name='券号')),
                ('order_number', models.CharField(blank=True, max_length=40, verbose_name='订单号')),
                ('place_name', models.CharField(blank=True, max_length=120, verbose_name='机构')),
                ('day', models.DateField(null=True, verbose_name='日期')),
                ('theirs_fen', models.BigIntegerField(null=True, verbose_name='对方金额')),
                ('ours_fen', models.BigIntegerField(null=True, verbose_name='本方金额')),
                ('fate', models.CharField(choices=[('matched', '相符'), ('differs', '金额不同'), ('only_there', '只在对方'), ('only_here', '只在本方')], max_length=10, verbose_name='结果')),
                ('verdict', models.CharField(blank=True, choices=[('ours', '以本方为准'), ('theirs', '以对方为准'), ('later', '跨月，下月核对'), ('other', '其他')], max_length=10, verbose_name='处理')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='理由')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('settled_by', models.CharField(blank=True, max_length=140, verbose_name='处理人')),
                ('redemption', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vouchers.redemption')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='vouchers.statement')),
            ],
            options={
                'verbose_name': '对账明细',
                'ordering': ['fate', 'id'],
                'indexes': [models.Index(fields=['statement', 'fate', 'verdict'], name='vouchers_statement_fate')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('redemption__isnull', False)), fields=('statement', 'redemption'), name='vouchers_reconciled_once'), models.CheckConstraint(condition=models.Q(('verdict', ''), models.Q(models.Q(('reason', ''), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='vouchers_settled_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('services', models.JSONField(default=list, help_text='shape: [name of a service]', verbose_name='服务')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至（不含）')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place', verbose_name='机构')),
            ],
            options={
                'verbose_name': '定点服务机构',
                'ordering': ['place_id', '-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('place',), name='vouchers_admitted_once'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='vouchers_admission_dates')],
            },
        ),
        migrations.CreateModel(
            name='Bar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('relief', '经济困难失能老年人集中照护对象'), ('uplift', '居家和社区基本养老服务提升行动对象'), ('moved', '已离开本地居住'), ('better', '不再符合失能等级'), ('request', '本人不愿领取'), ('abuse', '违规使用')], max_length=10, verbose_name='原因')),
                ('since', models.DateField(verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至（不含）')),
                ('told_by', models.CharField(choices=[('self', '本人'), ('spouse', '配偶'), ('child', '子女'), ('relative', '其他亲属'), ('village', '村（社区）工作人员'), ('provider', '服务机构人员')], default='self', max_length=10, verbose_name='由谁报告')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_bars', to='people.person', verbose_name='老年人')),
            ],
            options={
                'verbose_name': '停发',
                'ordering': ['-since', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('person',), name='vouchers_one_bar_open'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='vouchers_bar_dates')],
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='券种')),
                ('month', models.PositiveIntegerField(verbose_name='自')),
                ('agreed_on', models.DateField(verbose_name='同意日期')),
                ('by', models.CharField(choices=[('self', '本人'), ('spouse', '配偶'), ('child', '子女'), ('relative', '其他亲属'), ('village', '村（社区）工作人员'), ('provider', '服务机构人员')], default='self', max_length=10, verbose_name='由谁提出')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_choices', to='people.person', verbose_name='老年人')),
            ],
            options={
                'verbose_name': '券种选择',
                'ordering': ['-month', '-id'],
                'constraints': [models.UniqueConstraint(fields=('person', 'month'), name='vouchers_one_choice_a_month')],
            },
        ),
    ]
