if(TARGET svlogd)
    set(load "")
    if(NOT RUNSUITE_SANITIZED)
        set(load scenario/svlogd_load_test.cpp)
    endif()
    runsuite_test(scenario svlogd scenario/svlogd_test.cpp scenario/svlogd_lines_test.cpp
        scenario/svlogd_config_test.cpp scenario/svlogd_processor_test.cpp scenario/svlogd_look_up_test.cpp
        ${load} REFERENCE)
endif()
