"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('catalogue', '0001_initial'), ('catalogue', '0002_recovered')]

    initial = True

    dependencies = [
        ('divisions', '0001_initial'),
        ('packs', '0001_initial'),
        ('people', '0001_squashed_0007_deaths'),
    ]

    operations = [
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, verbose_name='编号')),
                ('title', models.CharField(max_length=100, verbose_name='项目')),
                ('title_en', models.CharField(max_length=200)),
                ('type', models.CharField(max_length=12, verbose_name='类别')),
                ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('edition', models.PositiveSmallIntegerField(verbose_name='版本年份')),
                ('by_place', models.CharField(max_length=10)),
                ('standing', models.BooleanField(default=True, verbose_name='在现行清单内')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.city', verbose_name='城市')),
            ],
            options={
                'verbose_name': '清单项目',
                'ordering': ['city', 'position', 'key'],
                'constraints': [models.UniqueConstraint(fields=('city', 'key'), name='catalogue_item_once')],
            },
        ),
        migrations.CreateModel(
            name='Entitlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.PositiveSmallIntegerField(choices=[(1, '应享未办'), (2, '已告知'), (3, '办理中'), (4, '已享受'), (5, '本人不要'), (6, '不再符合')], verbose_name='状态')),
                ('since', models.DateField(verbose_name='自')),
                ('entitled_since', models.DateField(verbose_name='符合条件自')),
                ('edition', models.PositiveSmallIntegerField(verbose_name='清单版本')),
                ('via', models.CharField(blank=True, max_length=10, verbose_name='依据')),
                ('amount_fen', models.BigIntegerField(default=0, verbose_name='每月金额')),
                ('need', models.PositiveSmallIntegerField(default=0, verbose_name='需要程度')),
                ('division', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entitlements', to='people.person', verbose_name='老年人')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='项目')),
            ],
            options={
                'verbose_name': '资格状态',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['-need', 'id'], name='catalogue_by_need'), models.Index(fields=['item', 'division', 'state'], name='catalogue_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__gte', 1), ('state__lte', 6)), name='catalogue_state_known'), models.UniqueConstraint(fields=('person', 'item'), name='catalogue_entitlement_once')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('offer', '告知'), ('accept', '同意办理'), ('refuse', '本人不要'), ('receive', '已享受'), ('reopen', '重新办理')], max_length=8, verbose_name='办理')),
                ('on', models.DateField(verbose_name='日期')),
                ('reason', models.CharField(blank=True, choices=[('not_needed', '不需要'), ('family', '由家人照料'), ('privacy', '不愿外人上门'), ('pays', '自己已购买服务'), ('away', '不在本地居住'), ('other_benefit', '选择了其他待遇'), ('other', '其他（见备注）')], max_length=15, verbose_name='原因')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('by', models.CharField(max_length=60, verbose_name='经办人')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='老年人')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='项目')),
            ],
            options={
                'verbose_name': '办理记录',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['person', 'item', 'id'], name='catalogue_decision_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'refuse'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='catalogue_refusal_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.PositiveIntegerField()),
                ('state', models.PositiveSmallIntegerField()),
                ('persons', models.PositiveIntegerField()),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('recovered', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'item', 'division', 'state'), name='catalogue_coverage_once')],
            },
        ),
    ]
