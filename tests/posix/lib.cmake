runsuite_test(posix lib posix/spawn_test.cpp posix/exec_test.cpp posix/signals_test.cpp posix/file_test.cpp posix/process_test.cpp
    posix/fifo_test.cpp posix/directory_test.cpp posix/watch_test.cpp posix/unique_fd_test.cpp posix/child.cpp
    LINK runsuite_posix)

# The same questions to the build for systems without inotify.
runsuite_test(posix watch_fallback posix/watch_fallback_test.cpp ${PROJECT_SOURCE_DIR}/lib/posix/watch.cpp)
target_compile_definitions(posix_watch_fallback PRIVATE RUNSUITE_WITHOUT_INOTIFY)
