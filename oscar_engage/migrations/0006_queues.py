"""Skills, queues, and slots that are counted in tenths of a chat."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Max, OuterRef, Q, Subquery


def weigh_open_chats(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have each chat that is going on weigh a whole slot, as it did so far; a sweep finds the silent ones."""
    alias = schema_editor.connection.alias
    conversations = apps.get_model("oscar_engage", "Conversation").objects.using(alias)
    messages = apps.get_model("oscar_engage", "Message").objects.using(alias)
    said = messages.filter(conversation=OuterRef("pk")).order_by().values("conversation").annotate(at=Max("at")).values("at")
    going_on = conversations.filter(kind="chat", status="open", agent__isnull=False)
    going_on.update(weight=10, spoken_at=Subquery(said))
    agents = apps.get_model("oscar_engage", "Agent").objects.using(alias)
    agents.filter(used_tenths__gt=0).update(used_tenths=F("used_tenths") * 10)


class Migration(migrations.Migration):

    dependencies = [("oscar_engage", "0005_dry_runs")]

    operations = [
        migrations.RemoveConstraint(model_name="agent", name="engage_agent_capacity"),
        migrations.RenameField(model_name="agent", old_name="used", new_name="used_tenths"),
        migrations.CreateModel(
            name='AgentSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'yes'), (2, 'well'), (3, 'best')], default=1)),
            ],
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('paths', models.TextField(blank=True, max_length=2000, verbose_name='addresses')),
                ('head_start', models.PositiveIntegerField(default=0, verbose_name='head start in seconds')),
                ('is_default', models.BooleanField(default=False, verbose_name='for all that is in no other queue')),
            ],
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
            ],
        ),
        migrations.AddField(
            model_name='agent',
            name='active_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agent',
            name='away_reason',
            field=models.CharField(blank=True, choices=[('break', 'break'), ('lunch', 'lunch'), ('meeting', 'meeting'), ('paperwork', 'paperwork'), ('technical', 'technical trouble'), ('inactive', 'not active')], max_length=12),
        ),
        migrations.AddField(
            model_name='agent',
            name='free_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agent',
            name='languages',
            field=models.JSONField(blank=True, default=list, verbose_name='languages'),
        ),
        migrations.AddField(
            model_name='agent',
            name='online_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='spoken_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='weight',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='agent',
            constraint=models.CheckConstraint(condition=Q(('away_reason', ''), ('presence', 'away'), _connector='OR'), name='engage_agent_away_reason'),
        ),
        migrations.AddField(
            model_name='agentskill',
            name='agent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='oscar_engage.agent'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='queue',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='conversations', to='oscar_engage.queue'),
        ),
        migrations.AddField(
            model_name='queue',
            name='skill',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='queues', to='oscar_engage.skill', verbose_name='skill'),
        ),
        migrations.AddField(
            model_name='agentskill',
            name='skill',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='oscar_engage.skill'),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.UniqueConstraint(condition=Q(('is_default', True)), fields=('is_default',), name='engage_queue_one_default'),
        ),
        migrations.AddConstraint(
            model_name='agentskill',
            constraint=models.UniqueConstraint(fields=('agent', 'skill'), name='engage_agent_skill'),
        ),
        migrations.AddConstraint(
            model_name='agentskill',
            constraint=models.CheckConstraint(condition=Q(('level__gte', 1), ('level__lte', 3)), name='engage_agent_skill_level'),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(condition=Q(("weight__gt", 0)), fields=["agent"], name="engage_conversation_held"),
        ),
        migrations.RunPython(weigh_open_chats, migrations.RunPython.noop),
    ]
