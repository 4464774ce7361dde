"""Open documents by their urgency, for the bell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0017_newest_first")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(condition=models.Q(("done", None)), fields=["agency", "urgency"], name="still-urgent"),
        ),
    ]
