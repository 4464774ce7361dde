"""Versions of drafts, their routes, and rows of work on the way out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0005_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="version",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="document",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="office.document",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="signer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="steps",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="role",
            field=models.CharField(
                choices=[
                    ("lead", "Chủ trì"),
                    ("coordinate", "Phối hợp"),
                    ("inform", "Nhận để biết"),
                    ("opinion", "Cho ý kiến"),
                    ("draft", "Soạn thảo"),
                    ("review", "Duyệt nội dung"),
                    ("form", "Kiểm tra thể thức"),
                    ("initial", "Ký nháy"),
                    ("sign", "Ký ban hành"),
                    ("issue", "Cấp số, đóng dấu, phát hành"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency", models.CharField(max_length=35)),
                ("kind", models.CharField(blank=True, max_length=100)),
                ("steps", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["agency", "kind"],
                "constraints": [models.UniqueConstraint(fields=("agency", "kind"), name="a-route-a-kind")],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("fields", models.JSONField()),
                ("recipients", models.JSONField(default=list)),
                ("way", models.CharField(default="typed", max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="office.document"
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.content",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("document", "number"), name="versions-in-order")],
            },
        ),
    ]
