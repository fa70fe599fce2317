package io.github.rpideploy.maven.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.junit.jupiter.api.Test;

class OwnPomTest {

  @Test
  void an_empty_element_of_the_module_itself_turns_a_parameter_off() throws Exception {
    assertThat(empties("<configuration><smokePath/></configuration>")).isTrue();
    assertThat(empties("<configuration><smokePath> </smokePath></configuration>")).isTrue();
    assertThat(
            empties(
                "<executions><execution><configuration><smokePath/></configuration>"
                    + "</execution></executions>"))
        .isTrue();
  }

  @Test
  void one_with_a_value_or_none_at_all_does_not() throws Exception {
    assertThat(empties("<configuration><smokePath>/</smokePath></configuration>")).isFalse();
    assertThat(empties("<configuration><smokeTcp/></configuration>")).isFalse();
    assertThat(empties("")).isFalse();
    assertThat(
            empties(
                "<configuration><smokePath/></configuration><executions><execution><configuration>"
                    + "<smokePath>/x</smokePath></configuration></execution></executions>"))
        .isFalse();
  }

  @Test
  void a_project_without_a_POM_has_none() {
    assertThat(OwnPom.empties(new MavenProject(), "smokePath")).isFalse();
  }

  private static boolean empties(String plugin) throws IOException, XmlPullParserException {
    MavenProject project = new MavenProject();
    project.setOriginalModel(
        new MavenXpp3Reader()
            .read(
                new StringReader(
                    "<project><build><plugins><plugin>"
                        + "<artifactId>rpi-deploy-maven-plugin</artifactId>"
                        + plugin
                        + "</plugin></plugins></build></project>")));
    return OwnPom.empties(project, "smokePath");
  }
}
