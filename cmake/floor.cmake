# A floor is src/<name>/: one object library, a static library of its own that
# its tests link (and nothing above it), and a part of libretort.
#
#   rt_floor(<name> [DEPS <lower floor>...] [LIBS <target>...]
#                   [OPTIONAL <pkg-config prefix>...])
#
# OPTIONAL names libraries that may be missing; RT_HAVE_<prefix> is defined
# when one is there. A floor without sources yet is an empty target.
function(rt_floor name)
  cmake_parse_arguments(arg "" "" "DEPS;LIBS;OPTIONAL" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS
    ${PROJECT_SOURCE_DIR}/src/${name}/*.c ${PROJECT_SOURCE_DIR}/src/${name}/*.S)
  list(TRANSFORM arg_DEPS PREPEND retort_ OUTPUT_VARIABLE deps)
  set(libs ${deps} ${arg_LIBS})
  set(defines "")
  foreach(prefix IN LISTS arg_OPTIONAL)
    if(${prefix}_FOUND)
      list(APPEND libs PkgConfig::${prefix})
      list(APPEND defines RT_HAVE_${prefix}=1)
    endif()
  endforeach()

  if(sources)
    add_library(retort_${name}_objects OBJECT ${sources})
    target_include_directories(retort_${name}_objects
      PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_compile_definitions(retort_${name}_objects PRIVATE
      ${defines} RT_VERSION="${PROJECT_VERSION}")
    target_link_libraries(retort_${name}_objects
      PRIVATE retort_flags PUBLIC ${arg_LIBS})
    add_library(retort_${name} STATIC $<TARGET_OBJECTS:retort_${name}_objects>)
    set_target_properties(retort_${name} PROPERTIES LINKER_LANGUAGE C)
    target_include_directories(retort_${name}
      PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(retort_${name} PUBLIC ${libs})
    rt_floor_alone(${name} "${arg_DEPS}" ${libs})
    # base and template are a library by themselves, which libretort links.
    if(name MATCHES "^(base|template)$")
      set(part RT_TEMPLATE_OBJECTS)
    else()
      set(part RT_OBJECTS)
    endif()
    set_property(GLOBAL APPEND PROPERTY ${part}
      $<TARGET_OBJECTS:retort_${name}_objects>)
  else()
    add_library(retort_${name} INTERFACE)
    target_include_directories(retort_${name}
      INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(retort_${name} INTERFACE ${libs})
  endif()
  file(APPEND ${PROJECT_BINARY_DIR}/floors.txt "${name}: ${arg_DEPS}\n")
  set_property(GLOBAL APPEND PROPERTY RT_LIBS ${arg_LIBS})
  foreach(prefix IN LISTS arg_OPTIONAL)
    if(${prefix}_FOUND)
      set_property(GLOBAL APPEND PROPERTY RT_LIBS PkgConfig::${prefix})
    endif()
  endforeach()
  rt_floor_tests(${name})
endfunction()

# floor_<name> is the floor as a shared library of its own, of no use but to be
# linked: every symbol must come from its own files or from the public
# interface of what it may use. `script/check` builds the target `floors`.
function(rt_floor_alone name deps)
  if(RETORT_SANITIZE) # a sanitizer's own symbols come with the program only
    return()
  endif()
  if(NOT TARGET floors)
    add_custom_target(floors)
  endif()
  set(map ${PROJECT_SOURCE_DIR}/cmake/retort.map)
  add_library(floor_${name} SHARED EXCLUDE_FROM_ALL
    $<TARGET_OBJECTS:retort_${name}_objects>)
  set_target_properties(floor_${name} PROPERTIES
    LINKER_LANGUAGE C LINK_DEPENDS ${map})
  target_link_options(floor_${name} PRIVATE
    -Wl,-z,defs -Wl,--version-script=${map})
  target_link_libraries(floor_${name} PRIVATE retort_flags)
  foreach(lib IN LISTS ARGN)
    string(REGEX REPLACE "^retort_" "" dep ${lib})
    if(TARGET floor_${dep})
      target_link_libraries(floor_${name} PUBLIC floor_${dep})
    elseif(NOT dep IN_LIST deps) # a dep without a floor_ has no sources yet
      target_link_libraries(floor_${name} PUBLIC ${lib})
    endif()
  endforeach()
  add_dependencies(floors floor_${name})
endfunction()

# A test, and the targets it needs:
#
#   rt_test(<name> [NEEDS <target>...] COMMAND <command> [<argument>...])
#
# They are kept in tests.txt of the build, so that `script/test <name>` builds
# these and nothing else.
function(rt_test name)
  cmake_parse_arguments(arg "" "" "NEEDS;COMMAND" ${ARGN})
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  list(JOIN arg_NEEDS " " needs)
  file(APPEND ${PROJECT_BINARY_DIR}/tests.txt "${name}: ${needs}\n")
endfunction()

# tests/<name>/test_<noun>.c is the program test_<name>_<noun> and the ctest
# entry <name>/<noun>. Other C files of that folder are linked into each.
function(rt_floor_tests name)
  if(NOT RETORT_TESTS OR RETORT_FUZZ)
    return()
  endif()
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/test_*.c)
  file(GLOB shared CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${name}/*.c)
  list(REMOVE_ITEM shared ${tests} "")
  foreach(source IN LISTS tests)
    get_filename_component(noun ${source} NAME_WE)
    string(REGEX REPLACE "^test_" "" noun ${noun})
    set(target test_${name}_${noun})
    add_executable(${target} ${source} ${shared})
    target_link_libraries(${target} PRIVATE retort_flags retort_harness)
    if(TARGET retort_${name})
      target_link_libraries(${target} PRIVATE retort_${name})
    endif()
    rt_test(${name}/${noun} NEEDS ${target} COMMAND ${target})
  endforeach()
endfunction()

# The test harness is a static library, because it brings main(). Applications
# use it too, so it is installed.
function(rt_harness)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/test/*.c)
  add_library(retort_harness STATIC ${sources})
  set_target_properties(retort_harness PROPERTIES OUTPUT_NAME retort-test)
  target_include_directories(retort_harness
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(retort_harness PRIVATE $<BUILD_INTERFACE:retort_flags>)
  set_target_properties(retort_harness PROPERTIES EXPORT_NAME test)
  install(TARGETS retort_harness EXPORT Retort
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  rt_floor_tests(test)
endfunction()

# libretort-template.so.0 of the floors base and template, and libretort.so.0 of
# the others, which links it: so base exists once in every process. The static
# libretort.a has all floors, libretort-template.a those two.
function(rt_library)
  get_property(template_objects GLOBAL PROPERTY RT_TEMPLATE_OBJECTS)
  get_property(objects GLOBAL PROPERTY RT_OBJECTS)
  get_property(libs GLOBAL PROPERTY RT_LIBS)
  list(REMOVE_DUPLICATES libs)
  set(template_libs PkgConfig::UTF8PROC Threads::Threads m)

  rt_shared_library(retort_template_shared retort-template
    "${template_objects}" "${template_libs}")
  rt_shared_library(retort retort "${objects}" "${libs}")
  target_link_libraries(retort PUBLIC retort_template_shared)
  rt_static_library(retort_template_static retort-template
    "${template_objects}" "${template_libs}")
  rt_static_library(retort_static retort
    "${template_objects};${objects}" "${libs}")

  # By name and not by Requires.private: the closure that other .pc files ask
  # for with --static names libraries whose development files Debian leaves out.
  set(private ${UV_LIBRARIES} ${CRYPTO_LIBRARIES} ${ZLIB_LIBRARIES}
    ${UTF8PROC_LIBRARIES} ${DW_LIBRARIES})
  list(TRANSFORM private PREPEND -l)
  list(REMOVE_DUPLICATES private)
  list(JOIN private " " private)
  rt_pc_folders()
  foreach(pc retort retort-template retort-test)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/${pc}.pc.in
      ${PROJECT_BINARY_DIR}/${pc}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${pc}.pc
      DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  endforeach()
  set_target_properties(retort_template_shared PROPERTIES EXPORT_NAME template)
  # What is installed together finds each other, wherever that is.
  set_target_properties(retort retort_template_shared PROPERTIES
    INSTALL_RPATH "$ORIGIN")
  install(TARGETS retort retort_template_shared EXPORT Retort
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(TARGETS retort_static retort_template_static
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  rt_cmake_package()
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endfunction()

# What find_package(Retort) finds. CMake makes the targets relative to where the
# files lie, so the tree may be moved as a whole.
function(rt_cmake_package)
  include(CMakePackageConfigHelpers)
  # A frame that is larger than a guard zone is caught where it is made.
  target_compile_options(retort INTERFACE
    $<INSTALL_INTERFACE:-fstack-clash-protection>)
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/Retort)
  configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/RetortConfig.cmake.in
    ${PROJECT_BINARY_DIR}/RetortConfig.cmake INSTALL_DESTINATION ${folder})
  # Before 1.0 each minor version may change the interface.
  write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/RetortConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(EXPORT Retort NAMESPACE Retort:: FILE RetortTargets.cmake
    DESTINATION ${folder})
  install(FILES ${PROJECT_BINARY_DIR}/RetortConfig.cmake
    ${PROJECT_BINARY_DIR}/RetortConfigVersion.cmake DESTINATION ${folder})
endfunction()

# What the .pc files say of folders, for the caller's configure_file. The prefix
# is where the file itself lies, some folders up: `cmake --install --prefix` and
# whoever moves the tree as a whole decide about it after this has run. Folders
# that were given as absolute paths do not move.
function(rt_pc_folders)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set(prefix ${CMAKE_INSTALL_PREFIX})
  else()
    file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
    string(REGEX REPLACE "/$" "" up "${up}")
    set(prefix "\${pcfiledir}/${up}")
  endif()
  set(pc_prefix "${prefix}" PARENT_SCOPE)
  foreach(folder LIBDIR INCLUDEDIR)
    string(TOLOWER pc_${folder} name)
    if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
      set(${name} "${CMAKE_INSTALL_${folder}}" PARENT_SCOPE)
    else()
      set(${name} "\${prefix}/${CMAKE_INSTALL_${folder}}" PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# A shared library of object files; what it exports is in cmake/retort.map.
function(rt_shared_library target name objects libs)
  set(map ${PROJECT_SOURCE_DIR}/cmake/retort.map)
  add_library(${target} SHARED ${objects})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME ${name} LINKER_LANGUAGE C SOVERSION 0
    VERSION ${PROJECT_VERSION} LINK_DEPENDS ${map})
  target_link_options(${target} PRIVATE
    -Wl,--version-script=${map} -Wl,-Bsymbolic-functions)
  if(NOT RETORT_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
  target_link_libraries(${target} PRIVATE retort_flags ${libs})
endfunction()

function(rt_static_library target name objects libs)
  add_library(${target} STATIC ${objects})
  set_target_properties(${target} PROPERTIES
    LINKER_LANGUAGE C OUTPUT_NAME ${name})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${target} PRIVATE retort_flags ${libs})
endfunction()
