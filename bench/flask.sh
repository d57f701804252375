# Costs of the Flask layer: each program bench/flask_<part>.c in turn.
#
#   script/bench flask              all parts
#   script/bench flask multipart    one

set -euo pipefail
[ $# -gt 0 ] || set -- $(cd "$RETORT_BUILD/bench" && ls -d bench_flask_* |
    sed 's/^bench_flask_//')
for part in "$@"; do
    echo "== $part"
    "$RETORT_BUILD/bench/bench_flask_$part"
done
