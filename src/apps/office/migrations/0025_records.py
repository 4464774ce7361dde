"""What people say of pictures and recordings, for the archive."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0024_by_hand"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("event", models.CharField(blank=True, max_length=500)),
                ("author", models.CharField(blank=True, max_length=300)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("day", models.DateField(blank=True, null=True)),
                (
                    "colour",
                    models.CharField(blank=True, choices=[("01", "Màu"), ("02", "Đen trắng")], max_length=2),
                ),
                ("size", models.CharField(blank=True, max_length=30)),
                ("length", models.CharField(blank=True, max_length=8)),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "Tiếng Việt"),
                            ("02", "Tiếng Anh"),
                            ("03", "Tiếng Pháp"),
                            ("04", "Tiếng Nga"),
                            ("05", "Tiếng Trung"),
                            ("11", "Khác"),
                        ],
                        max_length=2,
                    ),
                ),
                ("quality", models.CharField(blank=True, max_length=50)),
                ("number", models.CharField(blank=True, max_length=50)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("at", models.DateTimeField(auto_now=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="office.document",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("document", "name"), name="a-record-once")],
            },
        ),
    ]
