# In podman, too, is for the folder of images.
runsuite_test(container runit container/runit_test.cpp container/runit_failing_test.cpp)
if(NOT RUNSUITE_SANITIZED)
    runsuite_test(conformance runit container/runit_reference_test.cpp)
endif()
target_compile_definitions(container_runit PRIVATE RUNSUITE_VERSION="${PROJECT_VERSION}")
