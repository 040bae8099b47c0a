// Stands for the Go program of examples/go-multi-service where there is no Go: the same options, answers and words.
// The requests that have begun when TERM comes are served by children; then it ends.
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t told = 0;

static void serve(int fd, const char* name)
{
    char request[2048] = "";
    if (read(fd, request, sizeof request - 1) <= 0) return;
    if (strncmp(request, "GET /slow ", 10) == 0) sleep(2);
    dprintf(fd, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from %s\n", name);
}

static int listening(const char* where)
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(atoi(strchr(where, ':') + 1)));
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(fd, 64) != 0) exit(1);
    return fd;
}

int main(int argc, char* argv[])
{
    if (argc != 5) return 2;
    const char* const name = argv[2];
    struct sigaction action = {};
    action.sa_handler = [](int) { told = 1; };
    sigaction(SIGTERM, &action, nullptr);
    const int fd = listening(argv[4]);
    fprintf(stderr, "%s: listening on %s\n", name, argv[4]);
    while (told == 0) {
        const int connection = accept(fd, nullptr, nullptr);
        if (connection < 0) continue;
        if (fork() == 0) {
            serve(connection, name);
            _exit(0);
        }
        close(connection);
        while (waitpid(-1, nullptr, WNOHANG) > 0) {
        }
    }
    fprintf(stderr, "%s: stopping\n", name);
    close(fd);
    while (wait(nullptr) > 0) {
    }
    fprintf(stderr, "%s: stopped\n", name);
}
