#!/usr/bin/env bash
# The example `notes`: its migrations make what its models say, and it answers.
#
#   tests/notes.sh PROGRAM FOLDER     FOLDER of the example
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cp -r "$2/migrations" "$work/"
export RETORT_ROOT=$work
passed=0

expect() { # WHAT ACTUAL PATTERN
    if [[ $2 != *$3* ]]; then
        echo "FAIL $1: \"$3\" is not in: $2"
        echo "$passed passed, 1 failed, 0 skipped"
        exit 1
    fi
    passed=$((passed + 1))
}

"$program" db upgrade 2>/dev/null
expect "the database is at the newest revision" "$("$program" db current)" "(head)"
expect "models and database agree" "$("$program" db check)" "No new upgrade"

expect "the environment says which database" \
    "$(DATABASE_URL=nodb "$program" db current 2>&1 || true)" "cannot be used"

port=$((20000 + RANDOM % 20000))
"$program" run --port $port --workers 1 >"$work/log" 2>&1 &
server=$!
url=http://127.0.0.1:$port/notes
for _ in $(seq 100); do
    curl -sf "$url" >/dev/null && break
    sleep 0.1
done
json='Content-Type: application/json'
expect "a note is made" \
    "$(curl -si "$url" -H "$json" -d '{"title": "Milk", "tags": ["home"]}')" \
    "Location: /notes/1"
expect "notes are listed" "$(curl -s "$url?q=Mil")" '"title":"Milk"'
expect "a note is changed" \
    "$(curl -s -X PATCH "$url/1" -H "$json" -d '{"done": true}')" '"version":1'
expect "a title is wanted" "$(curl -s "$url" -H "$json" -d '{}')" "title is missing"
expect "a column is none" "$(curl -s "$url?sort=nope")" "cannot order by"
expect "a note is deleted" "$(curl -si -X DELETE "$url/1")" "204"
expect "it is gone" "$(curl -s "$url/1")" '"error"'
echo "$passed passed, 0 failed, 0 skipped"
