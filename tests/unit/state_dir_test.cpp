#include "app/state_dir.hpp"

#include <cstdlib>
#include <string>

#include "support/catch.hpp"

using namespace runsuite;

TEST_CASE("the name of a service is the last part of its path")
{
    CHECK(state_dir::name_of("web") == "web");
    CHECK(state_dir::name_of("./web/") == "web");
    CHECK(state_dir::name_of("/etc/service/web//") == "web");
    for (const char* const none : {"", ".", "..", "/", "//", "web/.", "../.."})
        CHECK(state_dir::name_of(none).empty());
}

TEST_CASE("SVSTATE counts when it is a path from the root that is not too long")
{
    ::unsetenv("SVSTATE");
    CHECK(state_dir::root() == nullptr);
    const std::string longest = "/" + std::string(254, 'x');
    for (const std::string& bad : {std::string{}, std::string{"run/sv"}, longest + "x"}) {
        ::setenv("SVSTATE", bad.c_str(), 1);
        CHECK(state_dir::root() == nullptr);
        CHECK(state_dir::names("web", service_dir::of_service) == nullptr);
    }
    for (const std::string& good : {std::string{"/run/sv"}, longest}) {
        ::setenv("SVSTATE", good.c_str(), 1);
        CHECK(state_dir::root() == good);
    }
    const std::string name(255, 'n');
    CHECK(state_dir::path_of(name, "log/supervise/status.new").view() == longest + "/" + name + ".log/status.new");
}

TEST_CASE("all that runsv keeps has a name in the state directory, and the file down has not")
{
    ::setenv("SVSTATE", "/run/sv", 1);
    const auto* const service = state_dir::names("web", service_dir::of_service);
    const auto* const log = state_dir::names("web", service_dir::of_log);
    REQUIRE(service != nullptr);
    REQUIRE(log != nullptr);
    CHECK(std::string(service->supervise) == "/run/sv/web");
    CHECK(std::string(service->lock) == "/run/sv/web/lock");
    CHECK(std::string(service->exit_scratch) == "/run/sv/web/exit.new");
    CHECK(std::string(service->down) == "down");
    CHECK(std::string(log->supervise) == "/run/sv/web.log");
    CHECK(std::string(log->status_scratch) == "/run/sv/web.log/status.new");
    CHECK(std::string(log->down) == "log/down");
    CHECK(state_dir::names("", service_dir::of_service) == nullptr);
    ::unsetenv("SVSTATE");
}
