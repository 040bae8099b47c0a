runsuite_test(fault runsv fault/runsv_test.cpp)
