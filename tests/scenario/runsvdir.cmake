runsuite_test(scenario runsvdir scenario/runsvdir_test.cpp scenario/runsvdir_log_test.cpp
    scenario/runsvdir_changes_test.cpp scenario/runsvdir_limits_test.cpp scenario/runsvdir_bad_input_test.cpp
    scenario/runsvdir_take_over_test.cpp REFERENCE MIXED runsv runsvdir)

# The same scenarios without inotify: what is left is the look every five seconds.
get_target_property(sources runsvdir SOURCES)
list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/runsvdir/)
add_executable(runsvdir_without_inotify ${sources} ${PROJECT_SOURCE_DIR}/lib/posix/watch.cpp)
target_include_directories(runsvdir_without_inotify PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_definitions(runsvdir_without_inotify PRIVATE RUNSUITE_WITHOUT_INOTIFY)
target_link_libraries(runsvdir_without_inotify PRIVATE runsuite_flags runsvdir_rules runsuite_app)
# The order is the default one; it tells this list from the reference's.
catch_discover_tests(scenario_runsvdir TEST_SPEC "[shared]" EXTRA_ARGS --order decl TEST_PREFIX "scenario.runsvdir: "
    TEST_SUFFIX " (without inotify)" TEST_LIST scenario_runsvdir_without_inotify PROPERTIES LABELS scenario TIMEOUT 120
    ENVIRONMENT "RUNSUITE_RUNSVDIR=$<TARGET_FILE:runsvdir_without_inotify>")
