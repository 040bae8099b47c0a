runsuite_test(fault sv fault/sv_fault_test.cpp scenario/sv_support.cpp LINK runsuite_model runsuite_posix)
