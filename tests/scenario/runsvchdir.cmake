runsuite_test(scenario runsvchdir scenario/runsvchdir_test.cpp scenario/runsvchdir_switch_test.cpp
    REFERENCE MIXED runsvdir)
