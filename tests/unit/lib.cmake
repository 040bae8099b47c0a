runsuite_test(unit lib unit/death_record_test.cpp unit/exit_record_test.cpp unit/lock_record_test.cpp unit/status_record_test.cpp unit/tai64n_test.cpp unit/base_test.cpp LINK runsuite_model)
