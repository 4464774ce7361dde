"""What is typed about a document that is to be is kept under the id that it will have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0022_counted_by_indexes")]

    operations = [
        migrations.AlterField(
            model_name="unsent",
            name="document",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=models.deletion.CASCADE,
                related_name="unsent",
                to="office.document",
            ),
        ),
    ]
