runsuite_test(fault runsvchdir fault/runsvchdir_test.cpp)
