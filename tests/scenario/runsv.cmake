runsuite_test(scenario runsv scenario/runsv_life_test.cpp scenario/runsv_control_test.cpp scenario/runsv_log_test.cpp scenario/runsv_essential_test.cpp
    scenario/runsv_bad_input_test.cpp scenario/runsv_start_words_test.cpp
    scenario/runsv_trouble_test.cpp scenario/runsv_inherited_test.cpp scenario/runsv_deaths_test.cpp
    scenario/runsv_takeover_test.cpp scenario/runsv_takeover_log_test.cpp scenario/runsv_trust_test.cpp REFERENCE)
