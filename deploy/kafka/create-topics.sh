#!/bin/sh
# For clusters where services may not make topics themselves. Again is the same.
#   BROKERS=kafka:9092 REPLICATION=3 PARTITIONS=6 ./create-topics.sh
# Needs kafka-topics.sh on the path, as in Apache Kafka's image under /opt/kafka/bin.
set -eu
: "${BROKERS:?name a broker, as kafka:9092}"
PARTITIONS="${PARTITIONS:-6}"
REPLICATION="${REPLICATION:-3}"
IN_SYNC=$([ "$REPLICATION" -gt 1 ] && echo $((REPLICATION - 1)) || echo 1)

for topic in registry scheduling risk evaluation; do
  # Facts are kept for good; a publisher waits for all in-sync copies, so one broker may be lost.
  kafka-topics.sh --bootstrap-server "$BROKERS" --create --if-not-exists --topic "commonground.$topic.v1" \
    --partitions "$PARTITIONS" --replication-factor "$REPLICATION" \
    --config retention.ms=-1 --config min.insync.replicas="$IN_SYNC"
done
