runsuite_test(fault utmpset fault/utmpset_test.cpp)
