package io.github.rpideploy.smoke;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.RemoteHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Sends the HTTP requests of smoke tests. Every attempt is one request on a connection of its own:
 * nothing is retried, followed or remembered, so an outcome is about this moment and this URL only.
 */
public final class HttpTester {

  private static final String INCOMPLETE = "did not arrive completely";
  private static final int KEPT_BODY = 4096;
  private static final int MATCHED_BODY = 1 << 20;

  private final RemoteHost host;

  /**
   * @param host through which tunnelled tests go
   */
  public HttpTester(RemoteHost host) {
    this.host = host;
  }

  /**
   * Sends one request and waits for its answer, at most for the timeout of the test.
   *
   * @throws DeployException when the waiting thread is interrupted; its flag stays set
   */
  public SmokeOutcome attempt(SmokeTest.Http test) {
    HttpGet request = new HttpGet(test.url());
    test.headers().forEach(request::setHeader);
    AtomicReference<@Nullable SmokeOutcome> known = new AtomicReference<>();
    // A thread of its own: a server that sends a byte now and then never lets a single read time
    // out.
    FutureTask<SmokeOutcome> exchange = new FutureTask<>(() -> exchange(test, request, known));
    Thread thread = new Thread(exchange, "rpi-deploy smoke test of " + test.address());
    thread.setDaemon(true);
    thread.start();
    try {
      return exchange.get(test.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      SmokeOutcome answered = known.get();
      return answered == null ? noAnswer(test, NoAnswer.timeout(test)) : answered;
    } catch (ExecutionException e) {
      return noAnswer(test, NoAnswer.reason(test, e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeployException(
          "The smoke test of " + test.url() + " was interrupted", "Run it again", e);
    } finally {
      request.abort();
      exchange.cancel(true);
    }
  }

  private SmokeOutcome exchange(
      SmokeTest.Http test, HttpGet request, AtomicReference<@Nullable SmokeOutcome> known)
      throws IOException {
    CloseableHttpClient client = HttpClients.once(test, host);
    try {
      ClassicHttpResponse response = client.executeOpen(null, request, null);
      int status = response.getCode();
      if (status != test.expectedStatus()) {
        known.set(otherStatus(test, status, ""));
        return otherStatus(test, status, bodyStart(response.getEntity(), KEPT_BODY).text);
      }
      if (!test.body().isEmpty()) {
        known.set(otherBody(test, INCOMPLETE, ""));
        BodyStart body = bodyStart(response.getEntity(), MATCHED_BODY);
        String start = body.text.substring(0, Math.min(body.text.length(), KEPT_BODY));
        for (BodyMatch match : test.body()) {
          Optional<String> mismatch = match.mismatch(body.text);
          if (mismatch.isPresent()) {
            return otherBody(test, body.isWhole ? mismatch.get() : INCOMPLETE, start);
          }
        }
      }
      return SmokeOutcome.passed(test.shown() + " answered " + status);
    } finally {
      // Ends the connection; closing the response would first read the rest of its body.
      client.close(CloseMode.IMMEDIATE);
    }
  }

  private static SmokeOutcome otherStatus(SmokeTest.Http test, int status, String bodyStart) {
    return SmokeOutcome.failed(
        test.shown() + " answers " + status + ", not " + test.expectedStatus(),
        withoutHeaders(bodyStart, test));
  }

  private static SmokeOutcome otherBody(SmokeTest.Http test, String mismatch, String bodyStart) {
    return SmokeOutcome.failed(
        test.shown() + " answers " + test.expectedStatus() + ", but its body " + mismatch,
        withoutHeaders(bodyStart, test));
  }

  private static SmokeOutcome noAnswer(SmokeTest.Http test, String reason) {
    return SmokeOutcome.failed(test.shown() + ": " + reason, "");
  }

  /** Replaces what was sent in headers: a service may quote the token it has refused. */
  private static String withoutHeaders(String body, SmokeTest.Http test) {
    String text = body;
    for (Map.Entry<String, String> header : test.headers().entrySet()) {
      for (String word : header.getValue().split("\\s+", -1)) {
        text = word.length() > 3 ? text.replace(word, "[" + header.getKey() + "]") : text;
      }
    }
    return text;
  }

  /**
   * @param isWhole whether it arrived up to the limit or its end
   */
  private record BodyStart(String text, boolean isWhole) {}

  private static BodyStart bodyStart(@Nullable HttpEntity entity, int limit) throws IOException {
    InputStream body = entity == null ? null : entity.getContent();
    if (entity == null || body == null) {
      return new BodyStart("", true);
    }
    byte[] start = new byte[limit];
    int size = 0;
    boolean whole = true;
    try {
      for (int n = 0; n >= 0 && size < start.length; size += Math.max(n, 0)) {
        n = body.read(start, size, start.length - size);
      }
    } catch (IOException e) {
      // The status is what counts; an incomplete body is shown as far as it arrived.
      whole = false;
    }
    return new BodyStart(new String(start, 0, size, charset(entity)), whole);
  }

  private static Charset charset(HttpEntity entity) {
    try {
      ContentType type = ContentType.parse(entity.getContentType());
      return type == null ? StandardCharsets.UTF_8 : type.getCharset(StandardCharsets.UTF_8);
    } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
