"""Words of documents beside their rows, with the full-text index of each database. The worker fills them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TAKE_OUT = "INSERT INTO office_words_index(office_words_index, rowid, text) VALUES ('delete', old.id, old.text);"
PUT_IN = "INSERT INTO office_words_index(rowid, text) VALUES (new.id, new.text);"
TABLE = """CREATE VIRTUAL TABLE office_words_index USING fts5(text, content='office_words', content_rowid='id',
tokenize="unicode61 remove_diacritics 0 tokenchars ':'", prefix='2 3', detail=none)"""
SQLITE = (
    TABLE,
    f"CREATE TRIGGER office_words_comes AFTER INSERT ON office_words BEGIN {PUT_IN} END",
    f"CREATE TRIGGER office_words_goes AFTER DELETE ON office_words BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER office_words_changes AFTER UPDATE ON office_words BEGIN {TAKE_OUT} {PUT_IN} END",
)
POSTGRESQL = (
    "CREATE INDEX office_words_index ON office_words USING gin (array_to_tsvector(string_to_array(text, ' ')))",
)


def _index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("office", "0003_register")]

    operations = [
        migrations.RemoveField(model_name="document", name="text"),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="office.document"
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(_index, migrations.RunPython.noop),
    ]
