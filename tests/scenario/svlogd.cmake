if(TARGET svlogd)
    runsuite_test(scenario svlogd scenario/svlogd_test.cpp scenario/svlogd_lines_test.cpp
        scenario/svlogd_config_test.cpp scenario/svlogd_processor_test.cpp REFERENCE)
endif()
