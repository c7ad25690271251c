package org.example;

import java.io.IOException;

public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws IOException {
        var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "${{ values.port }}"));
        var service = new Service(port);
        service.start();
        // What has begun is finished.
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    }
}
