package main

import (
	"encoding/json"
	"net/http"
)

// newService is the service's handler: its API, health and metrics.
func newService() http.Handler {
	counter := newRequestCounter()
	mux := http.NewServeMux()
	mux.Handle("GET /api/hello", counter.counted(answer(map[string]string{"message": "Hello from ${{ values.name }}"})))
	mux.Handle("GET /health/live", counter.counted(answer(map[string]string{"status": "ok"})))
	mux.Handle("GET /health/ready", counter.counted(answer(map[string]string{"status": "ok"})))
	mux.Handle("GET /metrics", counter)
	mux.Handle("/", counter.counted(http.HandlerFunc(http.NotFound)))
	return mux
}

func answer(body any) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body)
	})
}
