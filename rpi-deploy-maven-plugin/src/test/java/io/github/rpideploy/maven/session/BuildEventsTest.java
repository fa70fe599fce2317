package io.github.rpideploy.maven.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.execution.AbstractExecutionListener;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BuildEventsTest {

  private final List<String> heard = new ArrayList<>();

  private final ExecutionListener mavens =
      new AbstractExecutionListener() {
        @Override
        public void projectStarted(ExecutionEvent event) {
          heard.add("a module begins");
        }

        @Override
        public void sessionEnded(ExecutionEvent event) {
          heard.add("Maven sums up");
        }
      };

  private final MavenExecutionRequest request =
      new DefaultMavenExecutionRequest().setExecutionListener(mavens);

  @Test
  void it_comes_before_Maven_sums_up_and_only_then() {
    BuildEvents.atEnd(request, result -> heard.add("the end"));

    request.getExecutionListener().projectStarted(event());
    request.getExecutionListener().sessionEnded(event());

    assertThat(heard).containsExactly("a module begins", "the end", "Maven sums up");
  }

  @Test
  void Mavens_listener_hears_of_the_end_also_when_ours_fails_and_is_in_its_place_again() {
    BuildEvents.atEnd(
        request,
        result -> {
          throw new IllegalStateException("cannot end");
        });

    assertThatThrownBy(() -> request.getExecutionListener().sessionEnded(event()))
        .hasMessage("cannot end");

    assertThat(heard).containsExactly("Maven sums up");
    assertThat(request.getExecutionListener()).isSameAs(mavens);
  }

  @Test
  void each_goal_is_heard_of_before_it_runs_also_by_a_second_listener() {
    BuildEvents.atEachGoal(request, event -> heard.add("a goal, early"));
    BuildEvents.atEnd(request, result -> heard.add("the end"));

    request.getExecutionListener().mojoStarted(event());
    request.getExecutionListener().projectStarted(event());
    request.getExecutionListener().sessionEnded(event());

    assertThat(heard)
        .containsExactly("a goal, early", "a module begins", "the end", "Maven sums up");
    assertThat(request.getExecutionListener()).isSameAs(mavens);
  }

  @Test
  void a_build_without_a_listener_ends_too() {
    request.setExecutionListener(null);
    BuildEvents.atEnd(request, result -> heard.add("the end"));

    request.getExecutionListener().sessionEnded(event());

    assertThat(heard).containsExactly("the end");
  }

  @SuppressWarnings("deprecation") // the only one that needs no container
  private ExecutionEvent event() {
    MavenSession session = new MavenSession(null, null, request, new DefaultMavenExecutionResult());
    return new ExecutionEvent() {
      @Override
      public Type getType() {
        return Type.SessionEnded;
      }

      @Override
      public MavenSession getSession() {
        return session;
      }

      @Override
      public @Nullable MavenProject getProject() {
        return null;
      }

      @Override
      public @Nullable MojoExecution getMojoExecution() {
        return null;
      }

      @Override
      public @Nullable Exception getException() {
        return null;
      }
    };
  }
}
