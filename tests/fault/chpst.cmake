runsuite_test(fault chpst fault/chpst_test.cpp)
