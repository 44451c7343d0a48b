#!/bin/sh
# The postgres image runs this once, on an empty data folder.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set OWNER_PASSWORD="$OWNER_PASSWORD" --set API_PASSWORD="$API_PASSWORD" --file /parley/roles.sql
