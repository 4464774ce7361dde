"""A job may be stopped: what it left alone says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0023_typed_before_it_is_there")]

    operations = [
        migrations.AlterField(
            model_name="jobitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Đang chờ"),
                    ("done", "Làm được"),
                    ("refused", "Không làm được"),
                    ("stopped", "Dừng trước khi làm"),
                ],
                default="waiting",
                max_length=10,
            ),
        ),
    ]
