set(sources account changes credentials env_directory environment kernel narrate resource_limits)
list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/chpst/)
list(TRANSFORM sources APPEND .cpp)
runsuite_test(checks chpst checks/chpst_page_test.cpp ${sources} LINK chpst_rules)
