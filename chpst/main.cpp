#include <unistd.h>

#include <cstdlib>

#include "app/about.hpp"
#include "app/run_trouble.hpp"
#include "chpst/changes.hpp"
#include "chpst/narrate.hpp"
#include "chpst/options.hpp"
#include "chpst/refusal.hpp"
#include "chpst/words.hpp"
#include "posix/file.hpp"
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

// The first file of that name in the PATH, the one that was meant; the name itself where it has a slash. Empty: there is none.
FixedString<1024> file_of(std::string_view name, const char* path)
{
    if (name.find('/') != name.npos) return FixedString<1024>{name};
    for (chpst::Parts directories{path != nullptr ? path : "/bin:/usr/bin", ':'}; directories.has_next();) {
        const auto directory = directories.next();
        FixedString<1024> file{directory.empty() ? "." : directory};
        file.append("/").append(name);
        if (!file.was_cut() && exists(file.c_str())) return file;
    }
    return {};
}

// "No such file" of a file that is there is about its interpreter, which is named then.
chpst::Failure not_run(const char* program, int code)
{
    const auto file = file_of(program, std::getenv("PATH"));
    auto why = chpst::failure("unable to run", nullptr, code, program);
    if (code != ENOENT || !exists(file.c_str())) return why;
    why.name.append(": ").append(run_trouble(file.c_str(), code).view());
    why.code = 0;
    return why;
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
    return not_run(program, code);
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
