runsuite_test(unit runsv unit/runsv_service_test.cpp unit/runsv_reachable_test.cpp unit/runsv_end_count_test.cpp unit/runsv_inheritance_test.cpp LINK runsv_rules)
