#!/usr/bin/env bash
# The coroutine tests once more under clang's sanitizers, whose account of
# stacks is not gcc's: `coroutine_clang.sh <source folder> <work folder>`.
set -uo pipefail
source=$1
work=$2
tests=(test_base_coroutine test_base_coroutine_ucontext)

if ! command -v clang >/dev/null; then
    echo "SKIP coroutine_clang: clang is not installed"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

cd "$source" && mkdir -p "$work" || exit 1
{
    cmake --preset dev-clang -B "$work" &&
        cmake --build "$work" --target "${tests[@]}"
} >"$work/build.log" 2>&1 || {
    tail -n 100 "$work/build.log"
    exit 1
}

passed=0 failed=0 skipped=0
for test in "${tests[@]}"; do
    output=$("$work/$test" 2>&1)
    closing=${output##*$'\n'}
    if [[ ! $closing =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
        echo "$output"
        exit 1
    fi
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + BASH_REMATCH[3]))
    [ "${BASH_REMATCH[2]}" -eq 0 ] || echo "$output"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
