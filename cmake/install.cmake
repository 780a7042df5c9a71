# SPDX-License-Identifier: GPL-2.0-or-later
#
# What `cmake --install` puts where. The library is installed as one archive that holds the CPU engine too and shows nothing but
# lstar_*: whoever links it meets none of our inner names, nor the engine's.
include(CMakePackageConfigHelpers)

set(_whole ${CMAKE_CURRENT_BINARY_DIR}/whole)
add_custom_command(OUTPUT ${_whole}/liblstar.a
  COMMAND ${CMAKE_COMMAND} -E make_directory ${_whole}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${_whole}/liblstar.a
  COMMAND ${CMAKE_LINKER} -r -o ${_whole}/lstar.o --whole-archive $<TARGET_FILE:liblstar>
          --no-whole-archive $<TARGET_FILE:lstar::unicorn>
  COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=lstar_* ${_whole}/lstar.o
  COMMAND ${CMAKE_AR} rcs ${_whole}/liblstar.a ${_whole}/lstar.o
  DEPENDS liblstar
  COMMENT "The library and the engine as one archive" VERBATIM)
add_custom_target(liblstar_whole ALL DEPENDS ${_whole}/liblstar.a)

configure_file(${CMAKE_CURRENT_LIST_DIR}/lstar.pc.in ${CMAKE_CURRENT_BINARY_DIR}/lstar.pc @ONLY)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/lstarConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

install(TARGETS lstar RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${_whole}/liblstar.a DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES include/lstar/lstar.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/lstar)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/lstar.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES cmake/lstarConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/lstarConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/lstar)
install(FILES docs/lstar.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES src/cli/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME lstar)
install(FILES LICENSE README.md docs/architecture.md docs/syscalls.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
