// Any bytes as a config file: every setting stays within its promise, and every text lies in the file.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "svlogd/log_config.hpp"

using namespace runsuite::svlogd;

namespace {

void expect(bool claim)
{
    if (!claim) std::abort();
}

bool lies_in(std::string_view part, std::string_view whole)
{
    return part.empty() || (part.data() >= whole.data() && part.end() <= whole.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    constexpr std::uint64_t line_length = 100;
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    const std::size_t lines = count_lines(text);
    std::vector<Rule> rules(lines);
    const Config config = parse_config(text, line_length, rules, [&](const Complaint& complaint) {
        expect(complaint.line >= 1 && complaint.line <= lines && complaint.what != nullptr);
    });
    expect(config.size == 0 || config.size > line_length);
    expect(config.keep == 0 || config.keep_at_least < config.keep);
    expect(config.max_age.count() >= 0);
    expect((config.mode & ~0666U) == 0 && (config.mode & 0600) == 0600);
    expect(!config.only_udp || !config.udp.host.empty());
    expect(config.syslog_priority >= -1 && config.syslog_priority <= 191);
    for (const auto part : {config.processor, config.prefix, config.udp.host, config.owner, config.service}) {
        expect(lies_in(part, text) && part.find('\n') == part.npos);
    }
    expect(config.udp.port.empty() == config.udp.host.empty());
    for (const Rule& rule : config.rules) {
        expect(lies_in(rule.pattern, text) && rule.pattern.find('\n') == rule.pattern.npos);
        if (!rule.pattern.empty()) expect(rule.pattern.data()[-1] == static_cast<char>(rule.does));
    }
    return 0;
}
