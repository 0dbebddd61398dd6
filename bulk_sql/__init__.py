"""Set-based reading and writing of tables: many rows a statement, without model instances.

One path per database: `executemany` on SQLite, COPY (into a staging table where rows may
already exist) on PostgreSQL. Knows tables and columns, nothing of what they mean.
"""

from bulk_sql.tables import Row, Tables, tables

__all__ = ["Row", "Tables", "tables"]
