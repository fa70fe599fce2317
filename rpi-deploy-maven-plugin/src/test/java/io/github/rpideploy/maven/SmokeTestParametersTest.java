package io.github.rpideploy.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.TestSpec;
import io.github.rpideploy.smoke.BodyMatch;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.codehaus.plexus.classworlds.ClassWorld;
import org.codehaus.plexus.classworlds.realm.ClassRealm;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;
import org.codehaus.plexus.configuration.xml.XmlPlexusConfiguration;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmokeTestParametersTest {

  /** As the parameters of a goal hold them. */
  static final class Holder {
    @Nullable List<SmokeTestParameters> smokeTests;
  }

  @Test
  void nothing_said_is_no_test() throws Exception {
    assertThat(specs("<smokeTest/>")).isEmpty();
  }

  @Test
  void Maven_reads_several_tests_from_a_POM() throws Exception {
    assertThat(
            specs(
                """
                <smokeTest>
                  <path>/health</path>
                  <port>8081</port>
                  <status>204</status>
                  <via>direct</via>
                  <headers>
                    Authorization: Bearer a:b
                    Accept: text/plain
                  </headers>
                  <body>UP</body>
                  <json>/status=UP</json>
                </smokeTest>
                <smokeTest><tcp>1883</tcp></smokeTest>
                <smokeTest><command>pg_isready</command><tcp>db:5432</tcp></smokeTest>"""))
        .containsExactly(
            new TestSpec.Http(
                null,
                "/health",
                8081,
                204,
                true,
                Map.of("Authorization", "Bearer a:b", "Accept", "text/plain"),
                List.of(new BodyMatch.Contains("UP"), BodyMatch.hasValue("/status=UP"))),
            new TestSpec.Tcp(null, 1883, false),
            new TestSpec.Tcp("db", 5432, false),
            new TestSpec.InContainer("pg_isready"));
  }

  @Test
  void an_IPv6_address_may_stand_in_brackets() throws Exception {
    assertThat(specs("<smokeTest><tcp>[::1]:80</tcp></smokeTest>"))
        .containsExactly(new TestSpec.Tcp("::1", 80, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tcp>mqtt</tcp>",
        "<tcp>:1883</tcp>",
        "<tcp>pi:</tcp>",
        "<tcp>1883</tcp><via>pigeon</via>",
        "<path>/</path><headers>s3cr3t</headers>",
        "<path>/</path><json>status</json>",
        "<path>/</path><bodyRegex>(</bodyRegex>",
        "<body>UP</body>",
        "<tcp>1883</tcp><headers>A: s3cr3t</headers>"
      })
  void what_makes_no_sense_is_refused_and_no_header_is_shown(String said) {
    assertThatThrownBy(() -> specs("<smokeTest>" + said + "</smokeTest>"))
        .isInstanceOf(DeployException.class)
        .hasMessageNotContaining("s3cr3t");
  }

  private static List<TestSpec> specs(String xml) throws Exception {
    Holder holder = new Holder();
    ClassLoader ours = SmokeTestParametersTest.class.getClassLoader();
    ClassRealm realm = new ClassWorld("test", ours).getRealm("test");
    new BasicComponentConfigurator()
        .configureComponent(
            holder,
            new XmlPlexusConfiguration(
                Xpp3DomBuilder.build(
                    new StringReader(
                        "<configuration><smokeTests>" + xml + "</smokeTests></configuration>"))),
            realm);
    List<SmokeTestParameters> tests = holder.smokeTests;
    assertThat(tests).isNotNull();
    return tests == null
        ? List.of()
        : tests.stream().flatMap(test -> test.specs().stream()).toList();
  }
}
