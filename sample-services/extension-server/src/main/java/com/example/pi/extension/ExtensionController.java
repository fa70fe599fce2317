package com.example.pi.extension;

import org.springframework.boot.info.BuildProperties;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The one thing this service does: it says who is asking, and which version answers. */
@RestController
class ExtensionController {

  /** Change this line, deploy, and watch how little travels to the Pi. */
  private static final String MESSAGE = "Hello from the extension server";

  private final BuildProperties build;

  ExtensionController(BuildProperties build) {
    this.build = build;
  }

  @GetMapping("/extension")
  Answer extension(@AuthenticationPrincipal Jwt token) {
    return new Answer(token.getSubject(), build.getName(), build.getVersion(), MESSAGE);
  }

  record Answer(String subject, String service, String version, String message) {}
}
