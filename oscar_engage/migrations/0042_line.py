import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oscar_engage', '0041_outside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='decision',
            name='reason',
            field=models.CharField(choices=[('offered', 'offered'), ('no_consent', 'no consent'), ('excluded_page', 'page is excluded'), ('too_early', 'page just opened'), ('quiet_hours', 'quiet hours'), ('capped_visit', 'enough offers in this visit'), ('capped_week', 'enough offers this week'), ('dismissed', 'visitor said no lately'), ('capped_rule', 'enough offers of this rule'), ('dismissed_rule', 'visitor said no to this rule lately'), ('asked', 'was asked lately, or talks with us'), ('busy_surface', 'something else is showing'), ('capped_day', "the rule's offers of the day are used up"), ('no_agent', 'no agent is free'), ('advised_against', 'the model advised against it'), ('outranked', 'others are likelier to be helped'), ('in_line', 'others have waited longer'), ('lost', 'a higher rule won'), ('shop_holdout', "in the shop's hold-out"), ('rule_holdout', "in the rule's hold-out"), ('no_engagement', 'the engagement is missing or switched off')], max_length=16),
        ),
        migrations.CreateModel(
            name='PlaceInLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('queue', models.CharField(blank=True, max_length=80)),
                ('path', models.CharField(blank=True, max_length=500)),
                ('language', models.CharField(blank=True, max_length=16)),
                ('since', models.DateTimeField()),
                ('heard_until', models.DateTimeField(db_index=True)),
                ('yields', models.BooleanField(default=False)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places_in_line', to='oscar_engage.visit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('visit', 'queue'), name='engage_place_in_line_once')],
            },
        ),
    ]
