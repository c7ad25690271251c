package main

import (
	"fmt"
	"net/http"
	"sort"
	"sync"
)

// requestCounter counts answers by status and tells them in Prometheus' text format.
type requestCounter struct {
	mutex  sync.Mutex
	counts map[int]int
}

func newRequestCounter() *requestCounter {
	return &requestCounter{counts: make(map[int]int)}
}

func (c *requestCounter) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.counts[recorder.status]++
	})
}

func (c *requestCounter) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	codes := make([]int, 0, len(c.counts))
	for code := range c.counts {
		codes = append(codes, code)
	}

	sort.Ints(codes)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	fmt.Fprintln(w, "# HELP http_requests_total Requests that were answered.")
	fmt.Fprintln(w, "# TYPE http_requests_total counter")
	for _, code := range codes {
		fmt.Fprintf(w, "http_requests_total{code=\"%d\"} %d\n", code, c.counts[code])
	}
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}
