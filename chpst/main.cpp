#include <unistd.h>

#include <cstdlib>

#include "app/about.hpp"
#include "chpst/changes.hpp"
#include "chpst/narrate.hpp"
#include "chpst/options.hpp"
#include "chpst/refusal.hpp"
#include "posix/spawn.hpp"

using namespace runsuite;

namespace {

const char* base_name(const char* path)
{
    const char* name = path;
    for (; *path != '\0'; ++path) {
        if (*path == '/') name = path + 1;
    }
    return name;
}

// The arguments are replaced in place: argv[0] by the one of -b.
chpst::Failure run(const chpst::ProcessState& state, const char** argv)
{
    static constinit chpst::Findings found;  // lives as long as we do, so nothing in it is ever freed
    if (chpst::Failure why = chpst::find_out(state, found)) return why;
    if (chpst::Failure why = chpst::apply(state, found)) return why;
    const char* program = argv[0];
    if (chpst::Failure why = chpst::narrate(state, "run ", program)) return why;
    if (state.dry_run) return {};
    if (state.argv0 != nullptr) argv[0] = state.argv0;
    const int code = exec_program(program, argv, found.environment.list(), std::getenv("PATH"));
    return chpst::failure("unable to run", nullptr, code, program);
}

}  // namespace

int main(int argc, char* argv[])
{
    const char* called = argc > 0 ? base_name(argv[0]) : "chpst";
    const auto& personality = chpst::personality_of(called);
    const about::Program self{personality.name, personality.synopsis,
                              "runs a program with a changed process state"};
    if (const auto code = about::answer(argc, argv, self)) return *code;
    report::program("chpst");  // the reference's word in messages, whatever it was called

    const auto parsed = chpst::parse(personality, argv + (argc > 0 ? 1 : 0));
    if (parsed.refusal != chpst::Parsed::Refusal::None) return chpst::print_refusal(personality, called, parsed);

    const auto why = run(parsed.state, const_cast<const char**>(parsed.state.argv));
    return why ? chpst::print(why, &personality == &chpst::personality_of("chpst")) : 0;
}
