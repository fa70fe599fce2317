package io.github.rpideploy.smoke;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/** Why a request got no answer, in a few words. */
final class NoAnswer {

  /** HttpClient puts this before the message of the socket. */
  private static final String FAILED = " failed: ";

  private NoAnswer() {}

  static String timeout(SmokeTest.Http test) {
    long millis = test.timeout().toMillis();
    String limit = millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    return "no answer within " + limit;
  }

  static String reason(SmokeTest.Http test, @Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure instanceof SocketTimeoutException) {
      return timeout(test);
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return notConnected(test, String.valueOf(failure.getMessage()));
    }
    if (failure instanceof UnknownHostException) {
      return "cannot resolve the host " + test.url().getHost();
    }
    if (failure instanceof SSLException) {
      return "TLS problem: " + innermost(failure);
    }
    if (failure instanceof NoHttpResponseException) {
      return "the connection was closed without an answer";
    }
    return failure instanceof IOException
        ? "the connection was lost: " + innermost(failure)
        : String.valueOf(failure);
  }

  private static String notConnected(SmokeTest.Http test, String message) {
    int start = message.indexOf(FAILED);
    String reason = start < 0 ? message : message.substring(start + FAILED.length());
    // The tunnel's own message already says where, and as seen from which machine.
    return test.tunnelled() ? reason : reason.toLowerCase(Locale.ROOT) + " at " + test.address();
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause().getMessage() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
