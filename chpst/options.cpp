#include "chpst/options.hpp"

#include <cstring>

#include "chpst/words.hpp"

namespace runsuite::chpst {

namespace {

using Refusal = Parsed::Refusal;

const OptionRow* find(const Personality& personality, char letter)
{
    for (const OptionRow& row : personality.options) {
        if (row.letter == letter && letter != '\0') return &row;
    }
    return nullptr;
}

const OptionRow* find(const Personality& personality, std::string_view word)
{
    for (const OptionRow& row : personality.options) {
        if (row.word != nullptr && row.word == word) return &row;
    }
    return nullptr;
}

// Walks over the arguments as getopt(3) does, but never past the first word that is no option.
class Reader {
public:
    Reader(const Personality& personality, const char* const* arguments)
        : personality_(personality), next_(arguments)
    {
    }

    void read_options();
    void read_operands();
    void validate();
    const Parsed& parsed() const { return parsed_; }

private:
    bool accepted() const { return parsed_.refusal == Refusal::None; }
    void read_letters(const char* letters);
    void read_word(std::string_view word);
    void set(const OptionRow& row, std::string_view option, const char* value);
    void refuse(Refusal why, std::string_view option, std::string_view value = {}, const char* words = "");
    void require(bool holds, const char* option, const char* words);
    void check_user(const UserSpec& spec, const char* option);

    const Personality& personality_;
    const char* const* next_;
    Parsed parsed_;
};

void Reader::refuse(Refusal why, std::string_view option, std::string_view value, const char* words)
{
    if (!accepted()) return;
    parsed_.refusal = why;
    parsed_.option = option;
    parsed_.value = value;
    parsed_.words = words;
}

void Reader::set(const OptionRow& row, std::string_view option, const char* value)
{
    if (row.takes_value && value == nullptr) {
        if (*next_ == nullptr) return refuse(Refusal::MissingArgument, option);
        value = *next_++;
    }
    if (row.set == nullptr) return refuse(Refusal::Version, option);
    const char* wrong = row.set(parsed_.state, value);
    if (wrong != nullptr) refuse(Refusal::BadValue, option, value != nullptr ? value : "", wrong);
}

void Reader::read_letters(const char* letters)
{
    for (; *letters != '\0' && accepted(); ++letters) {
        const std::string_view option{letters, 1};
        const OptionRow* row = find(personality_, *letters);
        if (row == nullptr) return refuse(Refusal::IllegalOption, option);
        if (!row->takes_value) {
            set(*row, option, nullptr);
            continue;
        }
        return set(*row, option, letters[1] != '\0' ? letters + 1 : nullptr);
    }
}

void Reader::read_word(std::string_view word)
{
    Parts parts{word, '='};
    const auto name = parts.next();
    const bool has_value = parts.has_next();
    const OptionRow* row = find(personality_, name);
    if (row == nullptr) return refuse(Refusal::IllegalOption, name);
    const char* value = has_value ? word.data() + name.size() + 1 : nullptr;
    if (has_value && !row->takes_value) return refuse(Refusal::BadValue, name, value, "takes no value");
    set(*row, name, value);
}

void Reader::read_options()
{
    if (personality_.set_always != nullptr) personality_.set_always(parsed_.state, nullptr);
    if (personality_.options.empty()) return;
    while (accepted() && *next_ != nullptr && **next_ == '-' && (*next_)[1] != '\0') {
        const char* word = *next_++;
        if (std::strcmp(word, "--") == 0) return;
        if (word[1] == '-') read_word(word + 2);
        else read_letters(word + 1);
    }
}

void Reader::read_operands()
{
    if (personality_.set_operand != nullptr && *next_ != nullptr) {
        personality_.set_operand(parsed_.state, *next_++);
    }
    if (*next_ == nullptr) refuse(Refusal::MissingOperand, {});
    parsed_.state.argv = next_;
}

void Reader::require(bool holds, const char* option, const char* words)
{
    if (!holds) refuse(Refusal::BadValue, option, {}, words);
}

void Reader::check_user(const UserSpec& spec, const char* option)
{
    if (spec.kind == UserSpec::Kind::InvalidNumbers)
        refuse(Refusal::BadUser, option, spec.text, "invalid uid/gids");
    if (spec.kind == UserSpec::Kind::TooManyGroups) refuse(Refusal::BadUser, option, spec.text, "too many groups");
}

void Reader::validate()
{
    const ProcessState& state = parsed_.state;
    require(!state.init_groups || state.user.is_given(), "init-groups", "needs the account of -u");
    require(!state.login_environment || state.user.is_given() || state.env_user.is_given(), "login-environment",
            "needs the account of -u or -U");
    check_user(state.env_user, "U");
    check_user(state.user, "u");
}

}  // namespace

const Personality& personality_of(std::string_view called)
{
    const auto slash = called.rfind('/');
    if (slash != std::string_view::npos) called.remove_prefix(slash + 1);
    for (const Personality& personality : personalities().subspan(1)) {
        if (called == personality.name) return personality;
        if (called.starts_with('d') && after(called, 1) == personality.name) return personality;
    }
    return personalities().front();
}

Parsed parse(const Personality& personality, const char* const* arguments)
{
    Reader reader{personality, arguments};
    reader.read_options();
    reader.read_operands();
    reader.validate();
    return reader.parsed();
}

}  // namespace runsuite::chpst
