"""Wishes for notices by kind and way; what was read; what was mailed, by the notice's key."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = ("work", "step", "flash", "task", "handover", "told")
WAS = (("digest", "digest"), ("urgent", "at-once"))


def keep_wishes(apps: Any, _editor: Any) -> None:
    """Who did not want a way has it off for every kind."""
    for mailing in apps.get_model("office", "Mailing").objects.all():
        unwanted = [channel for field, channel in WAS if not getattr(mailing, field)]
        mailing.off = [f"{channel}:{kind}" for channel in unwanted for kind in KINDS]
        mailing.save(update_fields=["off"])


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0015_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="mailing", name="off", field=models.JSONField(default=list)),
        migrations.RunPython(keep_wishes, migrations.RunPython.noop),
        migrations.RemoveField(model_name="mailing", name="digest"),
        migrations.RemoveField(model_name="mailing", name="urgent"),
        migrations.AlterField(
            model_name="mailing", name="address", field=models.EmailField(blank=True, max_length=254)
        ),
        migrations.DeleteModel(name="Mailed"),
        migrations.CreateModel(
            name="Mailed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="mailed-once")],
            },
        ),
        migrations.CreateModel(
            name="ReadNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="read-once")],
            },
        ),
        migrations.RemoveIndex(model_name="message", name="messages-unseen"),
        migrations.RemoveField(model_name="message", name="seen"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["person", "-at"], name="office_mess_person__d1357f_idx"),
        ),
    ]
