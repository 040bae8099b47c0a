# The decoders of svlogd against any bytes. RUNSUITE_FUZZ, with clang: fuzz_svlogd_NAME searches for new inputs.
# Always: a test gives each the corpus and a fixed set of changed copies of it.
option(RUNSUITE_FUZZ "Build the fuzzers (needs clang)" OFF)

if(TARGET svlogd_rules)
    foreach(target svlogd_pattern svlogd_config svlogd_line_reader)
        add_executable(replay_${target} fuzz/${target}.cpp fuzz/replay.cpp)
        target_link_libraries(replay_${target} PRIVATE svlogd_rules runsuite_warnings)
        add_test(NAME "fuzz.${target}: its corpus and changed copies of it are harmless"
            COMMAND replay_${target} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${target})
        set_tests_properties("fuzz.${target}: its corpus and changed copies of it are harmless" PROPERTIES LABELS fuzz)
        if(RUNSUITE_FUZZ AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
            get_target_property(sources svlogd_rules SOURCES)
            list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/svlogd/)
            add_executable(fuzz_${target} fuzz/${target}.cpp ${sources} ${PROJECT_SOURCE_DIR}/lib/model/tai64n.cpp)
            target_include_directories(fuzz_${target} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/lib)
            target_compile_options(fuzz_${target} PRIVATE -g -O1 -fsanitize=fuzzer,address,undefined)
            target_link_options(fuzz_${target} PRIVATE -fsanitize=fuzzer,address,undefined)
            target_link_libraries(fuzz_${target} PRIVATE runsuite_warnings)
        endif()
    endforeach()
endif()
