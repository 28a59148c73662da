"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('matters', '0001_initial'), ('matters', '0002_handed_over')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0003_news'),
        ('divisions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='类别')),
                ('category', models.CharField(max_length=20, verbose_name='分类')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='编号')),
                ('title', models.CharField(max_length=200, verbose_name='事项')),
                ('words', models.TextField(blank=True, max_length=5000, verbose_name='内容')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='来源文件')),
                ('lead', models.CharField(max_length=60, verbose_name='牵头单位')),
                ('partners', models.CharField(blank=True, max_length=200, verbose_name='配合单位')),
                ('registered_on', models.DateField(verbose_name='登记日期')),
                ('due_on', models.DateField(verbose_name='办理期限')),
                ('planned_fen', models.BigIntegerField(blank=True, null=True, verbose_name='计划资金')),
                ('result', models.CharField(blank=True, max_length=40, verbose_name='结果')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='matter', to='cases.case', verbose_name='办件')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='所在区划')),
                ('origin', models.CharField(blank=True, editable=False, max_length=60, verbose_name='文件中的位置')),
            ],
            options={
                'verbose_name': '督办事项',
                'ordering': ['due_on', 'id'],
                'indexes': [models.Index(fields=['division', 'kind', 'closed_on'], name='matters_of_a_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('kind', 'number', 'division'), name='matters_number_once'), models.CheckConstraint(condition=models.Q(('planned_fen__gte', 0)), name='matters_plan_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('result', '')), models.Q(models.Q(('result', ''), _negated=True), ('closed_on__isnull', False)), _connector='OR'), name='matters_closed_with_a_result'), models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('origin',), name='matters_taken_over_once')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('arrived', '到位'), ('spent', '支出')], max_length=8, verbose_name='进出')),
                ('on', models.DateField(verbose_name='日期')),
                ('fen', models.BigIntegerField(verbose_name='金额')),
                ('voucher', models.CharField(max_length=60, verbose_name='凭证号')),
                ('remark', models.CharField(blank=True, max_length=200, verbose_name='摘要')),
                ('recorded_by', models.CharField(max_length=140, verbose_name='登记人')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='matters.matter')),
            ],
            options={
                'verbose_name': '资金进出',
                'ordering': ['on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('matter', 'what', 'voucher'), name='matters_voucher_once'), models.CheckConstraint(condition=models.Q(('fen', 0), _negated=True), name='matters_movement_not_nought')],
            },
        ),
    ]
