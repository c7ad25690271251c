package org.example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;

/** The service: its API, health and metrics. */
public final class Service implements AutoCloseable {
    private static final Map<String, String> ROUTES = Map.of(
        "/api/hello", "{\"message\":\"Hello from ${{ values.name }}\"}",
        "/health/live", "{\"status\":\"ok\"}",
        "/health/ready", "{\"status\":\"ok\"}");

    private final HttpServer server;
    private final RequestCounter requests = new RequestCounter();

    public Service(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.createContext("/metrics", exchange -> answer(exchange, 200, "text/plain; version=0.0.4", requests.text()));
    }

    public void start() {
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(10);
    }

    private void handle(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var body = ROUTES.get(path);
        var status = body == null ? 404 : exchange.getRequestMethod().equals("GET") ? 200 : 405;
        requests.count(status);
        answer(exchange, status, "application/json", status == 200 ? body : "{\"error\":" + status + "}");
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        try (var stream = exchange.getResponseBody()) {
            stream.write(body);
        }
    }
}
