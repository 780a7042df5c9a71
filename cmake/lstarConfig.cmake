# SPDX-License-Identifier: GPL-2.0-or-later
# find_package(lstar) gives the target lstar::lstar.
include(CMakeFindDependencyMacro)
find_dependency(Threads)

get_filename_component(_lstar_libdir "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
find_path(LSTAR_INCLUDE_DIR lstar/lstar.h
  PATHS "${_lstar_libdir}/../include" "${_lstar_libdir}/../../include" NO_DEFAULT_PATH REQUIRED)
mark_as_advanced(LSTAR_INCLUDE_DIR)
if(NOT TARGET lstar::lstar)
  add_library(lstar::lstar STATIC IMPORTED)
  set_target_properties(lstar::lstar PROPERTIES
    IMPORTED_LOCATION "${_lstar_libdir}/liblstar.a"
    INTERFACE_INCLUDE_DIRECTORIES "${LSTAR_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
endif()
unset(_lstar_libdir)
