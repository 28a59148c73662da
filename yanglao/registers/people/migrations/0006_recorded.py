from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_replaced")]

    operations = [
        migrations.AddIndex(
            model_name="circumstance",
            index=models.Index(fields=["recorded_at"], name="people_recorded"),
        ),
    ]
