# Two minutes of it; as long as you like with run.sh. Beside the other tests, so that the whole takes no longer.
if(TARGET soak_service AND NOT RUNSUITE_SANITIZED)
    set(sentence "soak: for two minutes everything is killed, moved and commanded, and what must hold holds")
    add_test(NAME ${sentence} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/soak/run.sh 2 11 ${RUNSUITE_TESTED})
    set_tests_properties(${sentence} PROPERTIES LABELS soak SKIP_RETURN_CODE 77 TIMEOUT 400 COST 1000
        ENVIRONMENT RUNSUITE_SOAK_SERVICE=$<TARGET_FILE:soak_service>)
endif()
