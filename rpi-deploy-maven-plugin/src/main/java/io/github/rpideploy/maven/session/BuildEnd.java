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
 * Hears that a build has ended. Maven tells that only to build extensions and to the one listener
 * of the request, so this one takes its place and passes every call on.
 */
public final class BuildEnd {

  private BuildEnd() {}

  /**
   * Hears that the build has ended.
   *
   * @param ended is called when the build has ended, before Maven sums it up; the listener that was
   *     there hears of it whether this fails or not
   */
  public static void of(MavenExecutionRequest request, Consumer<MavenExecutionResult> ended) {
    ExecutionListener before = request.getExecutionListener();
    request.setExecutionListener(
        (ExecutionListener)
            Proxy.newProxyInstance(
                BuildEnd.class.getClassLoader(),
                new Class<?>[] {ExecutionListener.class},
                (proxy, method, arguments) -> {
                  try {
                    if (method.getName().equals("sessionEnded")) {
                      request.setExecutionListener(before);
                      ended.accept(((ExecutionEvent) arguments[0]).getSession().getResult());
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
