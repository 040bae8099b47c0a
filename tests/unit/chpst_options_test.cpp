#include "chpst/options.hpp"

#include <deque>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace runsuite::chpst;
using Refusal = Parsed::Refusal;

namespace {

// Keeps the words that a Parsed points at.
const char* const* argv_of(const std::vector<std::string>& words)
{
    static std::deque<std::vector<std::string>> kept_words;
    static std::deque<std::vector<const char*>> kept;
    kept_words.push_back(words);
    kept.emplace_back();
    for (const auto& word : kept_words.back()) kept.back().push_back(word.c_str());
    kept.back().push_back(nullptr);
    return kept.back().data();
}

Parsed parsed(const std::vector<std::string>& words, const char* called = "chpst")
{
    return parse(personality_of(called), argv_of(words));
}

ProcessState state(std::vector<std::string> words, const char* called = "chpst")
{
    words.push_back("prog");
    const Parsed result = parsed(words, called);
    INFO(result.option << ": " << result.words);
    REQUIRE(result.refusal == Refusal::None);
    CHECK(std::string(result.state.argv[0]) == "prog");
    return result.state;
}

void check_bad_value(std::vector<std::string> words, const char* called = "chpst")
{
    const std::string option = words[0].substr(words[0].find_first_not_of('-'));
    words.push_back("prog");
    const Parsed result = parsed(words, called);
    INFO(words[0] << " " << words[1]);
    CHECK(result.refusal == Refusal::BadValue);
    CHECK(result.option == option);
    CHECK_FALSE(std::string(result.words).empty());
}

}  // namespace

TEST_CASE("nothing is changed without an option")
{
    const auto plain = state({});
    CHECK_FALSE((plain.verbose || plain.dry_run || plain.new_session || plain.init_groups || plain.no_new_privs));
    CHECK_FALSE((plain.user.is_given() || plain.env_user.is_given() || plain.limits.any()));
    CHECK((plain.env_directory == nullptr && plain.root == nullptr && plain.directory == nullptr));
    CHECK_FALSE((plain.nice || plain.umask || plain.cpus || plain.scheduling || plain.oom_score_adj));
}

TEST_CASE("each letter sets its part of the state")
{
    const auto all =
        state({"-v", "-P", "-0", "-2", "-e", "env", "-/", "root", "-C", "dir", "-b", "zero", "-n", "-3"});
    CHECK((all.verbose && all.new_session && all.closed[0] && !all.closed[1] && all.closed[2]));
    CHECK(std::string(all.env_directory) == "env");
    CHECK_FALSE(all.env_directory_is_strict);
    CHECK(std::string(all.root) == "root");
    CHECK(std::string(all.directory) == "dir");
    CHECK(std::string(all.argv0) == "zero");
    CHECK(all.nice == -3);
    const auto users = state({"-u", "me:us", "-U", ":1:2"});
    CHECK(users.user.user == "me");
    CHECK(users.env_user.uid == 1);
}

TEST_CASE("letters are combined and values attached as getopt has it")
{
    const auto all = state({"-vP01", "-o64", "-eenv", "--"});
    CHECK((all.verbose && all.new_session && all.closed[0] && all.closed[1]));
    CHECK(all.limits[Limit::OpenFiles] == NewLimit{64, {}});
    CHECK(std::string(all.env_directory) == "env");
    CHECK(state({"-vo", "7"}).limits[Limit::OpenFiles] == NewLimit{7, {}});
}

TEST_CASE("the first word that is no option is the program and ends them")
{
    const Parsed result = parsed({"-v", "prog", "-P", "--dry-run"});
    REQUIRE(result.refusal == Refusal::None);
    CHECK_FALSE((result.state.new_session || result.state.dry_run));
    CHECK(std::string(result.state.argv[1]) == "-P");
    CHECK(std::string(parsed({"-"}).state.argv[0]) == "-");
    CHECK(std::string(parsed({"--", "-v"}).state.argv[0]) == "-v");
    CHECK(std::string(parsed({"-b", "--", "prog"}).state.argv0) == "--");
}

TEST_CASE("the last of an option counts")
{
    CHECK(state({"-n", "1", "-n", "2"}).nice == 2);
    CHECK(std::string(state({"-e", "a", "-e", "b"}).env_directory) == "b");
    CHECK(state({"-m", "9", "-d", "5"}).limits[Limit::Data] == NewLimit{5, {}});
    CHECK(state({"-d", "5", "-m", "9"}).limits[Limit::Data] == NewLimit{9, {}});
}

TEST_CASE("each limit has its letter and m has four")
{
    const std::pair<const char*, Limit> letters[] = {
        {"-d", Limit::Data}, {"-o", Limit::OpenFiles}, {"-p", Limit::Processes}, {"-f", Limit::FileSize},
        {"-c", Limit::Core}, {"-r", Limit::Resident},  {"-t", Limit::CpuTime},
    };
    for (const auto& [letter, limit] : letters) {
        const auto limits = state({letter, "123"}).limits;
        for (const auto& row : limit_table) CHECK(limits[row.limit].has_value() == (row.limit == limit));
    }
    const auto memory = state({"-m", "9"}).limits;
    for (const Limit limit : {Limit::Data, Limit::Stack, Limit::Locked, Limit::AddressSpace})
        CHECK(memory[limit] == NewLimit{9, {}});
    CHECK_FALSE(memory[Limit::Resident].has_value());
}

TEST_CASE("a limit may be unlimited or the hard one, and a hard one may follow it")
{
    for (const char* name : {"chpst", "softlimit"}) {
        const auto open_files = [&](const char* value) {
            return *state({"-o", value}, name).limits[Limit::OpenFiles];
        };
        CHECK(open_files("=") == NewLimit{});
        CHECK(open_files("unlimited") == NewLimit{});
        CHECK(open_files("5:9") == NewLimit{5, 9});
        CHECK(open_files("=:9") == NewLimit{unlimited, 9});
        CHECK(open_files("5:unlimited") == NewLimit{5, unlimited});
        CHECK_FALSE(state({"-o", "5"}, name).limits.any_hard());
        CHECK(state({"-o", "5:9"}, name).limits.any_hard());
    }
}

TEST_CASE("a limit that is no number or too large is refused and named")
{
    for (const char* letter : {"-m", "-d", "-o", "-p", "-f", "-c", "-r", "-t"}) {
        for (const char* wrong : {"", "x", "5x", "-1", "+1", " 1", "==", "1:", ":1", "1:2:3", "1:=", "unlimit",
                                  "18446744073709551615", "18446744073709551616", "99999999999999999999999"}) {
            check_bad_value({letter, wrong});
        }
        CHECK(state({letter, "18446744073709551614"}).limits.any());
    }
    for (const char* wrong : {"", "x", "+", "-", "1x", "2147483648", "99999999999"})
        check_bad_value({"-n", wrong});
}

TEST_CASE("one lock at most")
{
    CHECK(state({"-l", "file"}).lock_waits);
    CHECK_FALSE(state({"-L", "file"}).lock_waits);
    check_bad_value({"-l", "b", "-l", "c"});
    const Parsed result = parsed({"-l", "a", "-L", "b", "prog"});
    CHECK(result.refusal == Refusal::BadValue);
    CHECK(result.option == "L");
}

TEST_CASE("an option that does not exist or lacks its argument is refused")
{
    CHECK(parsed({"-x", "prog"}).refusal == Refusal::IllegalOption);
    CHECK(parsed({"-x", "prog"}).option == "x");
    CHECK(parsed({"-vx", "prog"}).option == "x");
    CHECK(parsed({"--nonsense", "prog"}).option == "nonsense");
    CHECK(parsed({"--", "--nonsense"}).refusal == Refusal::None);
    CHECK(parsed({"-u"}).refusal == Refusal::MissingArgument);
    CHECK(parsed({"--umask"}).refusal == Refusal::MissingArgument);
    CHECK(parsed({}).refusal == Refusal::MissingOperand);
    CHECK(parsed({"-v"}).refusal == Refusal::MissingOperand);
    CHECK(parsed({"-V", "prog"}).refusal == Refusal::Version);
}

TEST_CASE("ids that are no numbers are refused with the option they belong to")
{
    const Parsed wrong = parsed({"-u", "::5", "prog"});
    CHECK(wrong.refusal == Refusal::BadUser);
    CHECK(wrong.option == "u");
    CHECK(parsed({"-U", ":1", "prog"}).option == "U");
    CHECK(parsed({"-u", ":x", "-q", "prog"}).refusal == Refusal::IllegalOption);
}

TEST_CASE("long options take their value behind an equals sign or as the next word")
{
    CHECK(state({"--umask=027"}).umask == 027u);
    CHECK(state({"--umask", "027"}).umask == 027u);
    CHECK(state({"--oom-score-adj", "-1000"}).oom_score_adj == -1000);
    CHECK(state({"--cpu-affinity=1"}).cpus->has(1));
    CHECK(state({"--cpu-scheduling=idle"}).scheduling == Scheduling{5, 0});
    CHECK(state({"--pdeathsig=TERM"}).parent_death_signal == 15);
    CHECK((state({"--no-new-privs"}).no_new_privs && state({"--dry-run"}).dry_run));
    CHECK(state({"--ambient-caps=+chown"}).ambient_caps.add == 1u);
    CHECK(state({"--bounding-set=-chown"}).bounding_set.remove == 1u);
    CHECK(parsed({"--dry-run=1", "prog"}).refusal == Refusal::BadValue);
    CHECK(parsed({"--dry", "prog"}).refusal == Refusal::IllegalOption);
    for (const char* wrong : {"", "8", "1000", "-1", "0x7"}) check_bad_value({"--umask", wrong});
    for (const char* wrong : {"", "1001", "-1001", "x"}) check_bad_value({"--oom-score-adj", wrong});
    check_bad_value({"--cpu-affinity", "x"});
    check_bad_value({"--cpu-scheduling", "fifo"});
    check_bad_value({"--pdeathsig", "0"});
    check_bad_value({"--bounding-set", "chown"});
}

TEST_CASE("what comes from an account needs one")
{
    CHECK(state({"--init-groups", "-u", "me"}).init_groups);
    CHECK(state({"--login-environment", "-U", "me"}).login_environment);
    check_bad_value({"--init-groups", "-U", "me"});
    CHECK(parsed({"--init-groups", "prog"}).refusal == Refusal::BadValue);
    CHECK(parsed({"--login-environment", "prog"}).refusal == Refusal::BadValue);
}

TEST_CASE("the base name picks the program and a d in front does not matter")
{
    for (const char* name : {"envdir", "envuidgid", "pgrphack", "setlock", "setuidgid", "softlimit"}) {
        CHECK(std::string(personality_of(name).name) == name);
        CHECK(std::string(personality_of(std::string("d") + name).name) == name);
        CHECK(std::string(personality_of(std::string("/a/b/") + name).name) == name);
        CHECK(std::string(personality_of(std::string("dd") + name).name) == "chpst");
    }
    for (const char* name : {"chpst", "dchpst", "", "/", "envdir/", "xenvdir"}) {
        CHECK(std::string(personality_of(name).name) == "chpst");
    }
}

TEST_CASE("the emulations take their operand and then the program")
{
    const auto envdir = state({"-x"}, "envdir");
    CHECK(std::string(envdir.env_directory) == "-x");
    CHECK(envdir.env_directory_is_strict);
    CHECK(state({":1:1"}, "setuidgid").user.kind == UserSpec::Kind::Account);
    CHECK(state({"a:b"}, "envuidgid").env_user.user == "a:b");
    CHECK(state({}, "pgrphack").new_session);
    for (const char* name : {"envdir", "envuidgid", "setlock", "setuidgid"}) {
        CHECK(parsed({"operand"}, name).refusal == Refusal::MissingOperand);
        CHECK(parsed({}, name).refusal == Refusal::MissingOperand);
    }
    CHECK(parsed({}, "pgrphack").refusal == Refusal::MissingOperand);
    CHECK(parsed({"-o", "5"}, "softlimit").refusal == Refusal::MissingOperand);
}

TEST_CASE("setlock waits and complains unless it is told not to as in daemontools")
{
    CHECK((state({"file"}, "setlock").lock_waits && !state({"file"}, "setlock").lock_is_quiet));
    CHECK_FALSE(state({"-n", "file"}, "setlock").lock_waits);
    CHECK(state({"-nN", "file"}, "setlock").lock_waits);
    CHECK(state({"-x", "file"}, "setlock").lock_is_quiet);
    CHECK_FALSE(state({"-xX", "file"}, "setlock").lock_is_quiet);
}

TEST_CASE("softlimit has letters of its own and knows the hard limit")
{
    CHECK(state({"-a", "5"}, "softlimit").limits[Limit::AddressSpace] == NewLimit{5, {}});
    CHECK(state({"-s", "5"}, "softlimit").limits[Limit::Stack] == NewLimit{5, {}});
    CHECK(state({"-l", "5"}, "softlimit").limits[Limit::Locked] == NewLimit{5, {}});
    CHECK(state({"-o", "="}, "softlimit").limits[Limit::OpenFiles] == NewLimit{});
    CHECK(parsed({"-u", "me", "prog"}, "softlimit").refusal == Refusal::IllegalOption);
    check_bad_value({"-o", "5x"}, "softlimit");
    check_bad_value({"-o", "=="}, "softlimit");
}

TEST_CASE("no letter and no word stands twice in a table")
{
    for (const auto& personality : personalities()) {
        for (std::size_t at = 0; at < personality.options.size(); ++at) {
            const auto& row = personality.options[at];
            CHECK((row.letter != '\0') != (row.word != nullptr));
            for (const auto& other : personality.options.subspan(at + 1)) {
                CHECK((row.letter == '\0' || row.letter != other.letter));
                CHECK((row.word == nullptr || other.word == nullptr || std::string(row.word) != other.word));
            }
        }
    }
}
