#!/bin/sh
# Makes the topics that facts travel on, for good and with stated copies, and prints how they stand. Again is the same.
#   BROKERS=kafka:9092 REPLICATION=3 PARTITIONS=6 ./create-topics.sh
# Needs kafka-topics.sh and kafka-configs.sh on the path, or in /opt/kafka/bin as in Apache Kafka's image.
set -eu
: "${BROKERS:?name a broker, as kafka:9092}"
PARTITIONS="${PARTITIONS:-6}"
REPLICATION="${REPLICATION:-3}"
IN_SYNC=$([ "$REPLICATION" -gt 1 ] && echo $((REPLICATION - 1)) || echo 1)
PATH="$PATH:/opt/kafka/bin"

for topic in registry scheduling risk evaluation; do
  name="commonground.$topic.v1"
  kafka-topics.sh --bootstrap-server "$BROKERS" --create --if-not-exists --topic "$name" \
    --partitions "$PARTITIONS" --replication-factor "$REPLICATION"
  # Set apart from making it, so that a topic which a service made first gets them too.
  # Facts are kept for good; a publisher waits for all in-sync copies, so one broker of three may be lost.
  kafka-configs.sh --bootstrap-server "$BROKERS" --alter --entity-type topics --entity-name "$name" \
    --add-config "retention.ms=-1,cleanup.policy=delete,min.insync.replicas=$IN_SYNC"
  kafka-topics.sh --bootstrap-server "$BROKERS" --describe --topic "$name"
done
