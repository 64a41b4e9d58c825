// by-hand: last-byte synchronisation by hand. Writes all but the last byte of each request, then the last bytes, and exits
// with 1 if a seat was sold twice.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	target, _ := url.Parse(os.Getenv("URL"))
	contenders, _ := strconv.Atoi(os.Getenv("CONTENDERS"))
	sockets := make([]net.Conn, contenders)
	for i := range sockets {
		socket, err := net.Dial("tcp", target.Host)
		if err != nil {
			log.Fatal(err)
		}
		sockets[i] = socket
	}
	code := 0
	for _, seat := range strings.Split(os.Getenv("SEATS"), ",") {
		if sold := race(sockets, target.Host, seat); sold > 1 {
			fmt.Printf("seat %s was sold %d times\n", seat, sold)
			code = 1
		}
	}
	os.Exit(code)
}

func race(sockets []net.Conn, host, seat string) int {
	body := fmt.Sprintf(`{"seat":%q}`, seat)
	request := fmt.Sprintf("POST /book/%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		seat, host, len(body), body)
	for _, socket := range sockets {
		io.WriteString(socket, request[:len(request)-1])
	}
	time.Sleep(20 * time.Millisecond)
	last := []byte(request[len(request)-1:])
	for _, socket := range sockets {
		socket.Write(last)
	}
	var answers sync.WaitGroup
	statuses := make([]int, len(sockets))
	for i, socket := range sockets {
		answers.Go(func() {
			socket.SetReadDeadline(time.Now().Add(10 * time.Second))
			response, err := http.ReadResponse(bufio.NewReader(socket), nil)
			if err == nil {
				io.Copy(io.Discard, response.Body)
				statuses[i] = response.StatusCode
			}
		})
	}
	answers.Wait()
	sold := 0
	for _, status := range statuses {
		if status == http.StatusCreated {
			sold++
		}
	}
	return sold
}
