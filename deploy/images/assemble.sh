#!/bin/sh
# Puts together what the images hold: built code and the packages that it needs when it runs, nothing else.
#   deploy/images/assemble.sh FOLDER      from a checkout whose services are built
set -eu
to="${1:?name the folder to fill}"
cd "$(dirname "$0")/../.."
mkdir -p "$to"
cp package.json package-lock.json .npmrc "$to/"
for part in apps/* libs/* tools/*; do
  [ -f "$part/package.json" ] || continue
  mkdir -p "$to/$part"
  cp "$part/package.json" "$to/$part/"
  case "$part" in
    libs/testing | libs/ui | apps/e2e | apps/portal | tools/*) continue ;;
  esac
  [ -d "$part/dist" ] && cp -R "$part/dist" "$to/$part/dist"
done
mkdir -p "$to/deploy"
cp -R deploy/postgres "$to/deploy/postgres"
find "$to/apps" "$to/libs" \( -name '*.d.ts' -o -name '.tsbuildinfo' \) -delete
cd "$to"
# Optional packages are the embedded PostgreSQL and a Node of its own; the images need neither.
npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
find node_modules -name '*.d.ts' -delete
