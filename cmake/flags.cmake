# How every file of Retort is compiled. The target `retort_flags` carries it;
# it is private to the build and never reaches an installed program.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# No NDEBUG in any of them: an assertion is how a worker with broken state dies.
set(CMAKE_C_FLAGS_DEBUG "-Og -g3")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")

add_library(retort_flags INTERFACE)
target_compile_definitions(retort_flags INTERFACE _GNU_SOURCE)
target_compile_options(retort_flags INTERFACE
  -fno-omit-frame-pointer
  -fno-semantic-interposition
  -fstack-clash-protection) # no frame steps over a coroutine's guard unseen

set(warnings
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wformat=2 -Wundef -Wcast-qual -Wwrite-strings -Wpointer-arith
  -Wimplicit-fallthrough -Wconversion -Wno-sign-conversion)
# CHECK(!"what should not have happened") is how a test fails in words.
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  list(APPEND warnings -Wno-string-conversion)
endif()
if(RETORT_WERROR)
  list(APPEND warnings -Werror)
endif()
target_compile_options(retort_flags INTERFACE
  "$<$<COMPILE_LANGUAGE:C>:${warnings}>")

if(RETORT_SANITIZE)
  set(sanitize -fsanitize=${RETORT_SANITIZE} -fno-sanitize-recover=all)
  target_compile_options(retort_flags INTERFACE ${sanitize})
  target_link_options(retort_flags INTERFACE ${sanitize})
  # Debug builds give the arena tiny blocks, so that every boundary is met.
  target_compile_definitions(retort_flags INTERFACE RT_DEBUG=1)
endif()

if(RETORT_FUZZ)
  target_compile_options(retort_flags INTERFACE
    -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(retort_flags INTERFACE -fprofile-instr-generate)
endif()

if(RETORT_HARDEN)
  target_compile_options(retort_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
    -Wformat -Werror=format-security)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(retort_flags INTERFACE -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64")
    target_compile_options(retort_flags INTERFACE -mbranch-protection=standard)
  endif()
  target_link_options(retort_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()

if(RETORT_LTO)
  # Fat objects: libretort.a also serves a program that is linked without LTO.
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(retort_flags INTERFACE
      $<$<COMPILE_LANGUAGE:C>:-flto=auto> $<$<COMPILE_LANGUAGE:C>:-ffat-lto-objects>)
    target_link_options(retort_flags INTERFACE -flto=auto)
  endif()
endif()
