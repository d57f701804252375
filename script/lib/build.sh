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

# build <folder> [target...]: everything by default. Says nothing when it works,
# otherwise what the compiler said about all that failed.
build() {
    local folder=$1 log=$1/build.log
    shift
    [ $# -gt 0 ] || set -- all
    if ! cmake --build "$folder" -j "$(nproc)" --target "$@" -- -k 0 >"$log" 2>&1; then
        grep -vE '^(\[[0-9]+/[0-9]+\]|-- |ninja: |(: && )?/[^ ]*/(gcc|cc|clang|cmake) )' \
            "$log" >&2 || true
        return 1
    fi
}

# build_preset <preset> [target...], into build/<preset>.
build_preset() {
    local preset=$1
    shift
    configure "build/$preset" "$preset" && build "build/$preset" "$@"
}
