# SPDX-License-Identifier: GPL-2.0-or-later
# Random and nearly right system calls through dispatch: a short run is a test, `fuzz_syscalls PROGRAM 10000000` the long one.
set(_fuzz_guest ${CMAKE_CURRENT_BINARY_DIR}/fuzz_guest)
lstar_guest_program(${_fuzz_guest} ${CMAKE_CURRENT_LIST_DIR}/guest/idle.c)
add_custom_target(fuzz_guest_program ALL DEPENDS ${_fuzz_guest})
add_executable(fuzz_syscalls ${CMAKE_CURRENT_LIST_DIR}/syscalls.c
  ${CMAKE_CURRENT_LIST_DIR}/syscalls_arguments.c)
target_link_libraries(fuzz_syscalls PRIVATE liblstar lstar_options lstar::unicorn PkgConfig::CAPSTONE)
add_test(NAME fuzz/syscalls COMMAND fuzz_syscalls ${_fuzz_guest} 300000)
set_tests_properties(fuzz/syscalls PROPERTIES LABELS fuzz TIMEOUT 600)
