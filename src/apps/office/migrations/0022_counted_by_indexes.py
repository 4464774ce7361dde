"""A person's rows that were not opened, for the bell; rows of people and of units by deadline, for what is overdue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0021_phrases")]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("opened", None), ("person__isnull", False)),
                fields=["person", "state"],
                name="rows-not-opened",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("due__isnull", False), ("person__isnull", False)),
                fields=["person", "state", "due"],
                name="due-of-people",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("due__isnull", False)), fields=["unit", "state", "due"], name="due-of-units"
            ),
        ),
    ]
