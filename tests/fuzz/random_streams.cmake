# SPDX-License-Identifier: GPL-2.0-or-later
# Random instruction streams through the engine: a short run is a test, `fuzz_random_streams 10000000` the long one.
add_executable(fuzz_random_streams ${CMAKE_CURRENT_LIST_DIR}/random_streams.c)
target_link_libraries(fuzz_random_streams PRIVATE liblstar lstar_options lstar::unicorn)
add_test(NAME fuzz/random_streams COMMAND fuzz_random_streams 300000)
set_tests_properties(fuzz/random_streams PROPERTIES LABELS fuzz TIMEOUT 600)
