runsuite_test(scenario about scenario/about_test.cpp)
