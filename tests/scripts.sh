#!/usr/bin/env bash
# What script/* say when they cannot do what they are asked, and while they
# build: `scripts.sh <source folder> <work folder>`.
set -euo pipefail
cd "$1"
work=$2
mkdir -p "$work"
passed=0 failed=0

count() {
    if [ "$1" = 0 ]; then passed=$((passed + 1)) && return; fi
    failed=$((failed + 1))
    echo "FAIL: $2, in:"
    cat "$work/log"
}

# says <exit status> <text> <command>...: it ends so and says so.
says() {
    local status=0 wrong=0 wanted=$1 text=$2
    shift 2
    "$@" >"$work/log" 2>&1 </dev/null || status=$?
    if [ $status -ne "$wanted" ]; then wrong=1; fi
    if [ -n "$text" ]; then grep -q -- "$text" "$work/log" || wrong=1; fi
    count $wrong "$*: exit status $status, wanted $wanted with \"$text\""
}

# The last command has said this so many times.
said() {
    local times
    times=$(grep -cE -- "$2" "$work/log" || true)
    count $((times != $1)) "$times times \"$2\", wanted $1"
}

says 2 'there is no target "nosuch"; there are: .*url' script/fuzz nosuch 1
says 2 'there is no check "nosuch"; there are: .*floors' script/check nosuch
says 2 'there is no bench/nosuch; there are: .*http' script/bench nosuch
says 2 'there is no examples/nosuch; there are: .*hello' script/run nosuch
for name in fuzz check bench test; do
    says 2 'unknown option --nosuch' "script/$name" --nosuch
done
for name in fuzz check bench test run; do
    says 0 "script/$name" "script/$name" --help
done

# Parts of a benchmark are none.
says 0 '^Benchmarks: .*http .*template ' script/bench
said 0 'Benchmarks:.*(load|limit|h2o|jinja)'

. script/lib/build.sh
# shellcheck disable=SC2317
cmake() {
    echo "[0/1] Re-running CMake"
    for ((i = 1; i <= steps; i++)); do echo "[$i/$steps] Building a.c"; done
    [ -z "$error" ] || { echo "$error" && return 1; }
}
steps=30 error=
says 0 "^building $work: 30 steps" build "$work"
said 1 .
error="ninja: error: unknown target 'nosuch'"
says 1 "$error" build "$work" nosuch
steps=3 error=
says 0 '' build "$work"
said 0 .

echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
