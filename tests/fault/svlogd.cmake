if(TARGET svlogd)
    runsuite_test(fault svlogd fault/svlogd_test.cpp fault/svlogd_loss_test.cpp fault/svlogd_crash_test.cpp
        fault/svlogd_clock_test.cpp fault/svlogd_stranger_test.cpp fault/svlogd_wait_test.cpp
        fault/svlogd_directory_test.cpp)
    # Started a thousand times, a sanitizer takes longer than a test may.
    target_compile_definitions(fault_svlogd PRIVATE $<$<BOOL:${RUNSUITE_SANITIZED}>:RUNSUITE_SANITIZED>)
endif()
