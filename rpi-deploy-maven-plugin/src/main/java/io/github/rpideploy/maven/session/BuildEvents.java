package io.github.rpideploy.maven.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenExecutionResult;

/**
 * Hears what happens in a build. Maven tells that only to the one listener of the request, so this
 * one takes its place and passes every call on.
 */
public final class BuildEvents {

  private static final String END = "sessionEnded";

  private BuildEvents() {}

  /**
   * Hears that the build has ended.
   *
   * @param ended is called when the build has ended, before Maven sums it up; the listener that was
   *     there hears of it whether this fails or not
   */
  public static void atEnd(MavenExecutionRequest request, Consumer<MavenExecutionResult> ended) {
    listen(request, END, event -> ended.accept(event.getSession().getResult()));
  }

  /**
   * Hears of each goal.
   *
   * @param started is called before each goal runs; must not fail
   */
  public static void atEachGoal(MavenExecutionRequest request, Consumer<ExecutionEvent> started) {
    listen(request, "mojoStarted", started);
  }

  private static void listen(
      MavenExecutionRequest request, String what, Consumer<ExecutionEvent> heard) {
    ExecutionListener before = request.getExecutionListener();
    request.setExecutionListener(
        (ExecutionListener)
            Proxy.newProxyInstance(
                BuildEvents.class.getClassLoader(),
                new Class<?>[] {ExecutionListener.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals(END)) {
                    request.setExecutionListener(before);
                  }
                  try {
                    if (method.getName().equals(what)) {
                      heard.accept((ExecutionEvent) arguments[0]);
                    }
                  } finally {
                    if (before != null) {
                      pass(before, method, arguments);
                    }
                  }
                  return null;
                }));
  }

  private static void pass(ExecutionListener listener, Method method, Object[] arguments)
      throws Throwable {
    try {
      method.invoke(listener, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
