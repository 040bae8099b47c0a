if(TARGET svlogd)
    runsuite_test(fault svlogd fault/svlogd_test.cpp fault/svlogd_crash_test.cpp fault/svlogd_clock_test.cpp)
endif()
