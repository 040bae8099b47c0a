# A machine that boots: each boot is a test, and one more makes what is booted. The programs are static ones of their own,
# whatever is built here; that they are sound is for the other layers to say under the sanitizers.
function(runsuite_boot name sentence)
    add_test(NAME "machine.${name}: ${sentence}"
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/machine/run.sh --prepared ${name})
    set_tests_properties("machine.${name}: ${sentence}" PROPERTIES LABELS machine SKIP_RETURN_CODE 77 TIMEOUT 230
        FIXTURES_REQUIRED machine)
endfunction()

if(NOT RUNSUITE_SANITIZED)
    add_test(NAME "machine: what is booted can be made" COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/machine/run.sh --prepare)
    set_tests_properties("machine: what is booted can be made" PROPERTIES LABELS machine SKIP_RETURN_CODE 77 TIMEOUT 1200
        FIXTURES_SETUP machine)
    runsuite_boot(services "a machine is up, answers, comes through accidents, and powers off at once")
    runsuite_boot(reboot "init 6 reboots")
    runsuite_boot(keys "ctrl-alt-del runs its script")
    runsuite_boot(crashes "a stage 2 that crashes is started again")
    runsuite_boot(login "who is logged in is known, and by utmpset when nobody is")
    runsuite_boot(disk "a root on a disk is checked before it is written, and is clean after the end")
    runsuite_boot(stage1 "a stage 1 that crashes skips stage 2")
    runsuite_boot(rescue "stages that cannot be run lead to a shell")
endif()
