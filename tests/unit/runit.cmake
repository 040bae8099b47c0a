runsuite_test(unit runit unit/runit_stage_test.cpp LINK runit_rules)
