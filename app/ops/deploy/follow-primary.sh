#!/bin/sh
# A replica of the compose file: copies the primary at its first start, and follows it from then on.
set -eu
data=/var/lib/postgresql/data/replica
if [ ! -s "$data/PG_VERSION" ]; then
    rm -rf "$data"
    pg_basebackup -d "host=postgres user=hit password=$PGPASSWORD" -D "$data" -R -X stream -c fast
    chmod 0700 "$data"
fi
exec postgres -D "$data" -c listen_addresses='*' -c hot_standby_feedback=on
