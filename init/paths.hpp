// Every file that the programs of a machine go by, in one place. The build sets where they are; see README.md.
#pragma once

namespace runsuite::init {

// RUNSUITE_RUNIT_DIR
inline constexpr const char* stage_1 = RUNSUITE_RUNIT_DIR "/1";
inline constexpr const char* stage_2 = RUNSUITE_RUNIT_DIR "/2";
inline constexpr const char* stage_3 = RUNSUITE_RUNIT_DIR "/3";
inline constexpr const char* ctrlaltdel = RUNSUITE_RUNIT_DIR "/ctrlaltdel";
inline constexpr const char* rescue = RUNSUITE_RUNIT_DIR "/rescue";
inline constexpr const char* grace = RUNSUITE_RUNIT_DIR "/grace";
inline constexpr const char* nosync = RUNSUITE_RUNIT_DIR "/nosync";

// What init tells runit with, by the owner's permission to execute them.
inline constexpr const char* stopit = RUNSUITE_RUNIT_STOPIT;
inline constexpr const char* reboot = RUNSUITE_RUNIT_REBOOT;

// What init becomes as process 1.
inline constexpr const char* runit = RUNSUITE_RUNIT_PROGRAM;

inline constexpr const char* shell = "/bin/sh";
inline constexpr const char* console = "/dev/console";

// What runit says of them has to fit into a line of the console.
static_assert(sizeof RUNSUITE_RUNIT_DIR <= 100 && sizeof RUNSUITE_RUNIT_STOPIT <= 120);

}  // namespace runsuite::init
