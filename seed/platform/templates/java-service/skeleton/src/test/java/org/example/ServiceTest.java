package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ServiceTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void answers() throws Exception {
        try (var service = new Service(0)) {
            service.start();
            assertEquals("{\"message\":\"Hello from ${{ values.name }}\"}", get(service, "/api/hello").body());
            assertEquals(200, get(service, "/health/ready").statusCode());
            assertEquals(404, get(service, "/nothing-here").statusCode());
            assertTrue(get(service, "/metrics").body().contains("http_requests_total{code=\"404\"} 1"));
        }
    }

    private HttpResponse<String> get(Service service, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
