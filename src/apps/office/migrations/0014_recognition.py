"""Pages of scans whose words are to be recognised. Scans read before, which had no words, are read once more."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def read_scans_again(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    files = apps.get_model("office", "File").objects.filter(media_type="application/pdf")
    contents = apps.get_model("office", "Content").objects
    contents.filter(text="", pk__in=files.values("content")).update(text=None)


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0013_reminders"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recognition",
            fields=[
                (
                    "content",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="recognition",
                        serialize=False,
                        to="office.content",
                    ),
                ),
                ("pages", models.JSONField(default=list)),
                ("asked", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("why", models.CharField(blank=True, max_length=20)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("due", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("due__isnull", False)), fields=["due"], name="still-to-recognise")
                ],
            },
        ),
        migrations.RunPython(read_scans_again, migrations.RunPython.noop),
    ]
