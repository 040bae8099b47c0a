runsuite_test(unit app unit/report_test.cpp LINK runsuite_app)
