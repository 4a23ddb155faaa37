// Answers HTTPS and asks itself when its input ends: https.go PORT LOG KEY CERT REQUESTS. Logs what it answers.
package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func ask(client *http.Client, address string, first, last int) error {
	for i := first; i < last; i++ {
		path := fmt.Sprintf("/orders/%d", i)
		if i%3 == 0 {
			path = fmt.Sprintf("/missing/%d", i)
		}
		var response *http.Response
		var err error
		if i%2 == 0 {
			response, err = client.Get(address + path)
		} else {
			body := strings.NewReader(strings.Repeat("b", i%7*300))
			response, err = client.Post(address+path, "text/plain", body)
		}
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return err
		}
		response.Body.Close()
	}
	return nil
}

func main() {
	file, err := os.Create(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	requests, _ := strconv.Atoi(os.Args[5])
	var lock sync.Mutex
	large := strings.Repeat("x", 9000)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		status := 200
		if strings.HasPrefix(r.URL.Path, "/missing") {
			status = 404
		}
		w.WriteHeader(status)
		if strings.HasSuffix(r.URL.Path, "7") {
			io.WriteString(w, large)
		} else {
			io.WriteString(w, "answer")
		}
		lock.Lock()
		fmt.Fprintf(file, "%s %s %d\n", r.Method, r.RequestURI, status)
		lock.Unlock()
	})
	go func() {
		log.Fatal(http.ListenAndServeTLS("127.0.0.1:"+os.Args[1], os.Args[4], os.Args[3], nil))
	}()
	io.Copy(io.Discard, os.Stdin)
	var all sync.WaitGroup
	each := requests / 8
	for worker := 0; worker < 8; worker++ {
		transport := &http.Transport{
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
			ForceAttemptHTTP2: worker%2 == 0,
			DisableKeepAlives: worker == 1,
		}
		all.Add(1)
		go func(worker int) {
			defer all.Done()
			client := &http.Client{Transport: transport}
			if err := ask(client, "https://127.0.0.1:"+os.Args[1], worker*each, (worker+1)*each); err != nil {
				log.Fatal(err)
			}
			transport.CloseIdleConnections()
		}(worker)
	}
	all.Wait()
	time.Sleep(100 * time.Millisecond)
}
