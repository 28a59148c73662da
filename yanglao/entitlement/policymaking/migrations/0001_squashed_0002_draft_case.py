"""The tables as they stand; an existing database only notes that it has them."""

import django.db.models.deletion
from django.db import migrations, models

from yanglao.kernel.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('policymaking', '0001_initial'), ('policymaking', '0002_draft_case')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0003_news'),
        ('divisions', '0001_initial'),
        ('packs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件')),
                ('title', models.CharField(max_length=120, verbose_name='政策')),
                ('origin', models.CharField(blank=True, max_length=200, verbose_name='来自')),
                ('base', models.TextField(blank=True)),
                ('text', models.TextField(verbose_name='内容')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='版次')),
                ('state', models.CharField(choices=[('open', '编写中'), ('submitted', '待发布'), ('published', '已发布'), ('dropped', '已放弃')], default='open', max_length=10, verbose_name='状态')),
                ('author_id', models.BigIntegerField(null=True)),
                ('author', models.CharField(max_length=140, verbose_name='编写人')),
                ('effective_on', models.DateField(null=True, verbose_name='启用日期')),
                ('reason', models.CharField(blank=True, max_length=400, verbose_name='理由')),
                ('answer', models.CharField(blank=True, max_length=400, verbose_name='退回意见')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='修改时间')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.city')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('case', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policy_draft', to='cases.case')),
            ],
            options={
                'verbose_name': '政策草稿',
                'ordering': ['-changed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('trial', '试算'), ('simulation', '模拟')], max_length=10)),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('state', models.CharField(choices=[('waiting', '计算中'), ('done', '已完成'), ('failed', '没有完成')], default='waiting', max_length=8, verbose_name='状态')),
                ('month', models.PositiveIntegerField(verbose_name='月份')),
                ('base', models.JSONField(default=dict)),
                ('scenarios', models.JSONField(default=list)),
                ('result', models.JSONField(default=dict)),
                ('problem', models.CharField(blank=True, max_length=1000)),
                ('by', models.CharField(max_length=140, verbose_name='谁算的')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='studies', to='policymaking.draft')),
            ],
            options={
                'verbose_name': '政策测算',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DraftVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('text', models.TextField()),
                ('problems', models.PositiveIntegerField(default=0, verbose_name='问题数')),
                ('user_id', models.BigIntegerField(null=True)),
                ('by', models.CharField(max_length=140, verbose_name='保存人')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='policymaking.draft')),
            ],
            options={
                'verbose_name': '草稿版本',
                'ordering': ['draft', '-number'],
                'constraints': [models.UniqueConstraint(fields=('draft', 'number'), name='draft_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件')),
                ('policy', models.CharField(max_length=80, verbose_name='政策编号')),
                ('title', models.CharField(max_length=120, verbose_name='政策')),
                ('before', models.TextField(blank=True)),
                ('text', models.TextField()),
                ('state', models.CharField(choices=[('waiting', '待启用'), ('standing', '在用'), ('replaced', '已被新版替换'), ('withdrawn', '已撤回')], default='waiting', max_length=10, verbose_name='状态')),
                ('effective_on', models.DateField(verbose_name='启用日期')),
                ('reason', models.CharField(max_length=400, verbose_name='理由')),
                ('author_id', models.BigIntegerField(null=True)),
                ('author', models.CharField(max_length=140, verbose_name='编写人')),
                ('publisher_id', models.BigIntegerField(null=True)),
                ('publisher', models.CharField(max_length=140, verbose_name='发布人')),
                ('published_at', models.DateTimeField(auto_now_add=True, verbose_name='发布时间')),
                ('started_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='停用时间')),
                ('ended_by', models.CharField(blank=True, max_length=140, verbose_name='撤回人')),
                ('end_reason', models.CharField(blank=True, max_length=400, verbose_name='撤回理由')),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.city')),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='divisions.division', verbose_name='区划')),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='policymaking.draft')),
            ],
            options={
                'verbose_name': '政策发布',
                'ordering': ['-published_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'standing')), fields=('city', 'name'), name='publication_standing_once'), models.CheckConstraint(condition=models.Q(('author_id', None), ('publisher_id', None), models.Q(('author_id', models.F('publisher_id')), _negated=True), _connector='OR'), name='publication_by_two_people')],
            },
        ),
    ]
