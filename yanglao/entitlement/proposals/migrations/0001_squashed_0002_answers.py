"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('proposals', '0001_initial'), ('proposals', '0002_answers')]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed_0002_recovered'),
        ('divisions', '0001_initial'),
        ('files', '0001_initial'),
        ('packs', '0001_initial'),
        ('people', '0001_squashed_0007_deaths'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('suggestion', models.CharField(blank=True, choices=[('assessment', '能力评估'), ('visit', '上门探访')], max_length=12, verbose_name='建议')),
                ('occasion', models.CharField(max_length=20, verbose_name='缘由')),
                ('need', models.PositiveSmallIntegerField(default=0, verbose_name='需要程度')),
                ('state', models.CharField(choices=[('open', '待告知'), ('agreed', '同意'), ('refused', '本人不要'), ('lapsed', '不再需要')], default='open', max_length=8, verbose_name='状态')),
                ('made_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='发现日期')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='答复日期')),
                ('how', models.CharField(blank=True, choices=[('visit', '上门'), ('phone', '电话'), ('office', '来办事时')], max_length=8, verbose_name='告知方式')),
                ('said_by', models.CharField(blank=True, max_length=60, verbose_name='答复人')),
                ('reason', models.CharField(blank=True, choices=[('not_needed', '不需要'), ('family', '由家人照料'), ('privacy', '不愿外人上门'), ('pays', '自己已购买服务'), ('away', '不在本地居住'), ('other_benefit', '选择了其他待遇'), ('other', '其他（见备注）')], max_length=15, verbose_name='原因')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='备注')),
                ('by', models.CharField(blank=True, max_length=60, verbose_name='经办人')),
                ('division', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='divisions.division', verbose_name='居住地')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item', verbose_name='清单项目')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='people.person', verbose_name='老年人')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='凭证')),
                ('facts', models.JSONField(default=dict, editable=False, verbose_name='引出的情况')),
                ('relation', models.CharField(blank=True, choices=[('self', '本人'), ('spouse', '配偶'), ('child', '子女或其配偶'), ('kin', '其他亲属'), ('carer', '照护人员'), ('village', '村（社区）工作人员'), ('other', '其他人')], max_length=8, verbose_name='答复人与老人关系')),
            ],
            options={
                'verbose_name': '主动服务建议',
                'ordering': ['-need', 'id'],
                'indexes': [models.Index(fields=['division', 'state'], name='proposals_of_a_place'), models.Index(fields=['person', 'state'], name='proposals_of_a_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('item__isnull', False), ('state', 'open')), fields=('person', 'item'), name='proposals_item_once'), models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('suggestion', ''), _negated=True)), fields=('person', 'suggestion'), name='proposals_suggestion_once'), models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', False), ('suggestion', '')), models.Q(('item', None), models.Q(('suggestion', ''), _negated=True)), _connector='OR'), name='proposals_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='proposals_refusal_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Night',
            fields=[
                ('city', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='packs.city')),
                ('rules', models.CharField(max_length=64, verbose_name='清单和政策文本的摘要')),
                ('since', models.DateField(verbose_name='自')),
            ],
            options={
                'verbose_name': '每夜主动发现',
            },
        ),
    ]
