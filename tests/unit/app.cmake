runsuite_test(unit app unit/report_test.cpp unit/state_dir_test.cpp LINK runsuite_app)
