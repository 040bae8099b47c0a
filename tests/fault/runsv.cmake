runsuite_test(fault runsv fault/runsv_test.cpp)

add_executable(soak_service soak/service.cpp)
target_link_libraries(soak_service PRIVATE runsuite_warnings)
runsuite_test(fault kill fault/runsv_kill_test.cpp)
target_compile_definitions(fault_kill PRIVATE RUNSUITE_SOAK_SERVICE="$<TARGET_FILE:soak_service>")
add_dependencies(fault_kill soak_service)
