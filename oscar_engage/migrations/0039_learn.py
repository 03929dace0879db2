from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oscar_engage', '0038_open'),
    ]

    operations = [
        migrations.AddField(
            model_name='scoredvector',
            name='chance',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='scoredvector',
            name='way',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
    ]
