# An extension is ext/<name>/, laid out as a third party's would be:
#
#   include/retort/<name>.h   what applications include
#   src/*.c                   on public headers of Retort alone
#   tests/test_<noun>.c       the ctest entry ext/<name>/<noun>
#
#   rt_extension(<name> [DEPS <extension>...] [LIBS <target>...]
#                       [ENGINES <file prefix>:<pkg-config prefix>...])
#
# It becomes libretort-<name>. Sources that begin with the prefix of an engine
# are left out where its library is missing, and RT_HAVE_<prefix> is defined
# where it is there.
function(rt_extension name)
  cmake_parse_arguments(arg "" "" "DEPS;LIBS;ENGINES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/ext/${name})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/src/*.c)
  set(libs ${arg_LIBS})
  set(defines "")
  foreach(engine IN LISTS arg_ENGINES)
    string(REPLACE ":" ";" engine ${engine})
    list(GET engine 0 prefix)
    list(GET engine 1 lib)
    if(${lib}_FOUND)
      list(APPEND libs PkgConfig::${lib})
      list(APPEND defines RT_HAVE_${lib}=1)
    else()
      list(FILTER sources EXCLUDE REGEX "/src/${prefix}[^/]*\\.c$")
    endif()
  endforeach()
  if(NOT sources)
    return()
  endif()

  set(target retort_ext_${name})
  set(includes ${folder}/include)
  set(shared retort)
  foreach(dep IN LISTS arg_DEPS)
    if(NOT TARGET retort_${dep})
      return()
    endif()
    list(APPEND includes ${PROJECT_SOURCE_DIR}/ext/${dep}/include)
    list(APPEND shared retort_${dep})
  endforeach()
  add_library(${target}_objects OBJECT ${sources})
  target_include_directories(${target}_objects
    PUBLIC ${PROJECT_SOURCE_DIR}/include ${includes} PRIVATE ${folder}/src)
  target_compile_definitions(${target}_objects PUBLIC ${defines})
  target_link_libraries(${target}_objects PRIVATE retort_flags ${libs})

  rt_shared_library(retort_${name} retort-${name}
    $<TARGET_OBJECTS:${target}_objects> "${libs}")
  target_link_libraries(retort_${name} PUBLIC ${shared})
  target_include_directories(retort_${name}
    PUBLIC $<BUILD_INTERFACE:${folder}/include>)
  set_target_properties(retort_${name} PROPERTIES
    EXPORT_NAME ${name} INSTALL_RPATH "$ORIGIN")
  install(TARGETS retort_${name} EXPORT Retort
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(DIRECTORY ${folder}/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  rt_extension_pc(${name} "${arg_DEPS}")
  set_target_properties(${target}_objects PROPERTIES RT_LINK "${shared};${libs}")
  rt_extension_tests(${name} "${libs}" "${shared}")
endfunction()

# Link the objects of an extension into a program that looks at its insides.
function(rt_use_extension_objects target name)
  get_target_property(link retort_ext_${name}_objects RT_LINK)
  target_include_directories(${target}
    PRIVATE ${PROJECT_SOURCE_DIR}/ext/${name}/src)
  target_link_libraries(${target} PRIVATE retort_ext_${name}_objects ${link})
endfunction()

# retort-<name>.pc.
function(rt_extension_pc name deps)
  set(pc_name ${name})
  set(pc_requires retort)
  foreach(dep IN LISTS deps)
    string(APPEND pc_requires " retort-${dep}")
  endforeach()
  rt_pc_folders()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/retort-extension.pc.in
    ${PROJECT_BINARY_DIR}/retort-${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/retort-${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

# Tests see the private headers, so they link the objects, and of the other
# libraries the shared ones. Other C files of the folder are linked into each.
function(rt_extension_tests name libs shared)
  if(NOT RETORT_TESTS OR RETORT_FUZZ)
    return()
  endif()
  set(folder ${PROJECT_SOURCE_DIR}/ext/${name})
  file(GLOB tests CONFIGURE_DEPENDS ${folder}/tests/test_*.c)
  file(GLOB helpers CONFIGURE_DEPENDS ${folder}/tests/*.c)
  list(REMOVE_ITEM helpers ${tests} "")
  foreach(source IN LISTS tests)
    get_filename_component(noun ${source} NAME_WE)
    string(REGEX REPLACE "^test_" "" noun ${noun})
    set(target test_ext_${name}_${noun})
    add_executable(${target} ${source} ${helpers})
    target_include_directories(${target} PRIVATE ${folder}/src)
    target_link_libraries(${target} PRIVATE retort_flags retort_harness
      retort_ext_${name}_objects
      ${shared} ${libs})
    rt_test(ext/${name}/${noun} NEEDS ${target} COMMAND ${target})
  endforeach()
endfunction()
