package io.github.rpideploy.deploy.verify;

import static io.github.rpideploy.deploy.verify.EvidenceText.lastMatch;
import static io.github.rpideploy.deploy.verify.EvidenceText.oneLine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Why a service is not good, by what its programs have logged. */
final class LoggedCause {

  private static final Pattern PLACEHOLDER =
      Pattern.compile("Could not resolve placeholder '([^':]+)'");

  /** The description and the first paragraph of the action, or as much as was logged. */
  private static final List<Pattern> SPRING_BOOT =
      List.of(
          Pattern.compile(
              "APPLICATION FAILED TO START\\R\\**\\R+Description:\\R+(.{1,4000}?)\\R[ \\t]*\\R+"
                  + "Action:\\R+(.+?)(?:\\R[ \\t]*\\R|\\R?\\z)",
              Pattern.DOTALL),
          Pattern.compile(
              "APPLICATION FAILED TO START\\R\\**\\R+Description:\\R+(.+?)"
                  + "(?:\\R[ \\t]*\\R|\\R?\\z)()",
              Pattern.DOTALL));

  /** Java, Netty, node, PostgreSQL's library, Go, curl, wget and ping of busybox, nginx. */
  private static final List<Pattern> UNKNOWN_HOST =
      List.of(
          Pattern.compile("UnknownHostException: (?:[Ff]ailed to resolve ')?([\\w.-]+)"),
          // The exception of Java's own HTTP client lacks the host name; Spring's message before it
          // has it.
          Pattern.compile(
              "(?s)request for \"\\w+://([\\w.-]+)[^\"\\n"
                  + "]*\": null.{0,20000}?UnresolvedAddressException"),
          Pattern.compile("getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([\\w.-]+)"),
          Pattern.compile("could not translate host name \"([\\w.-]+)\""),
          Pattern.compile("lookup ([\\w.-]+) on \\S+: no such host"),
          Pattern.compile("Could not resolve host: ([\\w.-]+)"),
          Pattern.compile("bad address '([\\w.-]+)"),
          Pattern.compile("host not found in upstream \"([\\w.-]+)"));

  /** Shells, the entry points of database images, Python: each exits with this message. */
  private static final List<Pattern> MISSING_VARIABLE =
      List.of(
          Pattern.compile(
              "(?m)^\\S+: (?:(?:line )?\\d+: )?([A-Za-z_]\\w*):"
                  + " (?:parameter (?:null or )?not set(?: or null)?|unbound variable)$"),
          Pattern.compile(
              "[Yy]ou (?:must|need to) specify"
                  + "(?: one of(?: the following as an environment variable:\\s+-)?)?"
                  + " ([A-Z][A-Z0-9]*_[A-Z0-9_]+)"),
          Pattern.compile(
              "File \"[^\"\\n]*\\bos(?:\\.py)?>?\", line \\d+, in __getitem__\\R(?:.*\\R)?"
                  + "KeyError: '(\\w+)'"));

  private static final Pattern JVM_OUT_OF_MEMORY =
      Pattern.compile("java\\.lang\\.OutOfMemoryError(?:: ([^\\r\\n]{1,1000}))?");

  private static final List<Function<Evidence, Optional<String>>> KNOWN =
      List.of(
          LoggedCause::missingVariable,
          LoggedCause::placeholder,
          LoggedCause::springBoot,
          LoggedCause::jvmOutOfMemory,
          LoggedCause::unknownHost);

  private LoggedCause() {}

  static Optional<String> of(Evidence evidence) {
    return KNOWN.stream().map(known -> known.apply(evidence)).flatMap(Optional::stream).findFirst();
  }

  private static Optional<String> missingVariable(Evidence evidence) {
    return lastMatch(MISSING_VARIABLE, evidence.log())
        .map(
            match ->
                "it needs the environment variable "
                    + match.group(1)
                    + ", which has no value (set it under environment in the compose file)");
  }

  private static Optional<String> placeholder(Evidence evidence) {
    return lastMatch(List.of(PLACEHOLDER), evidence.log())
        .map(
            match ->
                "the property "
                    + match.group(1)
                    + " has no value: set the environment variable "
                    + variableOf(match.group(1))
                    + " in the compose file");
  }

  /** Spring Boot's relaxed binding. */
  private static String variableOf(String property) {
    return property
        .replace("-", "")
        .replaceAll("[^A-Za-z0-9]+", "_")
        .replaceAll("_$", "")
        .toUpperCase(Locale.ROOT);
  }

  private static Optional<String> springBoot(Evidence evidence) {
    return lastMatch(SPRING_BOOT, evidence.log())
        .map(
            match ->
                "Spring Boot says: "
                    + oneLine(match.group(1))
                    + (match.group(2).isEmpty() ? "" : " Action: " + oneLine(match.group(2))));
  }

  private static Optional<String> jvmOutOfMemory(Evidence evidence) {
    return lastMatch(List.of(JVM_OUT_OF_MEMORY), evidence.log())
        .map(
            match ->
                "its JVM ran out of memory (OutOfMemoryError"
                    + (match.group(1) == null ? ")" : ": " + oneLine(match.group(1)) + ")"));
  }

  private static Optional<String> unknownHost(Evidence evidence) {
    return lastMatch(UNKNOWN_HOST, evidence.log())
        .map(match -> match.group(1))
        .map(
            host ->
                "it cannot find the host "
                    + host
                    + (evidence.services().contains(host) && !host.equals(evidence.service())
                        ? ": service " + host + " is not running, or shares no network with it"
                        : ", which is not a service in the compose file"));
  }
}
