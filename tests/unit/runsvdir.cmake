runsuite_test(unit runsvdir unit/runsvdir_options_test.cpp unit/runsvdir_rules_test.cpp unit/runsvdir_services_test.cpp
    unit/runsvdir_start_trial_test.cpp unit/runsvdir_stop_test.cpp unit/runsvdir_title_test.cpp LINK runsvdir_rules)
