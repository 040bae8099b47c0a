# Not a test: run it by hand, on a release build, build/release/bench/bench_chpst [ROUNDS [NAME=CHPST...]].
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64|aarch64|arm64)$")
    add_executable(bench_exit bench/exit.cpp)
    target_compile_options(bench_exit PRIVATE -ffreestanding -fno-pie -fno-stack-protector -fno-sanitize=all
        -fno-asynchronous-unwind-tables)
    target_link_options(bench_exit PRIVATE -nostdlib -static -fno-sanitize=all)
    add_executable(bench_chpst bench/chpst.cpp)
    target_link_libraries(bench_chpst PRIVATE runsuite_warnings)
    target_compile_definitions(bench_chpst PRIVATE RUNSUITE_BIN="${PROJECT_BINARY_DIR}/bin"
        RUNSUITE_BENCH_EXIT="$<TARGET_FILE:bench_exit>")
    set_target_properties(bench_chpst bench_exit PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
    add_dependencies(bench_chpst bench_exit chpst)
endif()
