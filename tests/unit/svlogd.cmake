if(TARGET svlogd_rules)
    runsuite_test(unit svlogd unit/svlogd_pattern_test.cpp unit/svlogd_config_test.cpp unit/svlogd_rotation_test.cpp
        unit/svlogd_time_stamp_test.cpp unit/svlogd_line_reader_test.cpp
        unit/svlogd_line_output_test.cpp unit/svlogd_pace_test.cpp unit/svlogd_trouble_test.cpp LINK svlogd_rules)
endif()
