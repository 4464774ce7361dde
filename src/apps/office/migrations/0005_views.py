"""Saved views."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0004_finding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="View",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.CharField(max_length=35)),
                ("label", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=200)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["agency", "owner"], name="office_view_agency_ab8206_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "query"), name="a-query-once-a-person"),
                    models.UniqueConstraint(
                        condition=models.Q(("owner", None)), fields=("agency", "query"), name="a-query-once-an-agency"
                    ),
                ],
            },
        ),
    ]
