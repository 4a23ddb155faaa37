// Logs each answered request as "METHOD target status"; arguments: port, log file.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
)

func main() {
	file, err := os.OpenFile(os.Args[2], os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		log.Fatal(err)
	}
	var lock sync.Mutex
	large := strings.Repeat("x", 1<<20)
	part := []byte(strings.Repeat("y", 30000))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		size, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			return
		}
		status := 200
		if strings.HasPrefix(r.URL.Path, "/missing") {
			status = 404
		} else if strings.HasPrefix(r.URL.Path, "/broken") {
			status = 503
		}
		w.WriteHeader(status)
		switch {
		case strings.HasPrefix(r.URL.Path, "/large"):
			io.WriteString(w, large)
		case strings.HasPrefix(r.URL.Path, "/chunks"):
			for i := 0; i < 5; i++ {
				w.Write(part)
				w.(http.Flusher).Flush()
			}
		default:
			fmt.Fprintf(w, "%d\n", size)
		}
		lock.Lock()
		fmt.Fprintf(file, "%s %s %d\n", r.Method, r.RequestURI, status)
		lock.Unlock()
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
