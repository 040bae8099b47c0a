#include "chpst/refusal.hpp"

#include "app/report.hpp"
#include "chpst/failure.hpp"

namespace runsuite::chpst {

namespace {

constexpr int exit_usage = 100;
using Refusal = Parsed::Refusal;

int print_usage(const Personality& personality, const char* words = nullptr, std::string_view option = {})
{
    if (words != nullptr) {
        report::Line line{words};
        report::append_name(line, option);
        report::inform(line.view());
    }
    report::program(personality.name);
    return report::usage(personality.synopsis, exit_usage);
}

int print_bad_value(const Parsed& parsed)
{
    report::Line line{parsed.option.size() > 1 ? "--" : "-"};
    report::append_name(line, parsed.option);
    line.append(": ").append(parsed.words);
    if (parsed.value.data() != nullptr) {
        line.append(": ");
        report::append_name(line, parsed.value);
    }
    report::inform(line.view());
    return exit_usage;
}

}  // namespace

int print_refusal(const Personality& personality, const char* called, const Parsed& parsed)
{
    if (parsed.refusal == Refusal::BadUser) {
        return print(failure(parsed.words, parsed.option == "u" ? "-u" : "-U", 0, parsed.value), true);
    }
    report::program(called);
    switch (parsed.refusal) {
        case Refusal::None:
        case Refusal::BadUser: break;
        case Refusal::Version: return print_usage(personality, "runsuite ", RUNSUITE_VERSION);
        case Refusal::IllegalOption: return print_usage(personality, "illegal option -- ", parsed.option);
        case Refusal::MissingArgument:
            return print_usage(personality, "option requires an argument -- ", parsed.option);
        case Refusal::MissingOperand: return print_usage(personality);
        case Refusal::BadValue: return print_bad_value(parsed);
    }
    return 0;
}

}  // namespace runsuite::chpst
