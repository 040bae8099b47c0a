runsuite_test(posix app posix/run_trouble_test.cpp LINK runsuite_app)
