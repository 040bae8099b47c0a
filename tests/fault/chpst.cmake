runsuite_test(fault chpst fault/chpst_test.cpp)
# A sanitizer asks for limits at its own start.
target_compile_definitions(fault_chpst PRIVATE $<$<BOOL:${RUNSUITE_SANITIZED}>:RUNSUITE_SANITIZED>)
