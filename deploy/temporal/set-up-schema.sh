#!/bin/sh
# Creates Temporal's two databases on PostgreSQL and upgrades their schemas to the version of temporal-sql-tool. Can be repeated.
# Variables: SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD.
set -eu
export SQL_PLUGIN=postgres12_pgx
for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%:*}
  temporal-sql-tool --database "$database" create
  temporal-sql-tool --database "$database" setup-schema --version 0.0
  temporal-sql-tool --database "$database" update-schema --schema-name "postgresql/v12/${pair#*:}"
done
