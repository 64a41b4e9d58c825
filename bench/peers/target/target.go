// target DATABASE-PORT
//
// The target in Go: POST /book/{seat} asks the database whether the seat is free, and then sells it. It speaks HTTP/1.1 on
// one port and HTTP/2 without TLS on another, prints both as a line of JSON, and exits when stdin ends.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

// Streams on one HTTP/2 session: the default of nginx.
const maxConcurrentStreams = 128

// A connection to the database. Questions are written at once; answers come in the order of the questions.
type database struct {
	mutex   sync.Mutex
	socket  net.Conn
	waiting chan chan string
}

func connect(port string) *database {
	socket, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	db := &database{socket: socket, waiting: make(chan chan string, 1<<16)}
	go func() {
		answers := bufio.NewScanner(socket)
		for answers.Scan() {
			(<-db.waiting) <- answers.Text()
		}
	}()
	return db
}

func (db *database) ask(line string) string {
	answer := make(chan string, 1)
	db.mutex.Lock()
	db.waiting <- answer
	fmt.Fprintln(db.socket, line)
	db.mutex.Unlock()
	return <-answer
}

func main() {
	db := connect(os.Args[1])
	book := func(w http.ResponseWriter, r *http.Request) {
		seat, isBooking := strings.CutPrefix(r.URL.Path, "/book/")
		io.Copy(io.Discard, r.Body)
		w.Header().Set("content-type", "application/json")
		if !isBooking || strings.ContainsAny(seat, " \n/") {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"message":"not found"}`)
			return
		}
		word := db.ask("ask " + seat)
		if word == "taken" {
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"message":"taken"}`)
			return
		}
		if word == "free" {
			db.ask("sell " + seat)
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"order_id":%q}`, seat)
	}
	http1, http2 := new(http.Protocols), new(http.Protocols)
	http1.SetHTTP1(true)
	http2.SetUnencryptedHTTP2(true)
	ports := [2]int{listen(book, http1), listen(book, http2)}
	fmt.Printf("{\"http1\":%d,\"http2\":%d}\n", ports[0], ports[1])
	io.Copy(io.Discard, os.Stdin)
}

func listen(book http.HandlerFunc, protocols *http.Protocols) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	settings := &http.HTTP2Config{MaxConcurrentStreams: maxConcurrentStreams}
	server := &http.Server{Handler: book, Protocols: protocols, HTTP2: settings}
	go func() { log.Fatal(server.Serve(listener)) }()
	return listener.Addr().(*net.TCPAddr).Port
}
