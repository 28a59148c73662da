from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0009_spot_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='statement_sha',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
