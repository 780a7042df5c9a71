# SPDX-License-Identifier: GPL-2.0-or-later
#
# lstar::unicorn, the CPU engine's library: obtained and built by deps/unicorn/build into a cache outside the build
# tree, at configure time. Configures again when the script or a patch changes.
set(LSTAR_UNICORN_SOURCE "" CACHE STRING
    "Unicorn's release as a local tarball or folder, instead of fetching it")
set(LSTAR_UNICORN_CFLAGS "" CACHE STRING "Further compiler flags for the CPU engine")

set(_script ${CMAKE_CURRENT_LIST_DIR}/../deps/unicorn/build)
file(GLOB _patches CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../deps/unicorn/patches/*.patch)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_script} ${_patches})

set(_args "")
if(LSTAR_UNICORN_SOURCE)
  list(APPEND _args --source ${LSTAR_UNICORN_SOURCE})
endif()
if(LSTAR_UNICORN_CFLAGS)
  list(APPEND _args --cflags ${LSTAR_UNICORN_CFLAGS})
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER} bash ${_script} ${_args}
  OUTPUT_VARIABLE _prefix OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE _status)
if(NOT _status EQUAL 0)
  message(FATAL_ERROR "The CPU engine could not be built: the reason stands above.")
endif()
message(STATUS "CPU engine: ${_prefix}")

find_package(Threads REQUIRED)
if(NOT TARGET lstar::unicorn)
  add_library(lstar::unicorn STATIC IMPORTED GLOBAL)
endif()
set_target_properties(lstar::unicorn PROPERTIES
  IMPORTED_LOCATION ${_prefix}/lib/libunicorn.a
  INTERFACE_INCLUDE_DIRECTORIES ${_prefix}/include
  INTERFACE_LINK_LIBRARIES "Threads::Threads;m")
set(LSTAR_UNICORN_PREFIX ${_prefix})
