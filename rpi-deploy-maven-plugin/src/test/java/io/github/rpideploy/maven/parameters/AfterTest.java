package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Properties;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.junit.jupiter.api.Test;

class AfterTest {

  private static final Properties NOTHING = new Properties();

  @Test
  void a_list_and_names_with_commas_are_the_same() throws Exception {
    assertThat(After.of(plugin("<after><service>a</service><service> b </service></after>")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("a", "b"));
    assertThat(After.of(plugin("<after>a, b,</after>")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("a", "b"));
  }

  @Test
  void an_empty_one_says_none_and_a_missing_one_says_nothing() throws Exception {
    assertThat(After.of(plugin("<after/>"), said("a"))).hasValueSatisfying(this::isEmpty);
    assertThat(After.of(plugin(""), said(""))).hasValueSatisfying(this::isEmpty);
    assertThat(After.of(plugin(""), NOTHING, NOTHING)).isEmpty();
    assertThat(After.of(List.of(new Plugin()), NOTHING)).isEmpty();
  }

  @Test
  void the_pom_goes_before_the_user_and_the_user_before_the_modules_properties() throws Exception {
    assertThat(After.of(plugin("<after>pom</after>"), said("user"), said("module")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("pom"));
    assertThat(After.of(plugin(""), said("user"), said("module")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("user"));
    assertThat(After.of(plugin(""), NOTHING, said("module")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("module"));
  }

  @Test
  void an_execution_may_say_it_too() throws Exception {
    PluginExecution execution = new PluginExecution();
    execution.setConfiguration(configuration("<after>a</after>"));

    assertThat(After.of(List.of(new Plugin(), execution), said("user")))
        .hasValueSatisfying(names -> assertThat(names).containsExactly("a"));
  }

  private void isEmpty(Iterable<String> names) {
    assertThat(names).isEmpty();
  }

  private static Properties said(String after) {
    Properties properties = new Properties();
    properties.setProperty("rpi.after", after);
    return properties;
  }

  private static List<Plugin> plugin(String configuration) throws Exception {
    Plugin plugin = new Plugin();
    plugin.setConfiguration(configuration(configuration));
    return List.of(plugin);
  }

  private static Xpp3Dom configuration(String text) throws Exception {
    return Xpp3DomBuilder.build(new StringReader("<configuration>" + text + "</configuration>"));
  }
}
