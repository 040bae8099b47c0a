# The rules that the sources keep, as scripts: 77 is "cannot be checked here", with the reason printed.
set(programs runsv runsvdir runsvchdir sv chpst svlogd runit runit-init utmpset)

function(runsuite_check sentence script)
    add_test(NAME "checks: ${sentence}" COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/checks/${script}.sh ${ARGN}
        COMMAND_EXPAND_LISTS)
    set_tests_properties("checks: ${sentence}" PROPERTIES LABELS checks SKIP_RETURN_CODE 77 TIMEOUT 60)
endfunction()

runsuite_check("the top level has its fixed names" names ${PROJECT_SOURCE_DIR})
runsuite_check("layers include only what is below them" layering ${PROJECT_SOURCE_DIR})
runsuite_check("every open goes through the one file whose opens cannot wait" opens ${PROJECT_SOURCE_DIR})
runsuite_check("no source has more than 300 lines of code" length ${PROJECT_SOURCE_DIR})
runsuite_check("every script parses" scripts ${PROJECT_SOURCE_DIR})
runsuite_check("where there is apk the scripts ask it for what is missing" apk ${PROJECT_SOURCE_DIR})
runsuite_check("every bug of the reference has a test" bugs ${PROJECT_SOURCE_DIR})
runsuite_check("every source is formatted" format ${PROJECT_SOURCE_DIR})

file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/*/*.8)
if(pages)
    runsuite_check("the manual pages are clean" pages ${pages})
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/runsv/runsv.8 AND EXISTS ${PROJECT_SOURCE_DIR}/sv/sv.8)
    runsuite_test(checks pages checks/command_pages_test.cpp LINK runsuite_model)
endif()

# A sanitizer adds calls of its own to every object.
if(NOT RUNSUITE_SANITIZED)
    foreach(program ${programs})
        if(NOT TARGET ${program})
            continue()
        endif()
        if(TARGET ${program}_rules)
            set(extra "none")
            if(program MATCHES "^(runsvdir|sv|chpst)$")  # grows with the services; live for milliseconds
                set(extra "malloc free realloc strdup qsort")
            endif()
            runsuite_check("the rules of ${program} import nothing that does I/O" symbols ${CMAKE_NM} ${extra}
                $<TARGET_FILE:${program}_rules> $<TARGET_FILE:runsuite_model> -- $<TARGET_FILE:runsuite_posix>)
        endif()
        if(program MATCHES "^(runsv|runsvdir|svlogd|runit)$")
            set(never "sleep usleep nanosleep clock_nanosleep system popen exit _exit")
            if(program MATCHES "^(runit|svlogd)$")  # the child that ends the machine, or looks up a host, ends itself
                string(REPLACE " _exit" "" never "${never}")
            endif()
            if(program MATCHES "^(runsv|runit)$")
                string(APPEND never " malloc calloc realloc strdup _Znwm _Znam")
            endif()
            runsuite_check("${program} neither sleeps nor exits on its way" resident ${CMAKE_NM} ${never}
                $<TARGET_OBJECTS:${program}>)
        endif()
    endforeach()
    runsuite_check("the model imports nothing that does I/O" symbols ${CMAKE_NM} none $<TARGET_FILE:runsuite_model>
        -- $<TARGET_FILE:runsuite_posix>)
endif()

if(NOT RUNSUITE_SANITIZED AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo|MinSizeRel)$")
    list(TRANSFORM programs REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE files)
    runsuite_check("every program that is linked to a shared libc is hardened" hardening ${CMAKE_READELF} ${CMAKE_CXX_COMPILER}
        ${files})
endif()

# Costs a build of some programs, once.
if(NOT RUNSUITE_SANITIZED)
    set(sentence "the paths that a build is given are those of its programs and pages")
    runsuite_check(${sentence} paths ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/other-paths -G ${CMAKE_GENERATOR}
        -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER})
    set_tests_properties("checks: ${sentence}" PROPERTIES TIMEOUT 600)
endif()

if(NOT RUNSUITE_SANITIZED)
    set(sentence "a static build links without a warning")
    runsuite_check(${sentence} static ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/static -G ${CMAKE_GENERATOR}
        -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER})
    set_tests_properties("checks: ${sentence}" PROPERTIES TIMEOUT 600)
endif()

# What is measured is what is installed: neither a sanitizer nor a build for the debugger.
if(NOT RUNSUITE_SANITIZED AND CMAKE_BUILD_TYPE MATCHES "^(Release|MinSizeRel)$")
    runsuite_test(checks footprint checks/footprint_test.cpp)
endif()
