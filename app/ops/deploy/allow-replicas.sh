#!/bin/sh
# Run once, when the database of the compose file is made: replicas of the same network may follow.
set -eu
echo "host replication all samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
