runsuite_test(container runsvdir container/runsvdir_test.cpp container/runsvdir_start_test.cpp container/runsvdir_state_test.cpp container/runsvdir_stop_test.cpp
    container/runsvdir_terminal_test.cpp container/runsvdir_trouble_test.cpp)
