# perl server.pl PORT: answers every request with index.html.
use strict;
use IO::Socket::INET;

my $port = shift;
my $listener = IO::Socket::INET->new(LocalAddr => "127.0.0.1:$port", Listen => 16, ReuseAddr => 1)
    or die "unable to listen on port $port: $!\n";
print "listening on port $port\n";
while (my $client = $listener->accept) {
    while (my $line = <$client>) {
        last if $line =~ /^\r?$/;
    }
    open my $page, '<', 'index.html' or die "unable to open index.html: $!\n";
    my $text = join '', <$page>;
    print $client "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: ", length $text, "\r\n\r\n", $text;
    close $client;
}
