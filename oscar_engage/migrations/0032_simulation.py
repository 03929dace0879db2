from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oscar_engage', '0031_segments_of_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='SimulationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(db_index=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('document', models.JSONField(default=dict)),
            ],
        ),
    ]
