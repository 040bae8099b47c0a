runsuite_test(scenario sv scenario/sv_status_test.cpp scenario/sv_command_test.cpp scenario/sv_wait_test.cpp
    scenario/sv_check_test.cpp scenario/sv_settle_test.cpp scenario/sv_runsv_test.cpp scenario/sv_support.cpp LINK runsuite_model runsuite_posix REFERENCE MIXED runsv sv)
