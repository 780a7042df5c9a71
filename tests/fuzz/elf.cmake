# SPDX-License-Identifier: GPL-2.0-or-later
# libFuzzer over the loader; begins with the files of tests/real/loader. To go on for longer:
# fuzz_elf -max_len=20000 -max_total_time=3600 corpus
set(_fuzz_elf ${CMAKE_CURRENT_BINARY_DIR}/fuzz_elf)
set(_fuzz_corpus ${CMAKE_CURRENT_BINARY_DIR}/elf_corpus)
set(_malformed ${CMAKE_SOURCE_DIR}/tests/real/loader/malformed.py)
file(GLOB _fuzz_elf_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/loader/*.c
  ${CMAKE_SOURCE_DIR}/src/mem/*.c ${CMAKE_SOURCE_DIR}/src/base/*.c ${CMAKE_SOURCE_DIR}/src/host/*.c)
file(GLOB _fuzz_elf_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/loader/*.h
  ${CMAKE_SOURCE_DIR}/src/mem/*.h ${CMAKE_SOURCE_DIR}/src/base/*.h
  ${CMAKE_SOURCE_DIR}/tests/unit/loader/*.h)
add_custom_command(OUTPUT ${_fuzz_elf}
  COMMAND clang -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined
          -fno-sanitize-recover=undefined -I${CMAKE_SOURCE_DIR}/include -I${CMAKE_SOURCE_DIR}/src
          -I${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_LIST_DIR}/elf.c ${_fuzz_elf_sources} -o ${_fuzz_elf}
  COMMAND python3 ${_malformed} --corpus ${_fuzz_corpus}
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/elf.c ${_fuzz_elf_sources} ${_fuzz_elf_headers} ${_malformed}
  COMMENT "Fuzz target elf" VERBATIM)
add_custom_target(fuzz_elf_program ALL DEPENDS ${_fuzz_elf})
add_test(NAME fuzz/elf COMMAND ${_fuzz_elf} -runs=30000 -seed=1 -max_len=20000 -verbosity=0
  ${_fuzz_corpus})
set_tests_properties(fuzz/elf PROPERTIES LABELS fuzz TIMEOUT 300)
