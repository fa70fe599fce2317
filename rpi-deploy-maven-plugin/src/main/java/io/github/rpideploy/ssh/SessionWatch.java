package io.github.rpideploy.ssh;

import io.github.rpideploy.PlainText;
import java.io.EOFException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.jspecify.annotations.Nullable;

/**
 * Records how far a connection came and why it ended, which MINA tells only to listeners. What the
 * other side says is kept as one plain line: nobody knows yet who it is.
 */
final class SessionWatch implements SessionListener {

  private static final String CLOSED = "the other side closed it";

  /** What a message of one line can hold, in characters. */
  private static final int SHOWN = 300;

  private final CompletableFuture<Void> keyExchange = new CompletableFuture<>();
  private volatile boolean speaksSsh;
  private volatile @Nullable String firstLine;
  private volatile @Nullable String end;

  /** Completes when keys are exchanged and the host key is accepted; fails otherwise. */
  CompletableFuture<Void> keyExchange() {
    return keyExchange;
  }

  /** Whether the other side has said that it speaks SSH. */
  boolean speaksSsh() {
    return speaksSsh;
  }

  /** What the other side said first. */
  @Nullable String firstLine() {
    return firstLine;
  }

  /** Why the connection ended, if known. */
  String end() {
    String known = end;
    return known == null ? CLOSED : known;
  }

  @Override
  public void sessionPeerIdentificationLine(Session session, String line, List<String> earlier) {
    if (firstLine == null) {
      firstLine = PlainText.line(line, SHOWN);
    }
  }

  @Override
  public void sessionPeerIdentificationReceived(
      Session session, @Nullable String version, List<String> earlier) {
    speaksSsh |= version != null && !version.isEmpty();
  }

  @Override
  public void sessionEvent(Session session, Event event) {
    if (event == Event.KeyEstablished) {
      keyExchange.complete(null);
    }
  }

  @Override
  public void sessionDisconnect(
      Session session, int reason, String text, String language, boolean initiator) {
    ended(text);
  }

  @Override
  public void sessionException(Session session, Throwable failure) {
    ended(failure.getMessage());
    keyExchange.completeExceptionally(failure);
  }

  @Override
  public void sessionClosed(Session session) {
    keyExchange.completeExceptionally(new EOFException(end()));
  }

  /** The first reason is the real one; later ones are its consequences. */
  private synchronized void ended(@Nullable String reason) {
    if (end == null && reason != null && !reason.isBlank()) {
      if (reason.contains("heartbeat")) {
        end = "it gave no sign of life";
      } else if (reason.equals("Broken pipe") || reason.startsWith("Connection reset")) {
        end = CLOSED;
      } else {
        end = PlainText.line(reason.strip(), SHOWN);
      }
    }
  }
}
