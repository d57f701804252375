# What the scripts share; sourced with the repository as working directory.
# shellcheck shell=bash

# The comment at the top of a script is its manual.
usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# configure <folder> <preset> [-D<name>=<value>...]
configure() {
    local folder=$1 preset=$2
    shift 2
    mkdir -p "$folder"
    if ! cmake --preset "$preset" -B "$folder" "$@" >"$folder/configure.log" 2>&1; then
        cat "$folder/configure.log" >&2
        return 1
    fi
}

# build <folder> [target...]: everything by default. Says how far it is where
# that takes a while, nothing else when it works, and otherwise what the compiler
# said about all that failed.
build() {
    local folder=$1 log=$1/build.log
    shift
    [ $# -gt 0 ] || set -- all
    if ! cmake --build "$folder" -j "$(nproc)" --target "$@" -- -k 0 2>&1 |
        tee "$log" | show_progress "$folder"; then
        grep -vE "$build_noise" "$log" >&2 || true
        return 1
    fi
}

# Ninja's and CMake's own lines, save what Ninja says is wrong.
build_noise='^(\[[0-9]+/[0-9]+\]|-- |ninja: (Entering|no work|build stopped)'
build_noise+='|(: && )?/[^ ]*/(gcc|cc|clang|cmake) )'

# Ninja's lines as one that counts, on a terminal; elsewhere as one at the start.
# Fewer steps than a screen of them are not worth a word.
show_progress() {
    local folder=$1 line shown=
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        [ "${BASH_REMATCH[2]}" -gt 20 ] || continue
        if [ -t 2 ]; then
            printf '\rbuilding %s: %s of %s steps ' "$folder" \
                "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
        elif [ -z "$shown" ]; then
            echo "building $folder: ${BASH_REMATCH[2]} steps (200 take about" \
                "a minute)" >&2
        fi
        shown=1
    done
    if [ "$shown" ] && [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# build_preset <preset> [target...], into build/<preset>.
build_preset() {
    local preset=$1
    shift
    configure "build/$preset" "$preset" && build "build/$preset" "$@"
}
