#!/bin/sh
# Prints .env.example with every secret filled in.
#   umask 077; deploy/new-secrets.sh > deploy/.env
set -eu
hexadecimal() { head -c 24 /dev/urandom | od -A n -t x1 | tr -d ' \n'; }
while IFS= read -r line; do
  case "$line" in
    *_PASSWORD=) echo "$line$(hexadecimal)" ;;
    RISK_SECRETS_KEY=) echo "$line$(head -c 32 /dev/urandom | base64)" ;;
    KAFKA_CLUSTER_ID=) echo "$line$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')" ;;
    *) printf '%s\n' "$line" ;;
  esac
done < "$(dirname "$0")/.env.example"
