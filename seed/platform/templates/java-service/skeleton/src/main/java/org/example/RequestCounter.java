package org.example;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by status and tells them in Prometheus' text format. */
final class RequestCounter {
    private final Map<Integer, LongAdder> counts = new ConcurrentSkipListMap<>();

    void count(int status) {
        counts.computeIfAbsent(status, ignored -> new LongAdder()).increment();
    }

    String text() {
        var text = new StringBuilder("# HELP http_requests_total Requests that were answered.\n# TYPE http_requests_total counter\n");
        counts.forEach((code, count) -> text.append("http_requests_total{code=\"").append(code).append("\"} ").append(count).append('\n'));
        return text.toString();
    }
}
