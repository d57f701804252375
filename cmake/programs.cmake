# Programs that are not a floor: examples, benchmarks, fuzz targets, and the
# tests that run compilers or whole programs.

# examples/<name>/*.c is one program, built against the shared library alone as
# a user's would be.
function(rt_examples)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*/*.c)
  set(names "")
  foreach(source IN LISTS sources)
    get_filename_component(folder ${source} DIRECTORY)
    get_filename_component(name ${folder} NAME)
    list(APPEND names ${name})
    list(APPEND files_${name} ${source})
  endforeach()
  list(REMOVE_DUPLICATES names)
  foreach(name IN LISTS names)
    add_executable(example_${name} ${files_${name}})
    set_target_properties(example_${name} PROPERTIES
      OUTPUT_NAME ${name}
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples/${name})
    target_link_libraries(example_${name} PRIVATE retort_flags retort)
    rt_use_extensions(example_${name} ${files_${name}})
  endforeach()
endfunction()

# Link the extensions that a program's sources name in lines `// uses: db`.
function(rt_use_extensions target)
  foreach(source IN LISTS ARGN)
    file(STRINGS ${source} uses REGEX "^// uses: ")
    string(REGEX REPLACE "// uses: *" "" uses "${uses}")
    separate_arguments(uses)
    foreach(name IN LISTS uses)
      target_link_libraries(${target} PRIVATE retort_${name})
    endforeach()
  endforeach()
endfunction()

# bench/<name>.c is the program bench_<name>. A file with a line
# `// needs: <library>` is left out where that library is not installed. The
# target `benchmarks` is all of them and the example they measure.
function(rt_benchmarks)
  add_custom_target(benchmarks)
  if(TARGET example_bench)
    add_dependencies(benchmarks example_bench)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.c)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    file(STRINGS ${source} needs REGEX "^// needs: ")
    string(REGEX REPLACE "^// needs: *" "" needs "${needs}")
    if(needs)
      pkg_check_modules(NEEDS_${name} QUIET IMPORTED_TARGET ${needs})
      if(NOT NEEDS_${name}_FOUND)
        continue()
      endif()
    endif()
    add_executable(bench_${name} ${source})
    add_dependencies(benchmarks bench_${name})
    set_target_properties(bench_${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
    target_include_directories(bench_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(bench_${name} PRIVATE retort_flags retort)
    if(needs)
      target_link_libraries(bench_${name} PRIVATE PkgConfig::NEEDS_${name})
    endif()
  endforeach()
endfunction()

# fuzz/fuzz_<parser>.c links the floor of the file its `// covers:` line names, or
# the objects of an extension: `// covers: ext/<name>/src/<file>.c`.
# In a fuzz build libFuzzer drives it; otherwise it replays fuzz/corpus/<parser>.
function(rt_fuzz_targets)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/fuzz_*.c)
  foreach(source IN LISTS sources)
    get_filename_component(target ${source} NAME_WE)
    string(REGEX REPLACE "^fuzz_" "" parser ${target})
    file(STRINGS ${source} covers REGEX "^// covers: ")
    string(REGEX MATCHALL " src/[a-z0-9_]+/" floors "${covers}")
    list(TRANSFORM floors REPLACE " src/([a-z0-9_]+)/" "retort_\\1")
    string(REGEX MATCHALL " ext/[a-z0-9_]+/src/" extensions "${covers}")
    list(TRANSFORM extensions REPLACE " ext/([a-z0-9_]+)/src/" "\\1")
    list(REMOVE_DUPLICATES floors)
    list(REMOVE_DUPLICATES extensions)
    if(NOT floors AND NOT extensions)
      message(FATAL_ERROR "${source}: no line \"// covers: src/<floor>/<file>.c\"")
    endif()
    add_executable(${target} ${source})
    target_link_libraries(${target} PRIVATE retort_flags ${floors})
    foreach(name IN LISTS extensions)
      rt_use_extension_objects(${target} ${name})
    endforeach()
    if(RETORT_FUZZ)
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
      target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_main.c)
      rt_test(fuzz/${parser} NEEDS ${target}
        COMMAND ${target} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${parser})
    endif()
  endforeach()
endfunction()

# Tests that are programs around a compiler or around a whole program.
function(rt_program_tests)
  rt_test(scripts
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/scripts.sh
      ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/scripts)
  if(RETORT_SANITIZE AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    rt_test(coroutine_clang
      COMMAND bash ${PROJECT_SOURCE_DIR}/tests/coroutine_clang.sh
        ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/clang)
  endif()
  if(NOT Python3_FOUND)
    message(STATUS "python3 not found: the tests around compilers are left out")
    return()
  endif()
  rt_test(compile_fail
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/compile_fail.py)
  rt_test(docs
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/script/lib/doc_blocks.py)
  rt_test(install
    COMMAND bash ${PROJECT_SOURCE_DIR}/tests/install.sh
      ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/install)
  if(TARGET example_quickstart)
    rt_test(quickstart NEEDS example_quickstart
      COMMAND example_quickstart check)
  endif()
  if(TARGET example_notes)
    rt_test(notes NEEDS example_notes
      COMMAND bash ${PROJECT_SOURCE_DIR}/tests/notes.sh
        $<TARGET_FILE:example_notes> ${PROJECT_SOURCE_DIR}/examples/notes)
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/misuse/*.c)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(misuse_${name} ${source})
    target_link_libraries(misuse_${name} PRIVATE retort_flags retort)
    rt_use_extensions(misuse_${name} ${source})
    rt_test(misuse/${name} NEEDS misuse_${name}
      COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/misuse.py
        ${source} $<TARGET_FILE:misuse_${name}>)
  endforeach()
endfunction()

# jinja-cases FILE.jsonl... runs template cases; see the file's head.
function(rt_template_cases)
  set(folder ${PROJECT_SOURCE_DIR}/tests/template/cases)
  add_executable(jinja-cases ${folder}/jinja_cases.c)
  set_target_properties(jinja-cases PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(jinja-cases PRIVATE retort_flags retort_template)
  rt_test(template/cases NEEDS jinja-cases COMMAND jinja-cases
    --except=${folder}/exceptions.txt ${folder}/open.jsonl
    ${folder}/corners.jsonl)
endfunction()

# tests/parity/*.c is parity-app, whose answers are compared with Flask's.
function(rt_parity)
  set(folder ${PROJECT_SOURCE_DIR}/tests/parity)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
  add_executable(parity-app ${sources})
  set_target_properties(parity-app PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_compile_definitions(parity-app PRIVATE PARITY_ROOT="${folder}")
  target_link_libraries(parity-app PRIVATE retort_flags retort)
  if(Python3_FOUND)
    rt_test(parity NEEDS parity-app COMMAND ${Python3_EXECUTABLE}
      ${folder}/run.py $<TARGET_FILE:parity-app>)
  endif()
endfunction()

# tools/retort/*.c is the `retort` tool.
function(rt_tool)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tools/retort/*.c)
  add_executable(retort_tool ${sources})
  file(RELATIVE_PATH libraries ${CMAKE_INSTALL_FULL_BINDIR}
    ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(retort_tool PROPERTIES OUTPUT_NAME retort
    INSTALL_RPATH "$ORIGIN/${libraries}")
  target_link_libraries(retort_tool PRIVATE retort_flags retort)
  install(TARGETS retort_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  if(RETORT_TESTS AND NOT RETORT_FUZZ)
    rt_test(tool NEEDS retort_tool
      COMMAND bash ${PROJECT_SOURCE_DIR}/tests/tool.sh
      $<TARGET_FILE:retort_tool> ${PROJECT_BINARY_DIR}/tool)
  endif()
endfunction()
