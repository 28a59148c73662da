"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('indicators', '0001_initial'), ('indicators', '0002_breakdowns_and_fewer_indexes'), ('indicators', '0003_since')]

    initial = True

    dependencies = [
        ('divisions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='指标代码')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('name', models.CharField(max_length=80, verbose_name='指标')),
                ('name_en', models.CharField(max_length=120, verbose_name='英文名')),
                ('words', models.TextField(verbose_name='指标解释')),
                ('unit', models.CharField(max_length=12, verbose_name='计量单位')),
                ('kind', models.CharField(choices=[('stock', '时点数'), ('increment', '当年新增'), ('cumulative', '累计数'), ('ratio', '占比'), ('density', '每万人拥有量'), ('flow', '日均量'), ('milestone', '完成节点')], max_length=12, verbose_name='类型')),
                ('digits', models.PositiveSmallIntegerField(default=0, verbose_name='小数位')),
                ('reported', models.BooleanField(verbose_name='自报')),
                ('reported_by', models.CharField(max_length=10, verbose_name='填报级别')),
                ('numerator', models.CharField(blank=True, max_length=60, verbose_name='分子')),
                ('denominator', models.CharField(blank=True, max_length=60, verbose_name='分母')),
                ('numerator_name', models.CharField(blank=True, max_length=80, verbose_name='分子名称')),
                ('denominator_name', models.CharField(blank=True, max_length=80, verbose_name='分母名称')),
                ('date_rule', models.CharField(max_length=12, verbose_name='日期规则')),
                ('source', models.CharField(max_length=200, verbose_name='出处')),
                ('order', models.PositiveIntegerField(default=0)),
                ('breakdowns', models.JSONField(default=list, verbose_name='分组')),
                ('since', models.DateField(blank=True, null=True, verbose_name='起算日期')),
            ],
            options={
                'verbose_name': '指标',
                'ordering': ['order', 'code'],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('month', models.DateField(verbose_name='月份')),
                ('as_of', models.DateField(verbose_name='统计日')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='分子')),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='分母')),
                ('reported', models.BooleanField(default=False, verbose_name='自报')),
                ('coverage', models.PositiveSmallIntegerField(default=1000, verbose_name='完整率（千分）')),
                ('computed_at', models.DateTimeField(verbose_name='计算时间')),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('indicator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='values', to='indicators.indicator')),
            ],
            options={
                'verbose_name': '指标数值',
                'ordering': ['indicator', 'division', 'month'],
                'indexes': [models.Index(fields=['division', 'month'], name='indicator_value_board')],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'division', 'month', 'reported'), name='indicator_value_once'), models.CheckConstraint(condition=models.Q(('coverage__lte', 1000)), name='indicator_coverage_share'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='indicator_month_first_day')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('body', models.JSONField(verbose_name='定义')),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField(auto_now_add=True, verbose_name='载入时间')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='indicators.indicator')),
            ],
            options={
                'verbose_name': '指标版本',
                'ordering': ['indicator', 'version'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'version'), name='indicator_version_once')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='月份')),
                ('dimension', models.CharField(max_length=20, verbose_name='分组')),
                ('value', models.CharField(blank=True, max_length=40, verbose_name='组别')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='分子')),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='分母')),
                ('division', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('indicator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='indicators.indicator')),
            ],
            options={
                'verbose_name': '指标分组数值',
                'ordering': ['indicator', 'division', 'month', 'dimension', 'value'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'division', 'month', 'dimension', 'value'), name='indicator_part_once')],
            },
        ),
    ]
