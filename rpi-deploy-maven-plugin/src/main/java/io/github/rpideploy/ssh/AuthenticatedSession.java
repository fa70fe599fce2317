package io.github.rpideploy.ssh;

import org.apache.sshd.client.session.ClientSession;

/**
 * A session on which commands can run.
 *
 * @param authentication the key or password that the server accepted, for the user
 * @param ending ends the connection, its threads, and the connections that it goes through
 */
record AuthenticatedSession(
    ClientSession session, SessionWatch watch, String authentication, Runnable ending) {

  void end() {
    ending.run();
  }
}
