from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oscar_engage', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['last_at'], name='engage_visit_running'),
        ),
    ]
