package com.example.pi.extension;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Serves callers that bring a token of auth-server. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ExtensionServer {

  public static void main(String[] args) {
    SpringApplication.run(ExtensionServer.class, args);
  }
}
