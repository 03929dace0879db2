from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oscar_engage', '0028_lift'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversion',
            name='has_return',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='conversion',
            name='has_cancellation',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
