# The example that a newcomer runs first. The reference's programs will do for it too.
if((TARGET runsv AND TARGET runsvdir AND TARGET sv) OR NOT RUNSUITE_TESTED STREQUAL "${PROJECT_BINARY_DIR}/bin")
    runsuite_test(scenario quickstart scenario/quickstart_test.cpp REFERENCE)
endif()
