runsuite_test(scenario utmpset scenario/utmpset_test.cpp scenario/utmpset_new_test.cpp LINK utmpset_rules REFERENCE)
