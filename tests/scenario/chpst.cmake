runsuite_test(scenario chpst scenario/chpst_reference_test.cpp scenario/chpst_bugs_test.cpp scenario/chpst_new_test.cpp
    scenario/chpst_account_test.cpp REFERENCE)
runsuite_test(scenario chpst_names scenario/chpst_names_test.cpp)

# The emulated programs: the same cases against Debian's daemontools.
find_program(RUNSUITE_DAEMONTOOLS_SETUIDGID setuidgid PATHS /usr/bin NO_DEFAULT_PATH)
if(RUNSUITE_DAEMONTOOLS_SETUIDGID)
    cmake_path(GET RUNSUITE_DAEMONTOOLS_SETUIDGID PARENT_PATH daemontools)
    set(environment)
    foreach(name envdir envuidgid pgrphack setlock setuidgid softlimit)
        string(TOUPPER ${name} variable)
        list(APPEND environment "RUNSUITE_${variable}=${daemontools}/${name}")
    endforeach()
    catch_discover_tests(scenario_chpst_names TEST_SPEC "[shared]" TEST_PREFIX "conformance.chpst_names: "
        TEST_SUFFIX " (daemontools)" TEST_LIST scenario_chpst_names_daemontools
        PROPERTIES LABELS conformance TIMEOUT 120 ENVIRONMENT "${environment}")
endif()
