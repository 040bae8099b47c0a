runsuite_test(fault runsvdir fault/runsvdir_test.cpp)
