#!/usr/bin/env bash
# Install into an empty folder and build programs against it, with nothing but a
# compiler and pkg-config, and with CMake: `install.sh <source folder> <work folder>`.
#
# The library is built here a second time, plain: one that is built with a
# sanitizer cannot serve a program that is not.
set -euo pipefail
source=$1
work=$2
prefix=$work/prefix
libdir=lib/some-linux # as deep as Debian's
build=$work/build

run() {
    "$@" >"$work/log" 2>&1 || {
        echo "FAIL: $*"
        cat "$work/log"
        exit 1
    }
}

# The last command's output has the text.
said() {
    grep -q -- "$1" "$work/log" || {
        echo "FAIL: no \"$1\" in the output:"
        cat "$work/log"
        exit 1
    }
}

rm -rf "$prefix" "$work/elsewhere"
mkdir -p "$work"
run cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None \
    -DRETORT_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$prefix" \
    -DCMAKE_INSTALL_LIBDIR=$libdir
run cmake --build "$build"
run cmake --install "$build"

# Who only installs waits for nothing else.
run cmake --build "$build" --target help
! grep -E '^(test|bench|example|fuzz|misuse)_|^jinja-cases' "$work/log" || {
    echo "FAIL: -DRETORT_TESTS=OFF builds more than it installs"
    exit 1
}

# The .pc files are right wherever the tree ends up.
run cmake --install "$build" --prefix "$work/elsewhere"
for pc in retort retort-template retort-test; do
    run env PKG_CONFIG_PATH="$work/elsewhere/$libdir/pkgconfig" \
        pkg-config --cflags --libs $pc
    include=$(grep -o -m 1 -- '-I[^ ]*' "$work/log")
    lib=$(grep -o -m 1 -- '-L[^ ]*' "$work/log")
    run realpath -e "${include#-I}/retort.h" "${lib#-L}/lib$pc.a"
    said "^$work/elsewhere/include/retort.h$"
    said "^$work/elsewhere/$libdir/lib$pc.a$"
done

export PKG_CONFIG_PATH=$prefix/$libdir/pkgconfig
cd "$work"
run pkg-config --cflags retort
said -fstack-clash-protection
cat >app.c <<'C'
#include <retort.h>

static rt_response *hello(rt_request *req, const char *name)
{
    return rt_text(req, "Hello, {}!\n", name);
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("hello");

    rt_get(app, "/hello/<name>", hello);
    return rt_main(app, argc, argv);
}
C
# shellcheck disable=SC2046
{
    run cc app.c $(pkg-config --cflags --libs retort) -o shared
    run cc app.c $(pkg-config --cflags retort) "$prefix/$libdir/libretort.a" \
        $(pkg-config --libs --static retort | sed 's/-lretort[a-z-]*//g') -o static
}
run env LD_LIBRARY_PATH="$prefix/$libdir" ./shared --version
run ./static --version
run "$prefix/bin/retort" --version # finds its libraries where they were put
run env LD_LIBRARY_PATH="$prefix/$libdir" ./shared routes
said '/hello/<name>'

# The soname is what a packaged program asks for.
run readelf -d shared
said 'libretort\.so\.0'

# The template engine by itself asks for nothing else of Retort.
cat >template.c <<'C'
#include <stdio.h>

#include <retort/template.h>

int main(void)
{
    rt_arena arena = {0};
    rt_template_env *env = rt_template_env_new(.autoescape = RT_AUTOESCAPE_ON);
    rt_template *t;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_value context = rt_dict_new(&arena);
    if (rt_dict_set_str(context, RT_STR("name"), RT("<ada>")) ||
        rt_template_parse(env, &arena, RT_STR("Hello {{ name|title }}!"), &t,
                          &error) ||
        rt_template_render(t, &arena, context, &out, &error))
        return 1;
    puts(rt_buf_str(&out).data);
    rt_template_put(t);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
    return 0;
}
C
# shellcheck disable=SC2046
run cc template.c $(pkg-config --cflags --libs retort-template) -o template
run env LD_LIBRARY_PATH="$prefix/$libdir" ./template
said 'Hello &lt;Ada&gt;!'
run readelf -d template
! grep -q 'libretort\.so' "$work/log" || {
    echo "FAIL: the template program needs libretort"
    exit 1
}

# C++ has the functions, if not the macros.
cat >app.cc <<'CC'
#include <cstdio>

#include <retort.h>

int main()
{
    rt_app_options options = {};
    rt_app *app = rt_app_create("from C++", &options);

    std::puts(rt_app_name(app));
    rt_app_free(app);
}
CC
cxx=$(command -v c++ || command -v clang++ || true)
if [ -n "$cxx" ]; then
    # shellcheck disable=SC2046
    run "$cxx" -std=c++17 app.cc $(pkg-config --cflags --libs retort) -o plus
    run env LD_LIBRARY_PATH="$prefix/$libdir" ./plus
    said '^from C++$'
fi

cat >test_app.c <<'C'
#include <retort/test.h>

RT_TEST(an_application_may_use_the_harness)
{
    CHECK_EQ(1 + 1, 2);
}
C
# shellcheck disable=SC2046
run cc test_app.c $(pkg-config --cflags --libs retort-test) -o test_app
run ./test_app
said '^1 passed, 0 failed, 0 skipped$'

# A project of CMake finds all of it, also where the tree has been moved to.
mkdir -p "$work/project"
cp app.c template.c test_app.c "$work/project"
cat >"$work/project/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.20)
project(hello C)
find_package(Retort 0.1 REQUIRED COMPONENTS retort template test)
add_executable(hello app.c)
target_link_libraries(hello PRIVATE Retort::retort)
add_executable(page template.c)
target_link_libraries(page PRIVATE Retort::template)
add_executable(test_hello test_app.c)
target_link_libraries(test_hello PRIVATE Retort::retort Retort::test)
message(STATUS "found Retort ${Retort_VERSION}")
CMAKE
rm -rf "$work/moved"
mv "$work/elsewhere" "$work/moved"
run cmake -S "$work/project" -B "$work/project/build" \
    -DRetort_DIR="$work/moved/$libdir/cmake/Retort"
said 'found Retort 0\.1\.0'
run cmake --build "$work/project/build" --verbose
said -fstack-clash-protection
run "$work/project/build/hello" routes
said '/hello/<name>'
run "$work/project/build/page"
run readelf -d "$work/project/build/page"
! grep -q 'libretort\.so' "$work/log" || {
    echo "FAIL: Retort::template needs libretort"
    exit 1
}
run "$work/project/build/test_hello"
sed -i 's/Retort 0\.1/Retort 0.2/' "$work/project/CMakeLists.txt"
! cmake -S "$work/project" -B "$work/project/newer" \
    -DRetort_DIR="$work/moved/$libdir/cmake/Retort" \
    >"$work/log" 2>&1 || {
    echo "FAIL: a version is taken that is another one than what was asked for"
    exit 1
}
