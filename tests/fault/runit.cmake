runsuite_test(fault runit fault/runit_test.cpp)
