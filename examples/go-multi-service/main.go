// One web server: / answers at once, /slow after two seconds. TERM lets it finish the requests it has begun.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	name := flag.String("name", "server", "what it calls itself")
	listen := flag.String("listen", ":8080", "address and port")
	flag.Parse()
	log.SetFlags(0)
	log.SetPrefix(*name + ": ")

	answer := func(after time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(after)
			fmt.Fprintf(w, "hello from %s\n", *name)
		}
	}
	http.HandleFunc("/", answer(0))
	http.HandleFunc("/slow", answer(2*time.Second))

	stop, forget := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer forget()
	server := &http.Server{Addr: *listen}
	drained := make(chan error, 1)
	go func() {
		<-stop.Done()
		log.Print("stopping")
		drained <- server.Shutdown(context.Background())
	}()

	log.Print("listening on ", *listen)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	if err := <-drained; err != nil {
		log.Fatal(err)
	}
	log.Print("stopped")
}
