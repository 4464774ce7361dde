"""The database itself refuses to change or delete what the audit holds."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("audit_entry", "audit_tile")
SQLITE = """CREATE TRIGGER {table}_{act}_refused BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"""
FUNCTION = """CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"""
POSTGRESQL = """CREATE TRIGGER {table}_refused BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION audit_refused()"""


def _guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION)
        for table in TABLES:
            editor.execute(POSTGRESQL.format(table=table))
        return
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            editor.execute(SQLITE.format(table=table, act=act))


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(_guard, migrations.RunPython.noop)]
