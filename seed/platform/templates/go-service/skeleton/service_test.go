package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestService(t *testing.T) {
	server := httptest.NewServer(newService())
	defer server.Close()

	for path, want := range map[string]string{
		"/api/hello":    "Hello from ${{ values.name }}",
		"/health/live":  "ok",
		"/health/ready": "ok",
		"/metrics":      "http_requests_total",
	} {
		status, body := get(t, server.URL+path)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("GET %s: %d %q, want 200 with %q", path, status, body, want)
		}
	}

	if status, _ := get(t, server.URL+"/nothing-here"); status != http.StatusNotFound {
		t.Errorf("GET /nothing-here: %d, want 404", status)
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}

	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}

	return answer.StatusCode, string(body)
}
