#include "model/status_record.hpp"

#include "base/parse.hpp"

namespace runsuite {

StatusRecord::Bytes StatusRecord::encode() const
{
    Bytes bytes{};
    since.pack(std::span(bytes).first<Tai64n::packed_size>());
    for (unsigned place = 0; place < 4; ++place)
        bytes[12 + place] = static_cast<unsigned char>(pid >> (8 * place));
    bytes[16] = paused;
    bytes[17] = want == Want::Up ? 'u' : 'd';
    bytes[18] = term_sent;
    bytes[19] = static_cast<unsigned char>(state);
    return bytes;
}

std::optional<StatusRecord> StatusRecord::decode(std::span<const unsigned char> bytes)
{
    if (bytes.size() != size || bytes[19] > static_cast<unsigned char>(ServiceState::Finish)) return std::nullopt;
    StatusRecord record;
    record.since = Tai64n::unpack(bytes.first<Tai64n::packed_size>());
    for (unsigned place = 0; place < 4; ++place) {
        record.pid |= static_cast<std::uint32_t>(bytes[12 + place]) << (8 * place);
    }
    record.paused = bytes[16] != 0;
    record.want = bytes[17] == 'u' ? Want::Up : Want::Down;
    record.term_sent = bytes[18] != 0;
    record.state = static_cast<ServiceState>(bytes[19]);
    return record;
}

std::optional<StatusRecord> StatusRecord::parse(std::string_view pid, std::string_view stat)
{
    if (pid.ends_with('\n')) pid.remove_suffix(1);
    const auto number = parse_number<std::uint32_t>(pid);
    if (!number) return std::nullopt;
    const auto says = [&](std::string_view word) { return stat.find(word) != std::string_view::npos; };
    StatusRecord record;
    if (stat.starts_with("run")) record.state = ServiceState::Run;
    else if (stat.starts_with("finish")) record.state = ServiceState::Finish;
    else return std::nullopt;
    record.pid = *number;
    record.paused = says(", paused");
    record.term_sent = says(", got TERM");
    record.want = says(", want ") ? Want::Down : Want::Up;
    return record;
}

const char* name_of(ServiceState state)
{
    switch (state) {
        case ServiceState::Down: return "down";
        case ServiceState::Run: return "run";
        case ServiceState::Finish: return "finish";
    }
    return "";
}

StatText stat_text(const StatusRecord& record)
{
    StatText text{name_of(record.state)};
    if (record.paused) text.append(", paused");
    if (record.term_sent) text.append(", got TERM");
    if (record.state != ServiceState::Down && record.want == Want::Down) text.append(", want down");
    if (record.state != ServiceState::Down && record.want == Want::Exit) text.append(", want exit");
    text.append("\n");
    return text;
}

PidText pid_text(const StatusRecord& record)
{
    PidText text;
    if (record.pid != 0) text.append_number(record.pid).append("\n");
    return text;
}

}  // namespace runsuite
