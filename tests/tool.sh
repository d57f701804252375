#!/usr/bin/env bash
# The `retort` tool: `tool.sh <the tool> <work folder>`.
set -euo pipefail
tool=$1
work=$2

fail() {
    echo "FAIL: $*"
    exit 1
}

# expect <exit status> <text in the output> <arguments>...
expect() {
    local status=0
    "$tool" "${@:3}" >"$work/out" 2>&1 || status=$?
    [ "$status" -eq "$1" ] || {
        cat "$work/out"
        fail "status $status instead of $1: retort ${*:3}"
    }
    grep -qF -- "$2" "$work/out" || {
        cat "$work/out"
        fail "no \"$2\" in the output of: retort ${*:3}"
    }
}

rm -rf "$work"
mkdir -p "$work/site/parts"
cd "$work"
printf 'Hello {%% include "parts/name.txt" %%}!\n' >site/hello.txt
printf '{{ name|upper }}' >site/parts/name.txt
printf '{"name": "<ada>"}' >context.json

expect 0 'Hello <ADA>!' template render site/hello.txt --context context.json
expect 0 '&lt;ADA&gt;' template render site/parts/name.txt --context context.json --autoescape
expect 0 'Hello !' template render site/hello.txt
expect 1 "'name' is undefined" template render site/parts/name.txt --strict
echo '{{ 1 + 2 }}' | expect 0 3 template render -
expect 1 'cannot read' template dump nowhere.txt
expect 0 'VARIABLE_BEGIN' template dump --tokens site/parts/name.txt
expect 0 'filter' template dump --ast site/parts/name.txt
expect 0 'FILTER' template dump --code site/parts/name.txt
expect 0 '2 templates, 0 with errors' template check site
printf 'one\n{%% if %%}' >site/bad.txt
expect 1 'bad.txt:2' template check site
expect 1 'bad.txt:2' template bundle site -o bundle.c
[ ! -e bundle.c ] || fail "a bundle with errors was written"
rm site/bad.txt
expect 0 '2 templates' template bundle site -o bundle.c --name pages
grep -q 'pages_len = 2' bundle.c || fail "the bundle has no length"
[ "$("$tool" template bundle site 2>/dev/null | head -c 2)" = // ] ||
    fail "a bundle on standard output begins with something else"
grep -q '{{ name|upper }}' bundle.c || fail "the bundle lacks a template"
mkdir own
echo '{{ 5|money }}{% if 5 is prime %}{% endif %}{% trans %}x{% endtrans %}' >own/a.txt
expect 1 "No filter named 'money'" template check own
expect 0 '1 templates, 0 with errors' template check --filter money --test prime own
expect 1 "only the program itself has 'money'" template render --filter money --test prime own/a.txt
# A folder that is not there is no folder without templates.
expect 2 'cannot read the folder nowhere: No such file' template check nowhere
expect 2 'cannot read the folder nowhere: No such file' template bundle nowhere
expect 2 'Not a directory' template check own/a.txt

# Every unknown name is reported, in blocks, too, and other templates as well.
mkdir many
printf '{{ 1|one }}\n{{ 2|two + 3|four }}{%% block b %%}{{ 3 is three }}{%% endblock %%}' >many/a.txt
printf '{%% if %%}' >many/b.txt
for text in "a.txt:1:6: TemplateAssertionError: No filter named 'one'" \
    "a.txt:2:6: TemplateAssertionError: No filter named 'two'" \
    "No filter named 'four'" "No test named 'three'" b.txt:1 '2 templates, 2 with errors'; do
    expect 1 "$text" template check many
done

# Links that lead back are not followed.
mkdir -p loops/a/b
echo x >loops/a/b/c.txt
ln -s .. loops/a/b/one
ln -s ../.. loops/a/b/two
ln -s b loops/a/other
expect 0 '2 templates, 0 with errors' template check loops

# What cannot be read or written is an error.
expect 1 'cannot load template' template render /proc/self/mem
expect 1 'cannot read /proc/self/mem' template dump /proc/self/mem
for command in 'render site/hello.txt' 'dump site/hello.txt' 'check site' \
    'bundle site' 'bundle site -o /dev/full' 'render --help' --help; do
    status=0
    # shellcheck disable=SC2086
    "$tool" template $command >/dev/full 2>out || status=$?
    [ "$status" -eq 1 ] || fail "status $status: $command >/dev/full"
    grep -q 'cannot write' out || fail "no message: $command >/dev/full"
done
expect 2 'cannot both be standard input' template render - --context - </dev/null
expect 0 'Usage: retort template dump' template --help
expect 0 '[--test NAME]' template bundle --help

expect 2 'no such command' template frobnicate x
expect 2 'Usage' template render
expect 2 'Usage'
expect 0 'Retort ' --version
