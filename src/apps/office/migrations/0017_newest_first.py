"""Words numbered by when a document came, in an index of their beginnings that is walked newest first.

Words are made of the documents alone: the worker makes them anew, the newest first.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TAKE_OUT = (
    "INSERT INTO office_words_index(office_words_index, rowid, text, facts) "
    "VALUES ('delete', old.id, old.text, old.facts);"
)
PUT_IN = "INSERT INTO office_words_index(rowid, text, facts) VALUES (new.id, new.text, new.facts);"
TABLE = """CREATE VIRTUAL TABLE office_words_index USING fts5(text, facts, content='office_words', content_rowid='id',
tokenize="unicode61 remove_diacritics 0 tokenchars ':'", prefix='1 2 3 4 5 6 7 8 9', detail=none)"""
SQLITE = (
    TABLE,
    f"CREATE TRIGGER office_words_comes AFTER INSERT ON office_words BEGIN {PUT_IN} END",
    f"CREATE TRIGGER office_words_goes AFTER DELETE ON office_words BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER office_words_changes AFTER UPDATE ON office_words BEGIN {TAKE_OUT} {PUT_IN} END",
)
BEGINNINGS = """CREATE FUNCTION office_beginnings(id bigint, words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 100000 AS $$
  WITH told AS (SELECT unnest(string_to_array(words, ' ') || (':t' || lpad((id / 100000000)::text, 5, '0'))) AS word)
  SELECT array_to_tsvector(array_agg(part)) FROM (
    SELECT left(word, size) AS part FROM told, generate_series(1, least(9, length(word))) AS size
    UNION ALL SELECT word || '.' FROM told WHERE word <> ''
  ) AS parts
$$"""
INDEX = """CREATE INDEX office_words_index ON office_words
USING gin (office_beginnings(id, text || ' ' || facts)) WITH (fastupdate = off)"""


def _forget(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE office_words_index")


def _index(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in (BEGINNINGS, INDEX) if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("office", "0016_bell")]

    operations = [
        migrations.RunPython(_forget),
        migrations.DeleteModel(name="Words"),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="office.document"
                    ),
                ),
                ("text", models.TextField()),
                ("facts", models.TextField()),
            ],
        ),
        migrations.RunPython(_index),
    ]
