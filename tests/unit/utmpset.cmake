if(TARGET utmpset_rules)
    runsuite_test(unit utmpset unit/utmpset_options_test.cpp unit/utmpset_record_test.cpp LINK utmpset_rules)
endif()
