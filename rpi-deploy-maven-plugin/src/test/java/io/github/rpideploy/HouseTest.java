package io.github.rpideploy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the house and the only arrows between them; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.github.rpideploy", importOptions = DoNotIncludeTests.class)
class HouseTest {

  @ArchTest
  static final ArchRule only_the_allowed_arrows_lead_from_room_to_room =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("maven")
          .definedBy("..rpideploy.maven..")
          .layer("deploy")
          .definedBy("..rpideploy.deploy..")
          .layer("image")
          .definedBy("..rpideploy.image..")
          .layer("docker")
          .definedBy("..rpideploy.docker..")
          .layer("remote")
          .definedBy("..rpideploy.remote..")
          .layer("ssh")
          .definedBy("..rpideploy.ssh..")
          .layer("smoke")
          .definedBy("..rpideploy.smoke..")
          .layer("report")
          .definedBy("..rpideploy.report..")
          .whereLayer("maven")
          .mayOnlyAccessLayers("deploy", "ssh", "smoke", "report")
          .whereLayer("deploy")
          .mayOnlyAccessLayers("image", "docker", "remote", "smoke", "report")
          .whereLayer("docker")
          .mayOnlyAccessLayers("remote")
          .whereLayer("ssh")
          .mayOnlyAccessLayers("remote", "report")
          .whereLayer("smoke")
          .mayOnlyAccessLayers("remote")
          .whereLayer("image")
          .mayNotAccessAnyLayer()
          .whereLayer("remote")
          .mayNotAccessAnyLayer()
          .whereLayer("report")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule only_maven_sees_Maven =
      noClasses()
          .that(resideInAPackage("..rpideploy..").and(outside("maven")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.maven..", "org.codehaus.plexus..", "org.eclipse.aether..");

  @ArchTest
  static final ArchRule only_ssh_sees_MINA =
      noClasses()
          .that(resideInAPackage("..rpideploy..").and(outside("ssh")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.sshd..");

  @ArchTest
  static final ArchRule only_smoke_sees_HttpClient =
      noClasses()
          .that(resideInAPackage("..rpideploy..").and(outside("smoke")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hc..");

  private static com.tngtech.archunit.base.DescribedPredicate<
          com.tngtech.archunit.core.domain.JavaClass>
      outside(String room) {
    return com.tngtech.archunit.base.DescribedPredicate.not(
        resideInAnyPackage("..rpideploy." + room + ".."));
  }
}
