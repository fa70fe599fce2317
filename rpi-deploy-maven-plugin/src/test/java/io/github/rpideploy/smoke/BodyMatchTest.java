package io.github.rpideploy.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyMatchTest {

  private static final String BODY =
      "{\"status\":\"UP\",\"a/b\":{\"m~n\":[1,2.0,true,null,{\"\":\"x=y\"}]},\"list\":[]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status=UP",
        "/status = UP ",
        "/a~1b/m~0n/0=1",
        "/a~1b/m~0n/1=2.0",
        "/a~1b/m~0n/2=true",
        "/a~1b/m~0n/3=null",
        "/a~1b/m~0n/4/=x=y",
        "/list=[]"
      })
  void a_value_is_found_where_its_pointer_says(String said) {
    assertThat(BodyMatch.hasValue(said).mismatch(BODY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /status=DOWN    | does not have DOWN at /status
          /nothing=1      | has nothing at /nothing
          /a~1b/m~0n/5=1  | has nothing at /a~1b/m~0n/5
          /a~1b/m~0n/00=1 | has nothing at /a~1b/m~0n/00
          /a~1b/m~0n/-=1  | has nothing at /a~1b/m~0n/-
          /status/x=1     | has nothing at /status/x
          """)
  void another_value_or_none_does_not_match(String said, String why) {
    assertThat(BodyMatch.hasValue(said).mismatch(BODY)).contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>", "{\"status\":", "\"UP\" \"UP\"", "{status: UP}", "{\"status\":\"UP\"},"})
  void a_body_that_is_not_JSON_does_not_match(String body) {
    assertThat(BodyMatch.hasValue("/status=UP").mismatch(body)).contains("is not JSON");
  }

  @Test
  void an_empty_body_is_reported_as_empty() {
    assertThat(BodyMatch.hasValue("/status=UP").mismatch(" ")).contains("is empty");
  }

  @Test
  void a_text_matches_literally_and_a_regular_expression_matches_a_part() {
    assertThat(new BodyMatch.Contains("U.").mismatch(BODY)).contains("does not contain U.");
    assertThat(new BodyMatch.Contains("UP").mismatch(BODY)).isEmpty();
    assertThat(BodyMatch.matches("\"U.\"").mismatch(BODY)).isEmpty();
    assertThat(BodyMatch.matches("^UP").mismatch(BODY)).contains("does not match ^UP");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status=UP", "/status", "", "=UP"})
  void something_else_than_a_pointer_and_a_value_is_refused_with_an_example(String said) {
    assertThatThrownBy(() -> BodyMatch.hasValue(said))
        .isInstanceOfSatisfying(
            DeployException.class, e -> assertThat(e.hint()).contains("/status=UP"));
  }

  @Test
  void an_invalid_regular_expression_is_refused() {
    assertThatThrownBy(() -> BodyMatch.matches("(UP"))
        .isInstanceOf(DeployException.class)
        .hasMessageContaining("(UP (Unclosed group)");
  }

  @ParameterizedTest
  @CsvSource({"'a b',x", "'',x", "'X:',x", "X,'a\nSet-Cookie: b'"})
  void headers_that_would_break_the_request_are_refused_without_showing_their_values(
      String name, String value) {
    SmokeTest.Http test = SmokeTest.http("http://pi/", 200, true, Duration.ofSeconds(1));
    assertThatThrownBy(() -> test.withHeaders(Map.of(name, value)))
        .isInstanceOf(DeployException.class)
        .hasMessageStartingWith("A smoke test cannot send this header: ")
        .hasMessageNotContaining("Set-Cookie");
  }
}
